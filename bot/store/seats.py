"""Seats: the lock on an event, how full its places are, and what one person holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Update,
    bindparam,
    case,
    func,
    literal_column,
    select,
    update,
)

from bot.domain.events import EventId, PlaceId
from bot.domain.lines import Waiting
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.store import tables
from bot.store.database import Transaction
from bot.store.statements import ForEach, Given, Statement

_EVENT = tables.events.c
_PLACE = tables.places.c

# Written out, not bound: SQLite uses a partial index only for a constant.
CONFIRMED: ColumnElement[str] = literal_column("'confirmed'")
WAITING: ColumnElement[str] = literal_column("'waiting'")


@dataclass(frozen=True)
class Count:
    """How many seats a place has, how many people sit there and how many wait."""

    capacity: int | None
    taken: int
    waiting: int


@dataclass(frozen=True)
class Held(Waiting):
    """A registration that counts: a seat, or a place in the line."""

    place: PlaceId
    person: PersonId
    state: RegistrationState
    sequence: int


def held_columns(registration: FromClause) -> list[Any]:
    """List the columns of a Held, in the order in which `held` reads them."""
    c = registration.c
    return [
        c.id,
        c.arrived_at,
        c.arrival_number,
        c.party_size,
        c.place_id,
        c.person_id,
        c.state,
        c.sequence,
        c.behind,
    ]


def order_of(registration: FromClause) -> tuple[ColumnElement[Any], ...]:
    """List the columns by which the line is ordered, as `Waiting.order` does."""
    c = registration.c
    return func.coalesce(c.behind, c.arrival_number), c.arrived_at, c.arrival_number


def held(row: Sequence[Any]) -> Held | None:
    """Read a Held; None is the empty side of an outer join."""
    registration, arrived_at, number, size, place, person, state, sequence, behind = row
    if registration is None:
        return None
    return Held(
        registration=RegistrationId(registration),
        arrived_at=arrived_at,
        arrival_number=number,
        party_size=size,
        place=PlaceId(place),
        person=PersonId(person),
        state=RegistrationState(state),
        sequence=sequence,
        behind=behind,
    )


_PLACES = Statement(
    select(
        _EVENT.revision, _EVENT.arrivals, _PLACE.id, _PLACE.capacity, _PLACE.taken, _PLACE.waiting
    )
    .select_from(tables.events.outerjoin(tables.places))
    .where(_EVENT.id == bindparam("event"))
    .order_by(_PLACE.rank)
)
_own = tables.registrations.alias("own")


def _holding(given: Given, _dialect: str) -> Select[Any]:
    return (
        select(*held_columns(_own))
        .where(
            _own.c.event_id == bindparam("event"),
            _own.c.person_id == given.person_id,
            _own.c.state.in_([CONFIRMED, WAITING]),
        )
        .order_by(_own.c.id)
    )


def _locking(given: Given, _dialect: str) -> Select[Any]:
    return (
        select(_EVENT.id)
        .where(_EVENT.id == given.id)
        .order_by(_EVENT.id)
        # Ideas refer to the event, and need not wait for it.
        .with_for_update(key_share=True, of=tables.events)
    )


_HELD = ForEach(_holding, _own.c.person_id)
_LOCK = ForEach(_locking, _EVENT.id)
_EVENT_OF_PLACE = select(_PLACE.event_id).where(_PLACE.id == bindparam("place"))
_ARRIVE = Statement(
    update(tables.events)
    .where(_EVENT.id == bindparam("event"))
    .values(arrivals=_EVENT.arrivals + bindparam("more"))
)


# Relative, so that the CHECKs count what is really there, whatever a reader believed.
def _reckoning(given: Given, _dialect: str) -> Update:
    taken = _PLACE.taken + given.taken
    return (
        update(tables.places)
        .where(_PLACE.id == given.id)
        .values(
            taken=taken,
            waiting=_PLACE.waiting + given.waiting,
            tolerated=case((taken < _PLACE.tolerated, taken), else_=_PLACE.tolerated),
        )
    )


_RECKON = ForEach(_reckoning, _PLACE.id, _PLACE.taken, _PLACE.waiting)
_capacity = bindparam("seats", type_=_PLACE.capacity.type)
_RESIZE = (
    update(tables.places)
    .where(_PLACE.id == bindparam("place"))
    .values(capacity=_capacity, tolerated=case((_PLACE.taken > _capacity, _PLACE.taken), else_=0))
)


def lock_events(tx: Transaction, event_ids: Iterable[EventId]) -> None:
    """Lock the rows of these events, by ascending id; SQLite has one writer anyway."""
    events = sorted(set(event_ids))
    if events:
        _LOCK(tx, [{"id": event} for event in events])


def event_of(tx: Transaction, place: PlaceId) -> EventId:
    """Name the event of a place, which has to exist."""
    return EventId(tx.execute(_EVENT_OF_PLACE, {"place": place}).scalar_one())


@dataclass(frozen=True)
class Standing:
    """How full an event is, and the revision of its description."""

    revision: int
    arrivals: int
    counts: Mapping[PlaceId, Count]


def standing(tx: Transaction, event: EventId) -> Standing:
    """Read how an event stands: its last arrival number, and how full each place is."""
    rows = _PLACES(tx, event=event)
    counts = {PlaceId(place): Count(*count) for _, _, place, *count in rows if place is not None}
    revision, arrivals, *_count = rows[0]
    return Standing(revision, arrivals, counts)


def held_by(
    tx: Transaction, event: EventId, people: Iterable[PersonId]
) -> dict[PersonId, list[Held]]:
    """Read the seat and the wait of each of these people at an event; nothing for the others."""
    found: dict[PersonId, list[Held]] = {}
    for row in _HELD(tx, [{"person_id": person} for person in people], event=event):
        own = held(row)
        if own is not None:
            found.setdefault(own.person, []).append(own)
    return found


def arrive(tx: Transaction, event: EventId, more: int) -> None:
    """Write how many arrival numbers were given; none of them is ever given again."""
    if more:
        _ARRIVE(tx, event=event, more=more)


def reckon(
    tx: Transaction, before: Mapping[PlaceId, Count], after: Mapping[PlaceId, Count]
) -> None:
    """Write how the counts have changed; fewer people taken are also fewer tolerated."""
    changes = [
        {
            "id": place,
            "taken": count.taken - before[place].taken,
            "waiting": count.waiting - before[place].waiting,
        }
        for place, count in after.items()
        if (count.taken, count.waiting) != (before[place].taken, before[place].waiting)
    ]
    if changes:
        _RECKON(tx, changes)


def resize(tx: Transaction, place: PlaceId, capacity: int | None) -> None:
    """Change how many seats a place has; those who are already there are tolerated."""
    tx.execute(_RESIZE, {"place": place, "seats": capacity})
