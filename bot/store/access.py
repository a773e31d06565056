"""Access data of places (a Zoom link), and who was sent them: secrets that are shown nowhere else.

Whether somebody was sent the data is noted with their registration, and with each companion who has
a chat of their own: whoever gets a seat later than all others is sent the data then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, exists, null, or_, select, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED

_EVENT = tables.events.c
_PLACE = tables.places.c
_REGISTRATION = tables.registrations.c
_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
_CHAT = tables.conversations.c

_SEATS = tables.registrations.join(tables.places, _PLACE.id == _REGISTRATION.place_id).join(
    tables.events, _EVENT.id == _REGISTRATION.event_id
)
_AGREED = (_CONSENT.state == ConsentState.GIVEN.value, _CONSENT.for_child.is_(False))


@dataclass(frozen=True)
class Recipient:
    """Somebody who is owed the access data of the place at which a registration has its seats."""

    registration: RegistrationId
    person: PersonId


def keep(tx: Transaction, place: PlaceId, access: str) -> None:
    """Store the access data of a place, a secret; what is new has not been sent to anybody."""
    changed = tx.execute(
        update(tables.places)
        .where(_PLACE.id == place, _PLACE.access.is_distinct_from(access))
        .values(access=access)
    )
    if changed.rowcount:
        _unsend(tx, _REGISTRATION.place_id == place)


def take_back(tx: Transaction, registration: RegistrationId) -> None:
    """Note that nobody of a registration has the data any more, because the seats are lost."""
    _unsend(tx, _REGISTRATION.id == registration)


def _unsend(tx: Transaction, which: ColumnElement[bool]) -> None:
    theirs = _COMPANION.registration_id.in_(select(_REGISTRATION.id).where(which))
    tx.execute(update(tables.registrations).where(which).values(access_sent_at=None))
    tx.execute(update(tables.companions).where(theirs).values(access_sent_at=None))


def due(tx: Transaction, now: datetime) -> list[EventId]:
    """List events at which somebody is owed access data: registration there has ended."""
    owed = _owed(now).subquery()
    rows = tx.execute(select(owed.c.event_id).distinct().order_by(owed.c.event_id))
    return [EventId(event) for event in rows.scalars()]


def send(tx: Transaction, event: EventId, now: datetime) -> list[Recipient]:
    """Note that everybody at a locked event is sent the data that they are owed; list them."""
    owed = _owed(now).subquery()
    rows = tx.execute(
        select(owed).where(owed.c.event_id == event).order_by(owed.c.registration, owed.c.companion)
    ).all()
    owners = [row.registration for row in rows if row.companion is None]
    companions = [row.companion for row in rows if row.companion is not None]
    sent = {"access_sent_at": now}
    tx.execute(update(tables.registrations).where(_REGISTRATION.id.in_(owners)).values(sent))
    tx.execute(update(tables.companions).where(_COMPANION.id.in_(companions)).values(sent))
    return [Recipient(RegistrationId(row.registration), PersonId(row.person)) for row in rows]


def in_chat(tx: Transaction, registration: RegistrationId, channel: str, chat: str) -> str | None:
    """Give the data that whoever writes in this chat was sent, if the seat is still theirs."""
    reader = (
        select(_CHAT.person_id).where(_CHAT.channel == channel, _CHAT.chat == chat)
    ).scalar_subquery()
    came_along = exists().where(
        _COMPANION.registration_id == _REGISTRATION.id,
        _COMPANION.access_sent_at.is_not(None),
        _CONSENT.companion_id == _COMPANION.id,
        _CONSENT.person_id == reader,
        *_AGREED,
    )
    owns = (_REGISTRATION.person_id == reader) & _REGISTRATION.access_sent_at.is_not(None)
    return tx.execute(
        select(_PLACE.access)
        .join(tables.registrations, _PLACE.id == _REGISTRATION.place_id)
        .where(
            _REGISTRATION.id == registration,
            _REGISTRATION.state == CONFIRMED,
            or_(owns, came_along),
        )
    ).scalar_one_or_none()


def _owed(now: datetime) -> CompoundSelect[tuple[int, int, int, int]]:
    """Select who is owed access data and has a chat in which they can be told."""
    is_due = (
        _REGISTRATION.state == CONFIRMED,
        _PLACE.access.is_not(None),
        _PLACE.deadline <= now,
        _EVENT.ends_at > now,
        _EVENT.cancelled.is_(False),
    )
    event, registration = _REGISTRATION.event_id, _REGISTRATION.id.label("registration")
    owner, companion = _REGISTRATION.person_id, _CONSENT.person_id
    nobody = null().label("companion")
    owners = (
        select(event, registration, owner.label("person"), nobody)
        .select_from(_SEATS)
        .where(*is_due, _REGISTRATION.access_sent_at.is_(None), _has_chat(owner))
    )
    companions = (
        select(event, registration, companion.label("person"), _COMPANION.id.label("companion"))
        .select_from(
            _SEATS.join(tables.companions, _COMPANION.registration_id == _REGISTRATION.id).join(
                tables.consents, _CONSENT.companion_id == _COMPANION.id
            )
        )
        .where(
            *is_due,
            *_AGREED,
            companion != owner,
            _COMPANION.access_sent_at.is_(None),
            _has_chat(companion),
        )
    )
    return owners.union_all(companions)


def _has_chat(person: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(_CHAT.person_id == person)
