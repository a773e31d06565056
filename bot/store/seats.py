"""Seats: the lock on an event, how full its places are, and what one person holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    bindparam,
    case,
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
    ]


def held(row: Sequence[Any]) -> Held | None:
    """Read a Held; None is the empty side of an outer join."""
    registration, arrived_at, number, size, place, person, state, sequence = row
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
    )


_PLACES = (
    select(
        _EVENT.revision, _EVENT.arrivals, _PLACE.id, _PLACE.capacity, _PLACE.taken, _PLACE.waiting
    )
    .select_from(tables.events.outerjoin(tables.places))
    .where(_EVENT.id == bindparam("event"))
    .order_by(_PLACE.rank)
)
_own = tables.registrations.alias("own")
_HELD = (
    select(*held_columns(_own))
    .where(
        _own.c.event_id == bindparam("event"),
        _own.c.person_id.in_(bindparam("people", expanding=True)),
        _own.c.state.in_([CONFIRMED, WAITING]),
    )
    .order_by(_own.c.id)
)
_LOCK = (
    select(_EVENT.id)
    .where(_EVENT.id.in_(bindparam("events", expanding=True)))
    .order_by(_EVENT.id)
    .with_for_update(key_share=True)  # ideas refer to the event, and need not wait for it
)
_EVENT_OF_PLACE = select(_PLACE.event_id).where(_PLACE.id == bindparam("place"))
_ARRIVE = (
    update(tables.events)
    .where(_EVENT.id == bindparam("event"))
    .values(arrivals=_EVENT.arrivals + bindparam("more"))
)
# Relative, so that the CHECKs count what is really there, whatever a reader believed.
_taken = _PLACE.taken + bindparam("seated")
_RECKON = (
    update(tables.places)
    .where(_PLACE.id == bindparam("place"))
    .values(
        taken=_taken,
        waiting=_PLACE.waiting + bindparam("in_line"),
        tolerated=case((_taken < _PLACE.tolerated, _taken), else_=_PLACE.tolerated),
    )
)
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
        tx.execute(_LOCK, {"events": events}).all()


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
    rows = tx.execute(_PLACES, {"event": event}).all()
    counts = {PlaceId(place): Count(*count) for _, _, place, *count in rows if place is not None}
    return Standing(rows[0].revision, rows[0].arrivals, counts)


def held_by(
    tx: Transaction, event: EventId, people: Iterable[PersonId]
) -> dict[PersonId, list[Held]]:
    """Read the seat and the wait of each of these people at an event; nothing for the others."""
    found: dict[PersonId, list[Held]] = {}
    for row in tx.execute(_HELD, {"event": event, "people": list(people)}):
        own = held(row)
        if own is not None:
            found.setdefault(own.person, []).append(own)
    return found


def arrive(tx: Transaction, event: EventId, more: int) -> None:
    """Write how many arrival numbers were given; none of them is ever given again."""
    if more:
        tx.execute(_ARRIVE, {"event": event, "more": more})


def reckon(
    tx: Transaction, before: Mapping[PlaceId, Count], after: Mapping[PlaceId, Count]
) -> None:
    """Write how the counts have changed; fewer people taken are also fewer tolerated."""
    changes = [
        {
            "place": place,
            "seated": count.taken - before[place].taken,
            "in_line": count.waiting - before[place].waiting,
        }
        for place, count in after.items()
        if (count.taken, count.waiting) != (before[place].taken, before[place].waiting)
    ]
    if changes:
        tx.execute(_RECKON, changes)


def resize(tx: Transaction, place: PlaceId, capacity: int | None) -> None:
    """Change how many seats a place has; those who are already there are tolerated."""
    tx.execute(_RESIZE, {"place": place, "seats": capacity})
