"""Consents: each one with its exact wording, when it was given and when it was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, not_, or_, select, update

from bot.domain.consents import Agreement, Consent, ConsentId, ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import CompanionId, RegistrationId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED, WAITING
from bot.store.statements import storing

_CONSENT = tables.consents.c
_INSERT = storing(*(each for each in _CONSENT if each.name not in {"id", "withdrawn_at"}))


def _own(event: EventId, person: PersonId) -> ColumnElement[bool]:
    """Leave out what somebody agreed to as the companion of another person."""
    registration = tables.registrations.c
    own = select(registration.id).where(
        registration.person_id == person, registration.event_id == event
    )
    return and_(
        _CONSENT.person_id == person,
        _CONSENT.registration_id.in_(own),
        _CONSENT.state == ConsentState.GIVEN,
    )


@dataclass(frozen=True)
class Given:
    """An agreement, who gave it and for which registration; `companion` if it is about one."""

    agreement: Agreement
    person: PersonId
    registration: RegistrationId
    at: datetime
    companion: CompanionId | None = None
    for_child: bool = False


def add(tx: Transaction, event: EventId, given: Sequence[Given]) -> None:
    """Record consents in one statement."""
    rows = [
        {
            "person_id": each.person,
            "registration_id": each.registration,
            "companion_id": each.companion,
            "for_child": each.for_child,
            "event_id": event,
            "slug": each.agreement.slug,
            "version": each.agreement.version,
            "language": each.agreement.language,
            "wording": each.agreement.wording,
            "state": ConsentState.GIVEN,
            "given_at": each.at,
        }
        for each in given
    ]
    if rows:
        _INSERT(tx, rows)


def standing(tx: Transaction, event: EventId, person: PersonId) -> set[tuple[str, str]]:
    """List slug and version of what a person has agreed to for themselves and not withdrawn."""
    rows = tx.execute(
        select(_CONSENT.slug, _CONSENT.version).where(
            _own(event, person), _CONSENT.companion_id.is_(None)
        )
    )
    return {(slug, version) for slug, version in rows}


def withdraw(tx: Transaction, event: EventId, person: PersonId, slug: str, now: datetime) -> int:
    """Mark what a person has agreed to, for themselves and their children; give how many."""
    return tx.execute(
        update(tables.consents)
        .where(_own(event, person), _CONSENT.slug == slug)
        .values(state=ConsentState.WITHDRAWN, withdrawn_at=now)
    ).rowcount


def end_own(tx: Transaction, registration: RegistrationId, person: PersonId, now: datetime) -> None:
    """Mark what a person has agreed to for themselves with a registration that they pass on."""
    tx.execute(
        update(tables.consents)
        .where(
            _CONSENT.registration_id == registration,
            _CONSENT.person_id == person,
            _CONSENT.companion_id.is_(None),
            _CONSENT.for_child.is_(False),
            _CONSENT.state == ConsentState.GIVEN,
        )
        .values(state=ConsentState.WITHDRAWN, withdrawn_at=now)
    )


def withdraw_companion(tx: Transaction, companion: CompanionId, now: datetime) -> None:
    """Mark all that a companion has agreed to."""
    tx.execute(
        update(tables.consents)
        .where(_CONSENT.companion_id == companion, _CONSENT.state == ConsentState.GIVEN)
        .values(state=ConsentState.WITHDRAWN, withdrawn_at=now)
    )


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back; `companion` if it is about one who still comes along."""

    slug: str
    companion: CompanionId | None


def withdraw_one(
    tx: Transaction, event: EventId, person: PersonId, consent: ConsentId, now: datetime
) -> Withdrawn | None:
    """Mark one consent that a person has given and not withdrawn yet, or give None."""
    row = tx.execute(
        update(tables.consents)
        .where(
            _CONSENT.id == consent,
            _CONSENT.event_id == event,
            _CONSENT.person_id == person,
            _CONSENT.state == ConsentState.GIVEN,
        )
        .values(state=ConsentState.WITHDRAWN, withdrawn_at=now)
        .returning(_CONSENT.slug, _CONSENT.companion_id)
    ).one_or_none()
    return None if row is None else Withdrawn(row.slug, row.companion_id)


def of_person(tx: Transaction, person: PersonId) -> list[Consent]:
    """List what a person has agreed to in order of time, withdrawn consents too."""
    rows = tx.execute(_CONSENTS.where(_CONSENT.person_id == person).order_by(_CONSENT.id))
    return [
        Consent(
            id=ConsentId(row.id),
            slug=row.slug,
            version=row.version,
            event=EventId(row.event_id),
            state=ConsentState(row.state),
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
            wording=row.wording,
            child=(row.name or "") if row.for_child else None,
            place=None if row.place is None else PlaceId(row.place),
        )
        for row in rows
    ]


def _consents() -> Select[Any]:
    registration, companion = tables.registrations.c, tables.companions.c
    # A companion who was struck from the list holds nothing, whatever the others do.
    of_companion = or_(_CONSENT.for_child, registration.person_id != _CONSENT.person_id)
    holds = and_(
        registration.state.in_([CONFIRMED, WAITING]),
        or_(companion.id.is_not(None), not_(of_companion)),
    )
    return select(
        tables.consents, companion.name, case((holds, registration.place_id)).label("place")
    ).select_from(
        tables.consents.outerjoin(
            tables.registrations, _CONSENT.registration_id == registration.id
        ).outerjoin(tables.companions, _CONSENT.companion_id == companion.id)
    )


_CONSENTS = _consents()
