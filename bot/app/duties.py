"""What one process does, and what it asks of a chat network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from bot.dialogue.messages import Incoming
from bot.intake import Intake
from bot.store.outbox import Letter
from bot.web.servers import Take

Say = Callable[[str], None]
"""Tells the operator something."""


@dataclass(frozen=True)
class Duties:
    """What one process does: serve the web, fetch messages where no webhook brings them, jobs."""

    serves: bool
    fetches: bool
    keeps_house: bool


ALL = Duties(serves=True, fetches=True, keeps_house=True)
WEB = Duties(serves=True, fetches=False, keeps_house=False)
WORKER = Duties(serves=False, fetches=True, keeps_house=True)


class Network(Protocol):
    """A chat network, put together; to be opened with `async with`."""

    async def __aenter__(self) -> Self:
        """Make ready."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        ...

    def post(self, letters: Sequence[Letter]) -> None:
        """Send those of the letters that are for this network; they are committed."""
        ...

    def reassure(self, incoming: Incoming) -> None:
        """Tell somebody of this network that the answer takes long; the database is not asked."""
        ...

    def takers(self, intake: Intake) -> Mapping[str, Take]:
        """Name the addresses to which the network brings messages, and who takes them there."""
        ...

    async def work(self, intake: Intake, say: Say) -> None:
        """Take messages in and send letters, until cancelled; `leave` ends the first part.

        Raises OperatorError for what the operator has to put right.
        """
        ...

    async def leave(self) -> None:
        """Take nothing more in; to be called before the intake is stopped."""
        ...

    async def stop(self, seconds: float) -> None:
        """Send what can be sent within so many seconds, and leave the rest to others."""
        ...
