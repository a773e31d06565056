"""What the bot has asked for, and what it was told."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KEPT = 20_000


@dataclass(frozen=True)
class Call:
    """One request: when, what, and the status of the answer (0: there was none)."""

    at: float
    method: str
    parameters: dict[str, Any]
    status: int
    description: str = ""

    @property
    def chat(self) -> str:
        """The chat that it was about, as it was named."""
        return str(self.parameters.get("chat_id", ""))


class Calls:
    """The last calls, and the number of all."""

    def __init__(self) -> None:
        self._last: deque[Call] = deque(maxlen=KEPT)
        self._counted: Counter[tuple[str, int]] = Counter()

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._last.append(call)
        self._counted[call.method.lower(), call.status] += 1

    def __len__(self) -> int:
        return self._counted.total()

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._last))

    def of(self, method: str, *, chat: int | None = None, status: int | None = None) -> list[Call]:
        """Give the calls of a method, to a chat, with a status."""
        return [
            call
            for call in list(self._last)
            if call.method.lower() == method.lower()
            and (chat is None or call.chat == str(chat))
            and (status is None or call.status == status)
        ]

    def count(self, method: str, *, status: int | None = None) -> int:
        """Count the calls of a method from the beginning."""
        return sum(
            number
            for (name, answered), number in self._counted.copy().items()
            if name == method.lower() and status in {None, answered}
        )

    def refused(self) -> list[Call]:
        """Give the calls that were not answered with 200."""
        return [call for call in list(self._last) if call.status != 200]

    def clear(self) -> None:
        """Forget them."""
        self._last.clear()
        self._counted.clear()
