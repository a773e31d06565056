"""What goes with a reply, fetched at the moment of sending: no secret lies in the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.events import Event, EventId, Venue
from bot.domain.ideas import IdeaId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.i18n import Language
from bot.services import privacy
from bot.services.calendars import calendar, date_of
from bot.store import attachments, events, ideas
from bot.store.database import Transaction


@dataclass(frozen=True)
class Calendar:
    """A calendar file; its name says nothing about the person."""

    filename: str
    content: bytes = field(repr=False)


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


def resolve(
    tx: Transaction, kind: str, number: int, language: Language, now: datetime
) -> Resolved | None:
    """Fetch what a reply refers to; None if it is no longer there or no longer theirs.

    `number` is the id of a registration (calendar, access), an event (event, venue) or a person
    (data) or an idea (picture).
    """
    match kind:
        case "calendar":
            return _calendar(tx, RegistrationId(number), language, now)
        case "event":
            event = events.load(tx, EventId(number))
            return Calendar(_filename(event), date_of(event, language, now))
        case "venue":
            return events.load(tx, EventId(number)).venue
        case "access":
            return _access(tx, RegistrationId(number))
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
    tx: Transaction, registration: RegistrationId, language: Language, now: datetime
) -> Calendar | None:
    standing = attachments.standing(tx, registration)
    if standing is None or standing.state is RegistrationState.MOVED:
        return None
    event = events.load(tx, standing.event)
    return Calendar(_filename(event), calendar(standing, event, language, now))


def _filename(event: Event) -> str:
    return f"termin-{event.slug}.ics"


def _access(tx: Transaction, registration: RegistrationId) -> Access | None:
    """Give access data to those who are confirmed now, whatever they were when it was written."""
    standing = attachments.standing(tx, registration)
    if standing is None or standing.state is not RegistrationState.CONFIRMED:
        return None
    return Access(standing.access) if standing.access else None
