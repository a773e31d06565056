"""Erasing one person: what identifies them goes, what others have to rely on stays, without them.

Nobody and nothing leads back from what stays: not from a consent, not from an idea. Registrations
keep their arrival number and size, because the counts of an event have to add up; they belong to
a bare row of `persons` that holds nothing but its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, delete, select, tuple_, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.ideas import IdeaState
from bot.domain.people import ContactKind, PersonId
from bot.domain.seats import CompanionId, RegistrationId, RegistrationState
from bot.store import links, tables
from bot.store.companions import Invited
from bot.store.database import Transaction
from bot.store.seats import CONFIRMED, WAITING, Held, held, held_columns

_REGISTRATION = tables.registrations.c
_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
_IDEA = tables.ideas.c
_registration = tables.registrations.alias("registration")

NOBODY: Mapping[str, object] = {
    "name": "",
    "contact_kind": ContactKind.CHAT.value,
    "contact": "",
    "organisation": "",
    "needs": "",
    "run": None,
}
"""What a registration says when it no longer says who it was."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When a bare person was first seen: nobody knows any more."""


@dataclass(frozen=True)
class Accompanying:
    """Somebody who comes along with another person, whose registration is `held`."""

    companion: Invited
    held: Held

    @property
    def counts(self) -> bool:
        """Tell whether the registration is a seat or a place in line."""
        return self.held.state in {RegistrationState.CONFIRMED, RegistrationState.WAITING}


@dataclass(frozen=True)
class Erased:
    """How much stays without the person, and how many ideas were deleted."""

    ideas_kept: int
    ideas_deleted: int
    consents_kept: int


@dataclass(frozen=True)
class Counting:
    """A seat or a place in line."""

    event: EventId
    registration: RegistrationId
    place: PlaceId


def counting(tx: Transaction, person: PersonId) -> list[Counting]:
    """List a person's seats and places in line."""
    rows = tx.execute(
        select(_REGISTRATION.event_id, _REGISTRATION.id, _REGISTRATION.place_id)
        .where(_REGISTRATION.person_id == person, _REGISTRATION.state.in_([CONFIRMED, WAITING]))
        .order_by(_REGISTRATION.id)
    )
    return [Counting(EventId(row[0]), RegistrationId(row[1]), PlaceId(row[2])) for row in rows]


def accompanying(tx: Transaction, person: PersonId) -> list[tuple[EventId, CompanionId]]:
    """List as which companions of other people a person has answered, and at which events."""
    rows = tx.execute(
        select(_registration.c.event_id, _COMPANION.id)
        .select_from(
            tables.consents.join(tables.companions, _CONSENT.companion_id == _COMPANION.id).join(
                _registration, _COMPANION.registration_id == _registration.c.id
            )
        )
        .where(_CONSENT.person_id == person, _registration.c.person_id != person)
        .distinct()
        .order_by(_COMPANION.id)
    )
    return [(EventId(event), CompanionId(companion)) for event, companion in rows]


def companion(tx: Transaction, number: CompanionId) -> Accompanying | None:
    """Read a companion and the registration to which they belong."""
    row = tx.execute(
        select(_COMPANION.id, _COMPANION.name, _COMPANION.consent, *held_columns(_registration))
        .select_from(tables.companions.join(_registration))
        .where(_COMPANION.id == number)
    ).one_or_none()
    registration = held(row[3:]) if row is not None else None
    if row is None or registration is None:
        return None
    consent = None if row[2] is None else ConsentState(row[2])
    return Accompanying(Invited(CompanionId(row[0]), row[1], consent), registration)


def chats_of(person: PersonId) -> CompoundSelect[Any]:
    """Select channel and address of all chats of a person, for use in another statement."""
    identity, conversation = tables.identities.c, tables.conversations.c
    return (
        select(identity.channel, identity.address)
        .where(identity.person_id == person)
        .union(
            select(conversation.channel, conversation.chat).where(conversation.person_id == person)
        )
    )


