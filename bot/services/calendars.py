"""Calendar files of registrations and events (RFC 5545, 5546), in the language of the person.

An evening stands in a calendar once: the event's file, that of a seat and the one that ends it have
the same UID, and whichever has the highest SEQUENCE counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from bot.domain.events import Event, Place, PlaceId, PlaceKind
from bot.domain.seats import RegistrationState
from bot.i18n import Language

PRODUCT = "-//Stadtdialog//Stadtdialog//DE"

_BEGIN = b"BEGIN:VEVENT\r\n"


class Registered(Protocol):
    """What a calendar file tells of a registration."""

    @property
    def place(self) -> PlaceId:
        """The place that it is for."""

    @property
    def state(self) -> RegistrationState:
        """What it is worth."""

    @property
    def sequence(self) -> int:
        """How often what its owner has at this event was changed."""


@dataclass(frozen=True)
class Source:
    """Who publishes: the number of this installation, and the city's address for questions."""

    installation: int
    email: str = ""


def calendar(
    registration: Registered, event: Event, language: Language, now: datetime, source: Source
) -> bytes:
    """Write the calendar file of a registration; a calendar program that has it updates it.

    Access data is not part of it. What is over is taken out of the calendar.
    """
    status = _status(registration, event)
    return _file(
        event,
        _Entry(registration.sequence, status, registration.place, language),
        now,
        source,
    )


def date_of(
    event: Event, language: Language, now: datetime, source: Source, sequence: int = 0
) -> bytes:
    """Write the calendar file of an event, for somebody without a registration.

    `sequence` is that of what they had there before.
    """
    status = "CANCELLED" if event.cancelled else "CONFIRMED"
    return _file(event, _Entry(sequence, status, None, language), now, source)


@dataclass(frozen=True)
class _Entry:
    """What differs from one person to the next."""

    sequence: int
    status: str
    place: PlaceId | None
    language: Language


def _file(event: Event, entry: _Entry, now: datetime, source: Source) -> bytes:
    own = (
        f"UID:event-{event.id}@{source.installation:08x}.stadtdialog\r\n"
        f"SEQUENCE:{entry.sequence + event.revision}\r\n"
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n"
        f"STATUS:{entry.status}\r\n"
    )
    method = "CANCEL" if entry.status == "CANCELLED" else "PUBLISH"
    common = _common(event, entry.place, entry.language, method, event.email or source.email)
    before, begin, after = common.partition(_BEGIN)
    return b"".join((before, begin, own.encode(), after))


@lru_cache(maxsize=128)
def _common(
    event: Event, place_id: PlaceId | None, language: Language, method: str, organizer: str
) -> bytes:
    """Write what is the same for everybody at a place: over a millisecond, so only once."""
    import icalendar  # noqa: PLC0415 (takes 0.1 s, and few commands need it)

    place = None if place_id is None else event.place_by_id(place_id)
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", method)
    entry = icalendar.Event()
    # In UTC, which every program reads; Outlook does not know the time zones of others.
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    texts = _texts(event, place, language) | {"organizer": organizer and f"mailto:{organizer}"}
    for name, text in texts.items():
        if text:
            entry.add(name, text)
    file.add_component(entry)
    content: bytes = file.to_ical()
    return content


def _texts(event: Event, place: Place | None, language: Language) -> dict[str, str]:
    return {
        "summary": event.title.in_language(language),
        "description": _description(event, place, language),
        "location": _location(event, place, language),
        "url": (place.link if place else "") or event.stream,
        "contact": event.telephone,
    }


def _status(registration: Registered, event: Event) -> str:
    if event.cancelled:
        return "CANCELLED"
    match registration.state:
        case RegistrationState.CONFIRMED:
            return "CONFIRMED"
        case RegistrationState.WAITING:
            return "TENTATIVE"
        case RegistrationState.CANCELLED | RegistrationState.MOVED:
            return "CANCELLED"


def _description(event: Event, place: Place | None, language: Language) -> str:
    texts = [event.summary]
    if place is not None:
        texts += [text for text in (place.title, place.note) if text is not None]
    return "\n\n".join(text.in_language(language) for text in texts)


def _location(event: Event, place: Place | None, language: Language) -> str:
    in_room = place is None or place.kind in {PlaceKind.ROOM, PlaceKind.ROOM_WITHOUT_CAMERA}
    if in_room and event.venue is not None:
        return f"{event.venue.name}, {event.venue.address}"
    return place.title.in_language(language) if place is not None else ""
