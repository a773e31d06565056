"""What the bot has asked for, and what it was told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tests.matrix.faults import matches

KEPT = 20_000
_WITH_TRANSACTIONS = ("send", "sendToDevice", "redact")


@dataclass(frozen=True)
class Call:
    """One request: when, what, and the status of the answer (0: there was none)."""

    at: float
    method: str
    path: str
    status: int

    @property
    def transaction(self) -> str | None:
        """The id by which the homeserver knows that it was asked before."""
        if any(matches(f"PUT {each}", self.method, self.path) for each in _WITH_TRANSACTIONS):
            return self.path.rpartition("/")[2]
        return None


class Calls:
    """The last calls."""

    def __init__(self) -> None:
        self._last: deque[Call] = deque(maxlen=KEPT)

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._last.append(call)

    def __len__(self) -> int:
        return len(self._last)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._last))

    def of(self, wanted: str, *, status: int | None = None) -> list[Call]:
        """Give these requests, named as for faults, with a status."""
        return [
            call
            for call in self
            if matches(wanted, call.method, call.path) and status in {None, call.status}
        ]

    def count(self, wanted: str, *, status: int | None = None) -> int:
        """Count them."""
        return len(self.of(wanted, status=status))

    def refused(self) -> list[Call]:
        """Give the calls that were not answered with 200."""
        return [call for call in self if call.status != 200]

    def clear(self) -> None:
        """Forget them."""
        self._last.clear()