def erase(tx: Transaction, person: PersonId, now: datetime, *, ideas_too: bool) -> Erased:
    """Erase a person whose seats are given back already."""
    consents_kept = _cut_consents(tx, person, now)
    blank(tx, _REGISTRATION.person_id == person)
    kept, deleted = _cut_ideas(tx, person, ideas_too=ideas_too)
    tx.execute(delete(tables.pictures).where(tables.pictures.c.person_id == person))
    letter = tables.outbox.c
    tx.execute(
        delete(tables.outbox).where(tuple_(letter.channel, letter.chat).in_(chats_of(person)))
    )
    late = tables.postponed.c
    tx.execute(
        delete(tables.postponed).where(tuple_(late.channel, late.chat).in_(chats_of(person)))
    )
    addresses = chats_of(person).subquery().c.address
    tx.execute(
        delete(tables.matrix_undecrypted).where(
            tables.matrix_undecrypted.c.sender.in_(select(addresses))
        )
    )
    for table in (tables.conversations, tables.identities, tables.staff):
        tx.execute(delete(table).where(table.c.person_id == person))
    links.forget(tx, [person])
    tx.execute(delete(tables.joinings).where(tables.joinings.c.person_id == person))
    _delete_or_bare(tx, person)
    return Erased(kept, deleted, consents_kept)


def blank(tx: Transaction, which: ColumnElement[bool]) -> int:
    """Take out of registrations who came, with whom, and what they needed; says how many."""
    blanked = select(_REGISTRATION.id).where(which)
    blank_companions(tx, _COMPANION.registration_id.in_(blanked))
    return tx.execute(update(tables.registrations).where(which).values(**NOBODY)).rowcount


def blank_companions(tx: Transaction, which: ColumnElement[bool]) -> None:
    """Take the names of companions away; how many there were stays."""
    tx.execute(update(tables.companions).where(which).values(name="", code_hash=None))


def blank_companion(tx: Transaction, number: CompanionId) -> None:
    """Take the name of one companion away."""
    blank_companions(tx, _COMPANION.id == number)


def _cut_consents(tx: Transaction, person: PersonId, now: datetime) -> int:
    """Withdraw all consents that still stand, and cut every link from them to the person."""
    theirs = update(tables.consents).where(_CONSENT.person_id == person)
    tx.execute(
        theirs.where(_CONSENT.state == ConsentState.GIVEN.value).values(
            state=ConsentState.WITHDRAWN.value, withdrawn_at=now
        )
    )
    cut = {"person_id": None, "registration_id": None, "companion_id": None}
    return tx.execute(theirs.values(**cut)).rowcount


def _cut_ideas(tx: Transaction, person: PersonId, *, ideas_too: bool) -> tuple[int, int]:
    """Publish ideas without their author, or delete them; says how many stay and how many go."""
    theirs = update(tables.ideas).where(_IDEA.person_id == person)
    received = theirs.where(_IDEA.state != IdeaState.WITHDRAWN.value)
    deleted = 0
    if ideas_too:
        withdrawn = received.values(state=IdeaState.WITHDRAWN.value, text="")
        deleted = tx.execute(withdrawn).rowcount
    cut = {"name": "", "organisation": "", "picture_id": None, "person_id": None, "run": None}
    kept = tx.execute(received.values(**cut)).rowcount
    tx.execute(theirs.values(**cut))
    return kept, deleted


def _delete_or_bare(tx: Transaction, person: PersonId) -> None:
    """Delete the person, or leave a bare number to which registrations belong."""
    persons = tables.persons
    referred = select(_REGISTRATION.id).where(_REGISTRATION.person_id == person)
    gone = tx.execute(delete(persons).where(persons.c.id == person, ~referred.exists())).rowcount
    if not gone:
        tx.execute(
            update(persons)
            .where(persons.c.id == person)
            .values(created_at=LONG_AGO, unreachable_since=None)
        )
