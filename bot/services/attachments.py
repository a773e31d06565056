"""What goes with a reply, fetched at the moment of sending: no secret lies in the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.events import Event, EventId, Venue
from bot.domain.ideas import IdeaId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.i18n import Language
from bot.services import privacy
from bot.services.calendars import Source, calendar, date_of
from bot.store import access, attachments, events, ideas, installations
from bot.store.database import Transaction


@dataclass(frozen=True)
class Calendar:
    """A calendar file; its name says nothing about the person. `ends` takes the date out."""

    filename: str
    content: bytes = field(repr=False)
    ends: bool = False


@dataclass(frozen=True)
class Access:
    """The access data of a place, a secret."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Data:
    """Everything that is stored about a person, as JSON."""

    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Photo:
    """The picture of an idea; its name says nothing about the person."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


Resolved = Photo | Calendar | Venue | Access | Data


@dataclass(frozen=True)
class Reader:
    """For whom something is fetched, by whom (the city's e-mail), and when."""

    language: Language
    now: datetime
    channel: str = ""
    chat: str = ""
    city: str = ""


def resolve(tx: Transaction, kind: str, number: int, reader: Reader) -> Resolved | None:
    """Fetch what a reply refers to; None if it is no longer there or no longer theirs.

    `number` is the id of a registration (calendar, cancellation, access; departure for one of its
    companions), an event (event, venue), a person (data) or an idea (picture).
    """
    match kind:
        case "calendar" | "cancellation" | "departure":
            return _calendar(tx, RegistrationId(number), kind, reader)
        case "event":
            return _date(tx, EventId(number), reader)
        case "venue":
            return events.load(tx, EventId(number)).venue
        case "access":
            return _access(tx, RegistrationId(number), reader)
        case "data":
            return Data(privacy.as_json(tx, PersonId(number)))
        case "picture":
            return _photo(tx, number)
        case _:
            return None


def _photo(tx: Transaction, idea: int) -> Photo | None:
    found = ideas.picture_of(tx, IdeaId(idea))
    return None if found is None else Photo(found.filename, found.media_type, found.content)


def _calendar(
    tx: Transaction, registration: RegistrationId, kind: str, reader: Reader
) -> Calendar | None:
    """Write the entry as it is now: a date that is over is taken out, and only where it says so.

    Whoever gave back one of two registrations still comes, so that their entry stays.
    """
    standing = attachments.standing(tx, registration)
    holding = attachments.holding(tx, registration)
    if standing is None or holding is None:
        return None
    if kind == "departure":  # one companion does not come; the others do
        holding = replace(holding, state=RegistrationState.CANCELLED)
    event = events.load(tx, standing.event)
    ends = holding.is_over or event.cancelled
    if ends and kind == "calendar":
        return None
    content = calendar(holding, event, reader.language, reader.now, _source(tx, reader))
    return Calendar(_filename(event, ends=ends), content, ends)


def _date(tx: Transaction, event_id: EventId, reader: Reader) -> Calendar:
    """Write the date of an event, or rather what this reader has there already."""
    event, source = events.load(tx, event_id), _source(tx, reader)
    holding = attachments.holding_in_chat(tx, event_id, reader.channel, reader.chat)
    if holding is None or holding.is_over:
        sequence = 0 if holding is None else holding.sequence
        content = date_of(event, reader.language, reader.now, source, sequence)
    else:
        content = calendar(holding, event, reader.language, reader.now, source)
    return Calendar(_filename(event, ends=event.cancelled), content, event.cancelled)


def _source(tx: Transaction, reader: Reader) -> Source:
    return Source(installations.number(tx), reader.city)


def _filename(event: Event, *, ends: bool) -> str:
    return f"termin-{event.slug}-entfernen.ics" if ends else f"termin-{event.slug}.ics"


def _access(tx: Transaction, registration: RegistrationId, reader: Reader) -> Access | None:
    """Give access data to those who are confirmed now, whatever they were when it was written."""
    found = access.in_chat(tx, registration, reader.channel, reader.chat)
    return None if found is None else Access(found)
