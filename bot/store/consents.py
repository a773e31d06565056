"""Consents: each one with its exact wording, when it was given and when it was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from bot.domain.consents import Agreement, Consent, ConsentId, ConsentState
from bot.domain.events import EventId
from bot.domain.people import PersonId
from bot.domain.seats import CompanionId, RegistrationId
from bot.store import tables
from bot.store.database import Transaction
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


def add(tx: Transaction, event: EventId, given: Sequence[Given]) -> None:
    """Record consents in one statement."""
    rows = [
        {
            "person_id": each.person,
            "registration_id": each.registration,
            "companion_id": each.companion,
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


def withdraw_companion(tx: Transaction, companion: CompanionId, now: datetime) -> None:
    """Mark all that a companion has agreed to."""
    tx.execute(
        update(tables.consents)
        .where(_CONSENT.companion_id == companion, _CONSENT.state == ConsentState.GIVEN)
        .values(state=ConsentState.WITHDRAWN, withdrawn_at=now)
    )


def of_person(tx: Transaction, person: PersonId) -> list[Consent]:
    """List what a person has agreed to in order of time, withdrawn consents too."""
    rows = tx.execute(
        select(
            _CONSENT.id,
            _CONSENT.slug,
            _CONSENT.version,
            tables.events.c.slug,
            _CONSENT.state,
            _CONSENT.given_at,
            _CONSENT.withdrawn_at,
        )
        .select_from(tables.consents.join(tables.events))
        .where(_CONSENT.person_id == person)
        .order_by(_CONSENT.id)
    )
    return [
        Consent(ConsentId(number), slug, version, event, ConsentState(state), given, withdrawn)
        for number, slug, version, event, state, given, withdrawn in rows
    ]
