"""Companions: who comes along, whether they have agreed, and the codes with which they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, delete, func, insert, select, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import Accompanied, CompanionId, RegistrationId, RegistrationState
from bot.store import tables
from bot.store.database import Transaction
from bot.store.lines import groups_up_to
from bot.store.seats import CONFIRMED, WAITING, Held, held, held_columns

_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
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
    child: bool = False


_INSERT = insert(tables.companions).returning(_COMPANION.id, sort_by_parameter_order=True)
_COLUMNS = (_COMPANION.id, _COMPANION.name, _COMPANION.consent, _COMPANION.child)
_BY_THEMSELVES = (_CONSENT.companion_id.is_not(None), _CONSENT.for_child.is_(False))
_ANSWERED_BY = select(_CONSENT.person_id).where(
    *_BY_THEMSELVES, _CONSENT.state == ConsentState.GIVEN
)


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


def next_rank(tx: Transaction, registration: RegistrationId) -> int:
    """Give the rank behind all companions of a registration."""
    highest = select(func.max(_COMPANION.rank)).where(_COMPANION.registration_id == registration)
    last = tx.execute(highest).scalar_one()
    return 0 if last is None else last + 1


def by_code(tx: Transaction, event: EventId, code_hash: str) -> tuple[Invited, Held] | None:
    """Find the companion with this code, and the registration to which they belong."""
    row = tx.execute(
        select(*_COLUMNS, *held_columns(_registration))
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.code_hash == code_hash, _registration.c.event_id == event)
    ).one_or_none()
    registration = held(row[4:]) if row is not None else None
    if row is None or registration is None:
        return None
    return _invited(*row[:4]), registration


def answered_by(tx: Transaction, companion: CompanionId) -> PersonId | None:
    """Find out who has agreed as this companion, in a chat of their own."""
    found = tx.execute(_ANSWERED_BY.where(_CONSENT.companion_id == companion)).scalar()
    return None if found is None else PersonId(found)


def of_person(
    tx: Transaction, event: EventId, companion: CompanionId, person: PersonId
) -> tuple[Invited, Held] | None:
    """Find the companion as whom a person has agreed, and the registration they belong to."""
    row = tx.execute(
        select(*_COLUMNS, *held_columns(_registration))
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.id == companion, _registration.c.event_id == event)
    ).one_or_none()
    registration = held(row[4:]) if row is not None else None
    if row is None or registration is None or answered_by(tx, companion) != person:
        return None
    return _invited(*row[:4]), registration


def accompanied(tx: Transaction, person: PersonId) -> list[Accompanied]:
    """List what others have registered for somebody who has agreed as their companion."""
    own = select(_CONSENT.companion_id).where(_CONSENT.person_id == person, *_BY_THEMSELVES)
    c = _registration.c
    position = case((c.state == WAITING, groups_up_to(_registration))).label("position")
    registration = (c.id.label("registration"), c.name.label("registered_by"), position)
    rows = tx.execute(
        select(
            *(_COMPANION.id, _COMPANION.name, _COMPANION.consent, _COMPANION.access_sent_at),
            *(c.event_id, c.place_id, c.arrival_number, c.state, *registration),
        )
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.id.in_(own), c.person_id != person)
        .order_by(_COMPANION.id)
    )
    return [
        Accompanied(
            id=CompanionId(row.id),
            event=EventId(row.event_id),
            place=PlaceId(row.place_id),
            registration=RegistrationId(row.registration),
            arrival_number=row.arrival_number,
            state=RegistrationState(row.state),
            name=row.name,
            registered_by=row.registered_by,
            consent=None if row.consent is None else ConsentState(row.consent),
            position=row.position,
            has_access=row.access_sent_at is not None,
        )
        for row in rows
    ]


def rename(tx: Transaction, companion: CompanionId, name: str) -> None:
    """Correct the name of a companion."""
    tx.execute(update(tables.companions).where(_COMPANION.id == companion).values(name=name))


def renew_code(tx: Transaction, companion: CompanionId, code_hash: str) -> None:
    """Store another code for a companion."""
    tx.execute(
        update(tables.companions).where(_COMPANION.id == companion).values(code_hash=code_hash)
    )


def answer(tx: Transaction, companion: CompanionId, consent: ConsentState) -> None:
    """Store whether a companion has agreed."""
    tx.execute(update(tables.companions).where(_COMPANION.id == companion).values(consent=consent))


def move(tx: Transaction, origin: RegistrationId, to: RegistrationId) -> None:
    """Let the companions of one registration belong to another one, perhaps at another place."""
    tx.execute(
        update(tables.companions)
        .where(_COMPANION.registration_id == origin)
        .values(registration_id=to, access_sent_at=None)
    )


def move_last(tx: Transaction, origin: RegistrationId, to: RegistrationId, count: int) -> None:
    """Let the last companions of one registration belong to another one."""
    last = [each.id for each in of(tx, origin)][-count:]
    tx.execute(update(tables.companions).where(_COMPANION.id.in_(last)).values(registration_id=to))


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


def _invited(number: int, name: str, consent: str | None, child: bool) -> Invited:  # noqa: FBT001
    state = None if consent is None else ConsentState(consent)
    return Invited(CompanionId(number), name, state, child)


@dataclass(frozen=True)
class Invitee:
    """For what a companion with a code is invited, by whom, and who has answered with the code."""

    id: CompanionId
    name: str
    event: EventId
    place: PlaceId
    sender: str
    registered_by: PersonId
    answered_by: PersonId | None


def invited(tx: Transaction, code_hash: str) -> Invitee | None:
    """Find out what the companion with this code is invited to, as long as there is a seat."""
    row = tx.execute(
        select(
            _COMPANION.id,
            _COMPANION.name,
            _registration.c.event_id,
            _registration.c.place_id,
            _registration.c.name,
            _registration.c.person_id,
        )
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.code_hash == code_hash, _registration.c.state.in_([CONFIRMED, WAITING]))
    ).one_or_none()
    if row is None:
        return None
    number, name, event, place, sender, person = row
    return Invitee(
        id=CompanionId(number),
        name=name,
        event=EventId(event),
        place=PlaceId(place),
        sender=sender,
        registered_by=PersonId(person),
        answered_by=answered_by(tx, CompanionId(number)),
    )
