"""Rows for exports, read in portions, so that memory does not grow with the city.

What is left out here never reaches a file: access data, accessibility needs and the consent to
keep them (who has given it has needs), and what somebody wrote in an idea that they took back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select, true

from bot.domain.consents import NEEDS
from bot.domain.events import EventId
from bot.domain.ideas import IdeaState
from bot.store import tables
from bot.store.database import Transaction

PORTION = 500

Cells = dict[str, Any]

_EVENT = tables.events.c
_REGISTRATION = tables.registrations.c
_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
_IDEA = tables.ideas.c

_REGISTRATIONS = (
    select(
        _REGISTRATION.id,
        _EVENT.slug.label("event"),
        _EVENT.zone,
        _REGISTRATION.arrival_number,
        _REGISTRATION.arrived_at,
        tables.places.c.slug.label("place"),
        _REGISTRATION.state,
        _REGISTRATION.party_size,
        _REGISTRATION.channel,
        _REGISTRATION.name,
        _REGISTRATION.organisation,
        _REGISTRATION.contact_kind,
        _REGISTRATION.contact,
    )
    .select_from(
        tables.registrations.join(tables.events).join(
            tables.places, tables.places.c.id == _REGISTRATION.place_id
        )
    )
    .order_by(_EVENT.starts_at, _EVENT.id, _REGISTRATION.arrival_number)
)


def _unless_withdrawn(column: ColumnElement[str]) -> ColumnElement[str]:
    return case((_IDEA.state == IdeaState.WITHDRAWN, ""), else_=column).label(column.name)


_IDEAS = (
    select(
        _IDEA.reference,
        _EVENT.slug.label("event"),
        _EVENT.zone,
        _IDEA.origin,
        _IDEA.kind,
        _IDEA.pillar,
        _unless_withdrawn(_IDEA.text),
        _IDEA.state,
        _IDEA.created_at,
        _IDEA.picture_id.is_not(None).label("has_picture"),
        _unless_withdrawn(_IDEA.name),
        _unless_withdrawn(_IDEA.organisation),
    )
    .select_from(tables.ideas.outerjoin(tables.events))
    .order_by(_IDEA.id)
)
_CONSENTS = (
    select(
        _EVENT.slug.label("event"),
        _EVENT.zone,
        _REGISTRATION.arrival_number,
        _CONSENT.slug,
        _CONSENT.version,
        _CONSENT.language,
        _CONSENT.state,
        _CONSENT.given_at,
        _CONSENT.withdrawn_at,
        func.coalesce(_COMPANION.name, _REGISTRATION.name).label("name"),
    )
    .select_from(
        tables.consents.join(tables.events, _EVENT.id == _CONSENT.event_id)
        .outerjoin(tables.registrations, _REGISTRATION.id == _CONSENT.registration_id)
        .outerjoin(tables.companions, _COMPANION.id == _CONSENT.companion_id)
    )
    .where(_CONSENT.slug != NEEDS)
    .order_by(_CONSENT.id)
)


def registrations(tx: Transaction, event: EventId | None) -> Iterator[Cells]:
    """Read registrations in the order of their arrival, with consents and companions."""
    for rows in _portions(tx, _REGISTRATIONS, event):
        ids = [row.id for row in rows]
        consents, companions = _consents_of(tx, ids), _companions_of(tx, ids)
        for row in rows:
            party = companions[row.id]
            yield row._asdict() | {
                "companions": [name for name, _ in party],
                "consents": [f"{slug}: {state}" for slug, state in consents[row.id].items()]
                + [
                    f"companion {position}: {consent}"
                    for position, (_, consent) in enumerate(party, start=1)
                    if consent is not None
                ],
            }


def ideas(tx: Transaction, event: EventId | None) -> Iterator[Cells]:
    """Read ideas in the order in which they came; those taken back without their words."""
    for rows in _portions(tx, _IDEAS, event):
        for row in rows:
            yield row._asdict()


def consents(tx: Transaction, event: EventId | None) -> Iterator[Cells]:
    """Read consents in the order in which they were given."""
    for rows in _portions(tx, _CONSENTS, event):
        for row in rows:
            yield row._asdict()


def _portions(
    tx: Transaction, statement: Select[Any], event: EventId | None
) -> Iterator[Sequence[Row[Any]]]:
    of_event = true() if event is None else _EVENT.id == event
    result = tx.execute(statement.where(of_event), execution_options={"yield_per": PORTION})
    yield from result.partitions()


def _consents_of(tx: Transaction, registrations: list[int]) -> dict[int, dict[str, str]]:
    """Give the latest state of each consent that people gave for themselves."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = tx.execute(
        select(_CONSENT.registration_id, _CONSENT.slug, _CONSENT.state)
        .where(
            _CONSENT.registration_id.in_(registrations),
            _CONSENT.companion_id.is_(None),
            _CONSENT.slug != NEEDS,
        )
        .order_by(_CONSENT.id)
    )
    for registration, slug, state in rows:
        found[registration][slug] = state
    return found


def _companions_of(
    tx: Transaction, registrations: list[int]
) -> dict[int, list[tuple[str, str | None]]]:
    found: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    rows = tx.execute(
        select(_COMPANION.registration_id, _COMPANION.name, _COMPANION.consent)
        .where(_COMPANION.registration_id.in_(registrations))
        .order_by(_COMPANION.rank, _COMPANION.id)
    )
    for registration, name, consent in rows:
        found[registration].append((name, consent))
    return found
