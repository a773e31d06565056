"""What can come of one attempt to send a letter, and who makes it: the edge to a chat network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class Sent:
    """The network has taken the letter, as so many messages."""

    messages: int = 1


@dataclass(frozen=True, slots=True)
class Later:
    """The network asks to wait, with this chat and with `everybody`; it is nobody's failure."""

    after: timedelta
    everybody: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Rejected:
    """The network will never take this letter; the reason names no person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """This person cannot be reached, until they write again; the reason names no person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """The network itself does not answer; the reason names no person."""

    reason: str


Attempt = Sent | Later | Rejected | Gone | Away


class Sender(Protocol):
    """How one network takes letters."""

    channel: str

    async def send(self, letter: Letter) -> Attempt:
        """Try once to send a letter.

        An exception is a fault of the program: it counts against the letter. Whatever is the
        network's fault has to be told as `Away`.
        """
        ...
