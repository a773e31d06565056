"""Civic events and the places that one can take at them, as staff describe them in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

EventId = NewType("EventId", int)
PlaceId = NewType("PlaceId", int)

FILL_FROM = timedelta(hours=24)
"""How long before the start free seats stop waiting for a group that is first in line."""


@dataclass(frozen=True)
class LocalText:
    """A text that staff wrote in several languages; `texts` maps a language to its wording."""

    texts: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(frozenset(self.texts.items()))

    def language_for(self, language: str) -> str:
        """Choose the language to show: this one, its base ("de" for "de@leicht"), German, any."""
        for candidate in (language, language.partition("@")[0], "de"):
            if candidate in self.texts:
                return candidate
        return next(iter(self.texts))

    def in_language(self, language: str) -> str:
        """Give the wording for readers of a language."""
        return self.texts[self.language_for(language)]


class PlaceKind(StrEnum):
    """How one takes part: from where, and whether cameras see it."""

    ROOM = "room"
    ROOM_WITHOUT_CAMERA = "room_without_camera"
    ONLINE = "online"
    STREAM = "stream"


@dataclass(frozen=True)
class ConsentTerms:
    """The exact wording that somebody agrees to; the German one is binding.

    `guardian` is what a parent or guardian says for a child; without it, they say the same.
    """

    slug: str
    version: str
    title: LocalText
    wording: LocalText
    link: str = ""
    guardian: LocalText | None = None

    def for_a_child(self) -> ConsentTerms:
        """Give what a parent or guardian agrees to."""
        return replace(self, wording=self.guardian or self.wording, guardian=None)


@dataclass(frozen=True)
class Place:
    """A way to take part in an event, with seats of its own.

    `capacity` is None where nobody has to register (a public stream) or nobody is turned away.
    `deadline` is the first instant (UTC) at which registration is closed.
    """

    id: PlaceId
    slug: str
    kind: PlaceKind
    title: LocalText
    capacity: int | None
    deadline: datetime
    consents: tuple[ConsentTerms, ...] = ()
    note: LocalText | None = None
    link: str = ""
    registration: bool = True

    def __hash__(self) -> int:
        return self.id  # quick, for dictionaries; what is equal in this is compared in full


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks at an event, and what about."""

    name: str
    role: LocalText
    topic: LocalText | None = None


@dataclass(frozen=True)
class Venue:
    """Where an event is, for a map; degrees of WGS 84."""

    name: str
    address: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Event:
    """A civic event; instants are UTC, `zone` gives the wall time that people read."""

    id: EventId
    slug: str
    revision: int
    keyword: str
    title: LocalText
    summary: LocalText
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    places: tuple[Place, ...]
    programme: tuple[LocalText, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    venue: Venue | None = None
    stream: str = ""
    telephone: str = ""
    email: str = ""
    cost: LocalText | None = None
    fill_from: timedelta = FILL_FROM
    cancelled: bool = False
    pillars: tuple[str, ...] = field(default=())

    def __hash__(self) -> int:
        return self.id  # as above

    def place(self, slug: str) -> Place | None:
        """Find a place by its slug."""
        return next((place for place in self.places if place.slug == slug), None)

    def place_by_id(self, place_id: PlaceId) -> Place | None:
        """Find a place by its id."""
        return next((place for place in self.places if place.id == place_id), None)

    def local(self, instant: datetime) -> datetime:
        """Give an instant as the wall time of this event."""
        return instant.astimezone(self.zone)

    def is_running(self, now: datetime) -> bool:
        """Tell whether the event is under way."""
        return not self.cancelled and self.starts_at <= now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        """Tell whether the event has ended."""
        return now >= self.ends_at

    def fills_gaps(self, now: datetime) -> bool:
        """Tell whether free seats no longer wait for a large group at the head of the line."""
        return now >= self.starts_at - self.fill_from


@dataclass(frozen=True)
class Occupancy:
    """How full a place is at the moment of a snapshot; `waiting` counts people, not groups.

    `passed_over` are those of them who cannot be seated now, and whom others pass.
    """

    taken: int = 0
    waiting: int = 0
    passed_over: int = 0

    def free(self, place: Place) -> int | None:
        """Count the seats that a newcomer could have; None is "as many as you like"."""
        if place.capacity is None:
            return None
        return max(0, place.capacity - self.taken - (self.waiting - self.passed_over))

    def empty(self, place: Place) -> int | None:
        """Count the seats that nobody has, though somebody may be waiting for them."""
        return None if place.capacity is None else max(0, place.capacity - self.taken)
