"""The line before a place in its order, and the seats behind it from the latest arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)

from bot.domain.events import EventId, PlaceId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED, WAITING, Held, held, held_columns, order_of

LARGEST = 2**31 - 1
"""Larger than any group."""

_first = tables.registrations.alias("first")
_beside = tables.registrations.alias("beside")
_ORDER = order_of(_first)
_WIDTH = len(held_columns(_first))


@dataclass(frozen=True)
class Group:
    """A registration, and what the same person holds beside it at the event."""

    held: Held
    beside: Held | None


def _groups(state: ColumnElement[Any], beside: ColumnElement[Any]) -> Select[Any]:
    other = and_(
        _beside.c.event_id == _first.c.event_id,
        _beside.c.person_id == _first.c.person_id,
        _beside.c.state == beside,
    )
    return (
        select(*held_columns(_first), *held_columns(_beside))
        .select_from(_first.outerjoin(_beside, other))
        .where(_first.c.place_id == bindparam("place"), _first.c.state == state)
        .limit(bindparam("limit"))
    )


_LINE = (
    _groups(WAITING, CONFIRMED)
    .where(_first.c.party_size <= bindparam("largest"), _first.c.outdated.is_(None))
    .order_by(*_ORDER)
)
_LATEST = _groups(CONFIRMED, WAITING).order_by(*(column.desc() for column in _ORDER))


def groups_up_to(registration: FromClause) -> ScalarSelect[int]:
    """Count the groups in the line up to and including this registration, as a subquery."""
    earlier = tables.registrations.alias("earlier")
    return (
        select(func.count())
        .select_from(earlier)
        .where(
            earlier.c.place_id == registration.c.place_id,
            earlier.c.state == WAITING,
            tuple_(*order_of(earlier)) <= tuple_(*order_of(registration)),
        )
        .correlate(registration)
        .scalar_subquery()
    )


_POSITION = select(groups_up_to(_first)).where(_first.c.id == bindparam("registration"))


def is_last(tx: Transaction, waiting: Held) -> bool:
    """Tell whether nobody stands in the line behind this one."""
    later = select(_first.c.id).where(
        _first.c.place_id == waiting.place,
        _first.c.state == WAITING,
        tuple_(*_ORDER)
        > tuple_(
            literal(waiting.stands_at),
            literal(waiting.arrived_at, _first.c.arrived_at.type),
            literal(waiting.arrival_number),
        ),
    )
    return tx.execute(later.limit(1)).one_or_none() is None


def stands_behind(tx: Transaction, event: EventId, called_at: datetime) -> int:
    """Give the arrival number behind which somebody stands who called at this time.

    That is the last one at the event that was there by then, as far as its clock has said so.
    Where clocks were wrong, whoever called stands behind the people in doubt, not before them.
    """
    last = func.max(order_of(_first)[0])
    by_then = select(last).where(_first.c.event_id == event, _first.c.arrived_at <= called_at)
    return tx.execute(by_then).scalar_one() or 0


def first_in_line(
    tx: Transaction, place: PlaceId, limit: int, *, largest: int | None = None
) -> list[Group]:
    """List the first groups of at most `largest` people in line, with the seats they hold.

    Whoever has to give a consent anew is passed over.
    """
    most = LARGEST if largest is None else min(largest, LARGEST)
    return _read(tx, _LINE, {"place": place, "limit": limit, "largest": most})


def waiting_between(tx: Transaction, place: PlaceId, more_than: int, at_most: int) -> list[Held]:
    """List the groups in line of more than the one and at most the other number of people."""
    rows = select(*held_columns(_first)).where(
        _first.c.place_id == place,
        _first.c.state == WAITING,
        _first.c.party_size > more_than,
        _first.c.party_size <= at_most,
    )
    return [group for row in tx.execute(rows.order_by(*_ORDER)) if (group := held(row))]


def people_passed_over(tx: Transaction, place: PlaceId, capacity: int | None) -> int:
    """Count the people in line who cannot be seated as things stand, so that others pass them."""
    too_large = _first.c.party_size > (LARGEST if capacity is None else capacity)
    rows = select(func.coalesce(func.sum(_first.c.party_size), 0)).where(
        _first.c.place_id == place,
        _first.c.state == WAITING,
        _first.c.outdated.is_not(None) | too_large,
    )
    return int(tx.execute(rows).scalar_one())


def latest_seated(tx: Transaction, place: PlaceId, limit: int) -> list[Group]:
    """List those who are seated, the latest arrival first, with their waits."""
    return _read(tx, _LATEST, {"place": place, "limit": limit})


def position(tx: Transaction, waiting: Held) -> int:
    """Count the groups in the line up to and including this one, from 1."""
    return int(tx.execute(_POSITION, {"registration": waiting.registration}).scalar_one())


def _read(tx: Transaction, statement: Select[Any], values: dict[str, Any]) -> list[Group]:
    return [
        Group(first, held(row[_WIDTH:]))
        for row in tx.execute(statement, values)
        if (first := held(row[:_WIDTH]))
    ]
