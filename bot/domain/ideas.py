"""Ideas: what citizens hand in, where it belongs, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.events import Event, EventId

IdeaId = NewType("IdeaId", int)
PictureId = NewType("PictureId", str)


LATE = timedelta(hours=3)
"""How long after its end an event counts as one at which people may still sit: events run late."""

AFTERWARDS = timedelta(days=14)
"""How long after its end the code of an event leads the short way to an idea."""


class IdeaKind(StrEnum):
    """What is handed in: a wish for the future or an experience with today's services."""

    IDEA = "idea"
    EXPERIENCE = "experience"


class Pillar(StrEnum):
    """The two pillars of the strategy (press release of 3 August 2020), or none that was named."""

    CITY = "city"
    ADMINISTRATION = "administration"
    UNKNOWN = "unknown"


PILLARS = (Pillar.CITY, Pillar.ADMINISTRATION)
"""Those that an event can be about."""


class Origin(StrEnum):
    """From where somebody took part in the event to which an idea belongs."""

    ROOM = "room"
    SCREEN = "screen"


class IdeaState(StrEnum):
    """How far an idea has come."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class HandIn:
    """Hand in an idea; without a name it is published without one.

    `further` are ideas that were typed meanwhile, to be asked about next.
    """

    kind: IdeaKind
    pillar: Pillar
    text: str
    name: str = ""
    organisation: str = ""
    picture: PictureId | None = None
    event: EventId | None = None
    origin: Origin | None = None
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class AmendIdea:
    """Change one's own idea while nobody has worked on it; None leaves a detail as it is."""

    idea: IdeaId
    text: str | None = None
    pillar: Pillar | None = None
    name: str | None = None
    picture: PictureId | None = None


@dataclass(frozen=True)
class WithdrawIdea:
    """Take back one's own idea."""

    idea: IdeaId


@dataclass(frozen=True)
class HandedIn:
    """An idea was stored; `reference` is what its author may quote ("CR-2026-0001")."""

    idea: IdeaId
    reference: str
    event: EventId | None


@dataclass(frozen=True)
class IdeaAmended:
    """An idea was changed; `text` is what it says now."""

    idea: IdeaId
    reference: str
    text: str


@dataclass(frozen=True)
class IdeaWithdrawn:
    """An idea was taken back."""

    reference: str


@dataclass(frozen=True)
class IdeaNotThere:
    """There is no such idea of this person any more."""


@dataclass(frozen=True)
class Idea:
    """An idea as its author or staff read it; `created_at` is UTC."""

    id: IdeaId
    reference: str
    kind: IdeaKind
    pillar: Pillar
    text: str
    state: IdeaState
    created_at: datetime
    name: str = ""
    organisation: str = ""
    has_picture: bool = False
    event_slug: str = ""
    origin: Origin | None = None


def is_evening(event: Event, now: datetime) -> bool:
    """Tell whether people may sit in the room or at the stream right now."""
    return not event.cancelled and event.starts_at <= now < event.ends_at + LATE


def is_fresh(event: Event, now: datetime) -> bool:
    """Tell whether an event has begun, and is not so long ago that nobody remembers it."""
    return not event.cancelled and event.starts_at <= now < event.ends_at + AFTERWARDS
