"""Registrations: stored, changed and ended by the use cases of the seats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import Contact, ContactKind, PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED, WAITING, Held
from bot.store.statements import ForEach, Given, storing

_registration = tables.registrations.alias("registration")
_ROW = _registration.c
_COMPANION = tables.companions.c
_c = tables.registrations.c
_LATER = {"id", "missed_at", "outdated", "access_sent_at"}
"""Columns of which a new registration says nothing."""

_INSERT = storing(*(each for each in _c if each.name not in _LATER), gives=[_c.id])
_CHANGE = (
    update(tables.registrations)
    .where(tables.registrations.c.id == bindparam("registration"))
    .values(
        state=bindparam("new_state"),
        party_size=bindparam("new_size"),
        sequence=bindparam("new_sequence"),
    )
)
_END = _CHANGE.values(needs="")


@dataclass(frozen=True)
class Details:
    """What a person told about themselves."""

    name: str
    contact: Contact
    organisation: str
    needs: str


@dataclass(frozen=True)
class NewRegistration:
    """A registration to be stored; `run` marks the command, `behind` is that of `Waiting`."""

    event: EventId
    place: PlaceId
    person: PersonId
    arrival_number: int
    arrived_at: datetime
    state: RegistrationState
    party_size: int
    channel: str
    details: Details
    run: str | None = None
    behind: int | None = None


def add(tx: Transaction, new: NewRegistration) -> RegistrationId:
    """Store a registration."""
    row = {
        "event_id": new.event,
        "place_id": new.place,
        "person_id": new.person,
        "arrival_number": new.arrival_number,
        "arrived_at": new.arrived_at,
        "state": new.state,
        "party_size": new.party_size,
        "channel": new.channel,
        "run": new.run,
        "behind": new.behind,
        "sequence": 0,
    } | _detail_columns(new.details)
    ((number,),) = _INSERT(tx, [row])
    return RegistrationId(number)


def change(tx: Transaction, held: Held) -> None:
    """Write state and size of a registration; one that is over keeps no needs (health data)."""
    tx.execute(
        _CHANGE if held.state in (RegistrationState.CONFIRMED, RegistrationState.WAITING) else _END,
        {
            "registration": held.registration,
            "new_state": held.state,
            "new_size": held.party_size,
            "new_sequence": held.sequence,
        },
    )


def amend(tx: Transaction, registration: RegistrationId, told: Details) -> None:
    """Change what the person told about themselves."""
    tx.execute(
        update(tables.registrations)
        .where(tables.registrations.c.id == registration)
        .values(_detail_columns(told))
    )


def hand_over(tx: Transaction, registration: RegistrationId, person: PersonId) -> None:
    """Let a registration belong to somebody else, who was sent nothing yet."""
    tx.execute(
        update(tables.registrations)
        .where(tables.registrations.c.id == registration)
        .values(person_id=person, access_sent_at=None)
    )


def details(tx: Transaction, registration: RegistrationId) -> Details:
    """Read what the person told about themselves."""
    columns = (_ROW.name, _ROW.contact_kind, _ROW.contact, _ROW.organisation, _ROW.needs)
    name, kind, contact, organisation, needs = tx.execute(
        select(*columns).where(_ROW.id == registration)
    ).one()
    return Details(name, Contact(ContactKind(kind), contact), organisation, needs)


def forget_needs(tx: Transaction, event: EventId, person: PersonId) -> None:
    """Delete what a person needs, from all their registrations for this event."""
    rows = tables.registrations.c
    tx.execute(
        update(tables.registrations)
        .where(rows.event_id == event, rows.person_id == person)
        .values(needs="")
    )


def _knowing(given: Given, _dialect: str) -> Select[int]:
    person = tables.registrations.c.person_id
    return select(person).where(person == given.person_id).distinct()


_KNOWN = ForEach(_knowing, tables.registrations.c.person_id)


def registered(tx: Transaction, people: Iterable[PersonId]) -> set[PersonId]:
    """Find out which of these people have ever registered for anything."""
    return {person for (person,) in _KNOWN(tx, [{"person_id": person} for person in people])}


@dataclass(frozen=True)
class Holder:
    """Somebody who has a seat, or waits for one, and the registration with which they do."""

    person: PersonId
    registration: RegistrationId


def holders(tx: Transaction, event: EventId) -> list[Holder]:
    """List everybody who has a seat or waits at an event, each once, in order of arrival.

    Companions who have agreed in a chat of their own are among them.
    """
    rows, consent = tables.registrations.c, tables.consents.c
    live = (rows.event_id == event) & rows.state.in_([CONFIRMED, WAITING])
    agreed = (consent.state == ConsentState.GIVEN) & consent.for_child.is_(False)
    beside = (
        select(consent.person_id.label("person"), rows.id.label("number"))
        .select_from(
            tables.consents.join(tables.companions, consent.companion_id == _COMPANION.id).join(
                tables.registrations, _COMPANION.registration_id == rows.id
            )
        )
        .where(live, agreed, consent.person_id.is_not(None))
    )
    own = select(rows.person_id.label("person"), rows.id.label("number")).where(live)
    everybody = own.union_all(beside).subquery()
    first = func.min(everybody.c.number)
    found = tx.execute(
        select(everybody.c.person, first).group_by(everybody.c.person).order_by(first)
    )
    return [Holder(PersonId(person), RegistrationId(number)) for person, number in found]


def _detail_columns(told: Details) -> dict[str, object]:
    return {
        "name": told.name,
        "contact_kind": told.contact.kind,
        "contact": told.contact.value,
        "organisation": told.organisation,
        "needs": told.needs,
    }
