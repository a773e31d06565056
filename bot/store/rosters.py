"""Rosters: registrations as their owners read them, and as staff read those of an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import Contact, ContactKind, PersonId
from bot.domain.seats import CompanionEntry, Registration, RegistrationId, RegistrationState
from bot.store import tables
from bot.store.database import Transaction
from bot.store.lines import groups_up_to
from bot.store.seats import CONFIRMED, WAITING, order_of

_registration = tables.registrations.alias("registration")
_ROW = _registration.c
_ORDER = order_of(_registration)
_COMPANION = tables.companions.c


def of(tx: Transaction, person: PersonId) -> list[Registration]:
    """List a person's registrations for all events, cancelled ones too, the newest last."""
    own = (_ROW.person_id == person) & (_ROW.state != RegistrationState.MOVED)
    position = case((_ROW.state == WAITING, groups_up_to(_registration)))
    return _read(tx, own, position, _ROW.id)


def at(tx: Transaction, event: EventId) -> list[Registration]:
    """List who is seated or waits at an event, in order of arrival."""
    live = (_ROW.event_id == event) & _ROW.state.in_([CONFIRMED, WAITING])
    place_and_state = (_ROW.place_id, _ROW.state)
    count = func.row_number().over(partition_by=place_and_state, order_by=_ORDER)
    return _read(tx, live, case((_ROW.state == WAITING, count)), *_ORDER)


def _read(
    tx: Transaction,
    condition: ColumnElement[bool],
    position: ColumnElement[Any],
    *order: ColumnElement[Any],
) -> list[Registration]:
    rows = tx.execute(
        select(_registration, position.label("position")).where(condition).order_by(*order)
    ).all()
    entries = tx.execute(
        select(
            _COMPANION.registration_id,
            _COMPANION.id,
            _COMPANION.name,
            _COMPANION.child,
            _COMPANION.consent,
        )
        .select_from(tables.companions.join(_registration))
        .where(condition)
        .order_by(_COMPANION.rank, _COMPANION.id)
    )
    companions = _by_registration(entries)
    return [_value(row, companions[row.id]) for row in rows]


def _by_registration(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[CompanionEntry, ...]]:
    companions: dict[int, tuple[CompanionEntry, ...]] = defaultdict(tuple)
    for registration, number, name, child, consent in rows:
        state = None if consent is None else ConsentState(consent)
        companions[registration] += (CompanionEntry(name, child, state, number),)
    return companions


def _value(row: Row[Any], companions: tuple[CompanionEntry, ...]) -> Registration:
    return Registration(
        id=RegistrationId(row.id),
        event=EventId(row.event_id),
        place=PlaceId(row.place_id),
        arrival_number=row.arrival_number,
        arrived_at=row.arrived_at,
        state=RegistrationState(row.state),
        name=row.name,
        contact=Contact(ContactKind(row.contact_kind), row.contact),
        organisation=row.organisation,
        needs=row.needs,
        companions=companions,
        position=row.position,
        sequence=row.sequence,
        with_person=row.party_size > len(companions),
        is_outdated=row.outdated is not None and row.state == RegistrationState.WAITING,
        has_access=row.access_sent_at is not None and row.state == RegistrationState.CONFIRMED,
    )
