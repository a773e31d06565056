"""Calendar files of registrations and events (RFC 5545), in the language of the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Protocol

from bot.domain.events import Event, Place, PlaceId, PlaceKind
from bot.domain.seats import RegistrationId, RegistrationState
from bot.i18n import Language

PRODUCT = "-//Stadtdialog//Stadtdialog//DE"

_BEGIN = b"BEGIN:VEVENT\r\n"


class Registered(Protocol):
    """What a calendar file tells of a registration."""

    @property
    def id(self) -> RegistrationId:
        """Its number."""

    @property
    def place(self) -> PlaceId:
        """The place that it is for."""

    @property
    def state(self) -> RegistrationState:
        """What it is worth."""

    @property
    def sequence(self) -> int:
        """How often it was changed."""


def calendar(registration: Registered, event: Event, language: Language, now: datetime) -> bytes:
    """Write the calendar file of a registration; a calendar program that has it updates it.

    Its UID stays the same, and its SEQUENCE grows with each change of the registration and each
    revision of the event, so that the latest one wins. Access data is not part of it.
    """
    entry = _Entry(
        uid=f"registration-{registration.id}@stadtdialog",
        sequence=registration.sequence + event.revision,
        status=_status(registration, event),
    )
    return _file(entry, _common(event, registration.place, language), now)


def date_of(event: Event, language: Language, now: datetime) -> bytes:
    """Write the calendar file of an event, for somebody without a registration."""
    entry = _Entry(
        uid=f"event-{event.id}@stadtdialog",
        sequence=event.revision,
        status="CANCELLED" if event.cancelled else "CONFIRMED",
    )
    return _file(entry, _common(event, None, language), now)


@dataclass(frozen=True)
class _Entry:
    """What differs from one person to the next."""

    uid: str
    sequence: int
    status: str


def _file(entry: _Entry, common: bytes, now: datetime) -> bytes:
    own = (
        f"UID:{entry.uid}\r\n"
        f"SEQUENCE:{entry.sequence}\r\n"
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n"
        f"STATUS:{entry.status}\r\n"
    )
    before, begin, after = common.partition(_BEGIN)
    return b"".join((before, begin, own.encode(), after))


@lru_cache(maxsize=128)
def _common(event: Event, place_id: PlaceId | None, language: Language) -> bytes:
    """Write what is the same for everybody at a place: over a millisecond, so only once."""
    import icalendar  # noqa: PLC0415 (takes 0.1 s, and few commands need it)

    start = event.local(event.starts_at)
    place = None if place_id is None else event.place_by_id(place_id)
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(
        icalendar.Timezone.from_tzid(
            event.zone.key,
            first_date=date(start.year - 1, 1, 1),
            last_date=date(start.year + 2, 1, 1),
        )
    )
    entry = icalendar.Event()
    entry.add("dtstart", start)
    entry.add("dtend", event.local(event.ends_at))
    for name, text in _texts(event, place, language).items():
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
        "organizer": f"mailto:{event.email}" if event.email else "",
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
