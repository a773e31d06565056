"""Companions: who comes along, whether they have agreed, and the codes with which they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.seats import CompanionId, RegistrationId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import Held, held, held_columns

_COMPANION = tables.companions.c
_registration = tables.registrations.alias("registration")


@dataclass(frozen=True)
class NewCompanion:
    """A companion to be stored; `rank` orders those of one registration."""

    rank: int
    name: str
    child: bool
    consent: ConsentState | None
    code_hash: str | None


@dataclass(frozen=True)
class Invited:
    """A companion as stored."""

    id: CompanionId
    name: str
    consent: ConsentState | None


_INSERT = insert(tables.companions).returning(_COMPANION.id, sort_by_parameter_order=True)
_COLUMNS = (_COMPANION.id, _COMPANION.name, _COMPANION.consent)


def add(
    tx: Transaction, registration: RegistrationId, companions: Sequence[NewCompanion]
) -> list[CompanionId]:
    """Store the companions of a registration and give their ids, in the same order."""
    if not companions:
        return []
    rows = [
        {
            "registration_id": registration,
            "rank": companion.rank,
            "name": companion.name,
            "child": companion.child,
            "consent": companion.consent,
            "code_hash": companion.code_hash,
        }
        for companion in companions
    ]
    return list(map(CompanionId, tx.execute(_INSERT, rows).scalars()))


def of(tx: Transaction, registration: RegistrationId) -> list[Invited]:
    """List the companions of a registration in their order."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(_COMPANION.registration_id == registration)
        .order_by(_COMPANION.rank, _COMPANION.id)
    )
    return [_invited(*row) for row in rows]


def by_code(tx: Transaction, event: EventId, code_hash: str) -> tuple[Invited, Held] | None:
    """Find the companion with this code, and the registration to which they belong."""
    row = tx.execute(
        select(*_COLUMNS, *held_columns(_registration))
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.code_hash == code_hash, _registration.c.event_id == event)
    ).one_or_none()
    registration = held(row[3:]) if row is not None else None
    if row is None or registration is None:
        return None
    return _invited(*row[:3]), registration


def answer(tx: Transaction, companion: CompanionId, consent: ConsentState) -> None:
    """Store whether a companion has agreed."""
    tx.execute(update(tables.companions).where(_COMPANION.id == companion).values(consent=consent))


def move(tx: Transaction, origin: RegistrationId, to: RegistrationId) -> None:
    """Let the companions of one registration belong to another one."""
    tx.execute(
        update(tables.companions)
        .where(_COMPANION.registration_id == origin)
        .values(registration_id=to)
    )


def need_no_consent(tx: Transaction, registration: RegistrationId) -> None:
    """Forget whether companions have agreed: their place asks for nothing."""
    tx.execute(
        update(tables.companions)
        .where(_COMPANION.registration_id == registration)
        .values(consent=None, code_hash=None)
    )


def remove(tx: Transaction, companion: CompanionId) -> None:
    """Delete a companion; what they agreed to stays recorded, without their name."""
    tx.execute(delete(tables.companions).where(_COMPANION.id == companion))


def _invited(number: int, name: str, consent: str | None) -> Invited:
    return Invited(CompanionId(number), name, None if consent is None else ConsentState(consent))


def invited(tx: Transaction, code_hash: str) -> tuple[EventId, PlaceId, str] | None:
    """Find out to which event and place the companion with this code is invited, and their name."""
    row = tx.execute(
        select(_registration.c.event_id, _registration.c.place_id, _COMPANION.name)
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.code_hash == code_hash)
    ).one_or_none()
    return None if row is None else (EventId(row.event_id), PlaceId(row.place_id), row.name)
