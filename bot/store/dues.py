"""What the clock makes due: gaps in a line, waits in vain, things done once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update

from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED, WAITING, order_of

_EVENT = tables.events.c
_PLACE = tables.places.c
_REGISTRATION = tables.registrations.c
_COUNTER = tables.counters.c


def gaps(tx: Transaction, now: datetime) -> list[EventId]:
    """List events ahead at which a place has both people who wait and free seats."""
    gap = exists().where(
        _PLACE.event_id == _EVENT.id,
        _PLACE.waiting > 0,
        or_(_PLACE.capacity.is_(None), _PLACE.taken < _PLACE.capacity),
    )
    rows = tx.execute(
        select(_EVENT.id)
        .where(_EVENT.starts_at > now, _EVENT.cancelled.is_(False), gap)
        .order_by(_EVENT.id)
    )
    return [EventId(event) for event in rows.scalars()]


@dataclass(frozen=True)
class InVain:
    """Somebody who waited for a seat when the event began; `keeps` is where they have one."""

    person: PersonId
    place: PlaceId
    keeps: PlaceId | None


def waits_in_vain(tx: Transaction, since: datetime, now: datetime) -> list[EventId]:
    """List events that have begun since then, at which people still wait and were not told."""
    waiting = exists().where(_REGISTRATION.event_id == _EVENT.id, _is_untold())
    rows = tx.execute(
        select(_EVENT.id)
        .where(
            _EVENT.starts_at > since,
            _EVENT.starts_at <= now,
            _EVENT.cancelled.is_(False),
            waiting,
        )
        .order_by(_EVENT.id)
    )
    return [EventId(event) for event in rows.scalars()]


def tell_in_vain(tx: Transaction, event: EventId, now: datetime) -> list[InVain]:
    """Note on each registration that waits at a locked event that its owner is told now."""
    beside = tables.registrations.alias("beside")
    seat = (
        select(beside.c.place_id)
        .where(
            beside.c.event_id == event,
            beside.c.person_id == _REGISTRATION.person_id,
            beside.c.state == CONFIRMED,
        )
        .scalar_subquery()
    )
    told = tx.execute(
        update(tables.registrations)
        .where(_REGISTRATION.event_id == event, _is_untold())
        .values(missed_at=now)
        .returning(_REGISTRATION.id)
    ).scalars()
    rows = tx.execute(
        select(_REGISTRATION.person_id, _REGISTRATION.place_id, seat.label("seat"))
        .where(_REGISTRATION.id.in_([*told]))
        .order_by(*order_of(tables.registrations))
    )
    return [
        InVain(
            PersonId(row.person_id),
            PlaceId(row.place_id),
            None if row.seat is None else PlaceId(row.seat),
        )
        for row in rows
    ]


def _is_untold() -> ColumnElement[bool]:
    """Say who waits and was not told since the event began; a start that was moved is another."""
    begun = tables.events.alias("begun")
    starts_at = select(begun.c.starts_at).where(begun.c.id == _REGISTRATION.event_id)
    told_before = _REGISTRATION.missed_at < starts_at.scalar_subquery()
    return and_(_REGISTRATION.state == WAITING, or_(_REGISTRATION.missed_at.is_(None), told_before))


def last_day(tx: Transaction, what: str) -> int:
    """Give the day (its ordinal) on which something was last done; 0 is never."""
    day = tx.execute(select(_COUNTER.value).where(_COUNTER.name == what)).scalar_one_or_none()
    return day or 0


def note_day(tx: Transaction, what: str, day: int) -> None:
    """Note on which day something was done."""
    if last_day(tx, what):
        tx.execute(update(tables.counters).where(_COUNTER.name == what).values(value=day))
    else:
        tx.execute(insert(tables.counters).values(name=what, value=day))
