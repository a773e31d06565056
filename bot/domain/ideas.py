"""Ideas: what citizens hand in, where it belongs, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.events import EventId

IdeaId = NewType("IdeaId", int)
PictureId = NewType("PictureId", str)


class IdeaKind(StrEnum):
    """What is handed in: a wish for the future or an experience with today's services."""

    IDEA = "idea"
    EXPERIENCE = "experience"


class Pillar(StrEnum):
    """The two pillars of the strategy (press release of 3 August 2020)."""

    CITY = "city"
    ADMINISTRATION = "administration"


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
    """Hand in an idea; without a name it is published without one."""

    kind: IdeaKind
    pillar: Pillar
    text: str
    name: str = ""
    organisation: str = ""
    picture: PictureId | None = None
    event: EventId | None = None
    origin: Origin | None = None


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
