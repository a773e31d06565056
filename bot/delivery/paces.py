"""How fast bulk letters may go and those of one chat, and how long to wait before another try."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
_MOST_DOUBLINGS = 10


class Pace:
    """An even pace: so many in a second, and never two at once."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Say for how many seconds the next one has to wait."""
        return max(0.0, self._next - now)

    def step(self, now: float) -> None:
        """Count one that goes now."""
        self._next = max(now, self._next) + self._gap


@dataclass(frozen=True)
class ChatLimit:
    """How many messages one chat gets: so many at once, then so many in a second."""

    at_once: int
    per_second: float


class ChatPaces:
    """The pace of each chat, its own: whoever is sent a lot waits, and nobody else does."""

    def __init__(self, limit: ChatLimit | None) -> None:
        self._limit = limit
        self._even_at: OrderedDict[str, float] = OrderedDict()
        """When each chat would be through with its messages, at its pace."""

    def __len__(self) -> int:
        """Count the chats that were sent something lately."""
        return len(self._even_at)

    def sent(self, chat: str, messages: int, now: float) -> float:
        """Count messages that went to a chat; says for how many seconds the next one waits."""
        if self._limit is None:
            return 0.0
        self._forget(now)
        even_at = max(now, self._even_at.get(chat, 0.0)) + messages / self._limit.per_second
        self._note(chat, even_at)
        return max(0.0, even_at - self._reach - now)

    def used_up(self, chat: str, now: float) -> None:
        """Note that the network finds a chat too fast: what it may get at once is used up."""
        if self._limit is not None:
            self._note(chat, max(now + self._reach, self._even_at.get(chat, 0.0)))

    @property
    def _reach(self) -> float:
        """Say for how many seconds a pace may be ahead."""
        limit = self._limit
        return 0.0 if limit is None else (limit.at_once - 1) / limit.per_second

    def _note(self, chat: str, even_at: float) -> None:
        self._even_at[chat] = even_at
        self._even_at.move_to_end(chat)

    def _forget(self, now: float) -> None:
        while self._even_at and next(iter(self._even_at.values())) <= now:
            self._even_at.popitem(last=False)


def pause(failures: int) -> float:
    """Say how many seconds to wait after the first, second, ... failure in a row."""
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    return min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)
