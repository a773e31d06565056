"""What every use case is told about who acts, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.links import LinkNotice
from bot.domain.outcomes import SeatNotice
from bot.domain.people import Dismissed, PersonId
from bot.domain.privacy import ForgottenElsewhere

Outcome_co = TypeVar("Outcome_co", covariant=True)


@dataclass(frozen=True)
class Actor:
    """Who acts, from where and when.

    `now` is the instant (UTC) at which the program received the message, `said_at` the one at which
    it counts as said, if the program was away meanwhile. `run` is unique to one
    run of a conversation: the database refuses to carry out a second command with the same one.
    `chat` is the one on that channel in which they do; None is the command line.
    """

    person: PersonId
    channel: str
    now: datetime
    run: str | None = None
    chat: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """Something that another person has to be told, in the same transaction.

    `chat` is channel and chat; None is the one in which they were last heard of. `language` is that
    of a chat that is forgotten by the time it is written to.
    """

    person: PersonId
    what: SeatNotice | LinkNotice | Dismissed | ForgottenElsewhere
    chat: tuple[str, str] | None = None
    language: str | None = None


@dataclass(frozen=True)
class Result(Generic[Outcome_co]):
    """What a command led to, and who else has to hear of it."""

    outcome: Outcome_co
    notices: tuple[Notice, ...] = ()
