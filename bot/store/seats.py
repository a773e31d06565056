"""Seats: the lock on an event, how full its places are, and what one person holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
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


_own = tables.registrations.alias("own")
_STANDING = (
    select(_PLACE.id, _PLACE.capacity, _PLACE.taken, _PLACE.waiting, *held_columns(_own))
    .select_from(
        tables.places.outerjoin(
            _own,
            and_(
                _own.c.place_id == _PLACE.id,
                _own.c.person_id == bindparam("person"),
                _own.c.state.in_([CONFIRMED, WAITING]),
            ),
        )
    )
    .where(_PLACE.event_id == bindparam("event"))
    .order_by(_PLACE.rank, _own.c.id)
)
_LOCK = (
    select(_EVENT.id)
    .where(_EVENT.id.in_(bindparam("events", expanding=True)))
    .order_by(_EVENT.id)
    .with_for_update()
)
_EVENT_OF_PLACE = select(_PLACE.event_id).where(_PLACE.id == bindparam("place"))
_ARRIVE = (
    update(tables.events)
    .where(_EVENT.id == bindparam("event"))
    .values(arrivals=_EVENT.arrivals + 1)
    .returning(_EVENT.arrivals)
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
    tx.execute(_LOCK, {"events": sorted(set(event_ids))}).all()


def event_of(tx: Transaction, place: PlaceId) -> EventId:
    """Name the event of a place, which has to exist."""
    return EventId(tx.execute(_EVENT_OF_PLACE, {"place": place}).scalar_one())


def standing(
    tx: Transaction, event: EventId, person: PersonId | None
) -> tuple[dict[PlaceId, Count], list[Held]]:
    """Read how full each place of an event is, and what this person holds there."""
    rows = tx.execute(_STANDING, {"event": event, "person": person}).all()
    counts = {PlaceId(row[0]): Count(*row[1:4]) for row in rows}
    return counts, [own for row in rows if (own := held(row[4:]))]


def next_arrival(tx: Transaction, event: EventId) -> int:
    """Give the next arrival number of an event; it is never given again."""
    return int(tx.execute(_ARRIVE, {"event": event}).scalar_one())


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
