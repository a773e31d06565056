"""People, their roles, and the codes that make somebody a member of staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.events import EventId
from bot.domain.people import Contact, ContactKind, Member, OpenInvitation, PersonId, Role
from bot.domain.reach import Unreachable
from bot.domain.seats import RegistrationState
from bot.store.database import Transaction
from bot.store.seats import order_of
from bot.store.tables import (
    conversations,
    identities,
    invitations,
    persons,
    registrations,
    staff,
)

_ROLE = select(staff.c.role).where(staff.c.person_id == bindparam("person"))


def role(tx: Transaction, person: PersonId) -> Role | None:
    """Find out what somebody may do as a member of staff."""
    found = tx.execute(_ROLE, {"person": person}).scalar_one_or_none()
    return Role(found) if found is not None else None


def appoint(tx: Transaction, person: PersonId, role: Role, now: datetime) -> None:
    """Give somebody a role; an earlier one is replaced."""
    tx.execute(delete(staff).where(staff.c.person_id == person))
    tx.execute(insert(staff).values(person_id=person, role=role.value, since=now))


def dismiss(tx: Transaction, person: PersonId) -> None:
    """Take somebody's role."""
    tx.execute(delete(staff).where(staff.c.person_id == person))


def admins(tx: Transaction) -> int:
    """Count the admins."""
    return tx.execute(select(func.count()).where(staff.c.role == Role.ADMIN.value)).scalar_one()


def members(tx: Transaction) -> list[Member]:
    """List the members of staff, who was there first first."""
    rows = tx.execute(
        select(
            staff.c.person_id,
            staff.c.role,
            staff.c.since,
            identities.c.channel,
            identities.c.address,
        )
        .outerjoin(identities, identities.c.person_id == staff.c.person_id)
        .order_by(staff.c.since, staff.c.person_id, identities.c.id)
    )
    chats: dict[tuple[PersonId, Role, datetime], list[tuple[str, str]]] = {}
    for person, role_, since, channel, address in rows:
        known = chats.setdefault((PersonId(person), Role(role_), since), [])
        if channel is not None:
            known.append((channel, address))
    return [Member(*member, tuple(known)) for member, known in chats.items()]


def open_invitations(tx: Transaction, now: datetime) -> list[OpenInvitation]:
    """List the invitations that can still be used."""
    rows = tx.execute(
        select(invitations.c.role, invitations.c.expires_at)
        .where(invitations.c.expires_at > now)
        .order_by(invitations.c.expires_at)
    )
    return [OpenInvitation(Role(role_), expires_at) for role_, expires_at in rows]


def withdraw_invitations(tx: Transaction) -> int:
    """Let no code that was given so far make anybody a member of staff; says how many."""
    return tx.execute(delete(invitations)).rowcount


def invite(tx: Transaction, code_hash: str, role: Role, expires_at: datetime) -> None:
    """Store an invitation; of its code only the hash."""
    tx.execute(
        insert(invitations).values(code_hash=code_hash, role=role.value, expires_at=expires_at)
    )


def offered(tx: Transaction, code_hash: str, now: datetime) -> Role | None:
    """Tell for which role an invitation is, without using it up."""
    found = tx.execute(
        select(invitations.c.role).where(
            invitations.c.code_hash == code_hash, invitations.c.expires_at > now
        )
    ).scalar_one_or_none()
    return Role(found) if found is not None else None


def redeem(tx: Transaction, code_hash: str, now: datetime) -> Role | None:
    """Use up an invitation: it is there once, and only until it expires."""
    found = tx.execute(
        delete(invitations)
        .where(invitations.c.code_hash == code_hash)
        .returning(invitations.c.role, invitations.c.expires_at)
    ).one_or_none()
    return Role(found.role) if found is not None and found.expires_at > now else None


def lose(tx: Transaction, channel: str, chats: Collection[str], now: datetime) -> None:
    """Note that nothing reaches the people of these chats, unless it is noted already."""
    if not chats:
        return
    theirs = select(conversations.c.person_id).where(
        conversations.c.channel == channel, conversations.c.chat.in_(chats)
    )
    tx.execute(
        update(persons)
        .where(persons.c.id.in_(theirs), persons.c.unreachable_since.is_(None))
        .values(unreachable_since=now)
    )


def find_again(tx: Transaction, people: Collection[PersonId]) -> None:
    """Note that these people can be reached again."""
    tx.execute(update(persons).where(persons.c.id.in_(people)).values(unreachable_since=None))


def unreachable(tx: Transaction, events: Collection[EventId]) -> list[Unreachable]:
    """List who has a seat or waits at these events and cannot be reached, in order of arrival."""
    row = registrations.c
    holding = (RegistrationState.CONFIRMED.value, RegistrationState.WAITING.value)
    found = tx.execute(
        select(
            row.person_id,
            row.event_id,
            row.name,
            row.contact_kind,
            row.contact,
            persons.c.unreachable_since,
        )
        .join(persons, persons.c.id == row.person_id)
        .where(
            persons.c.unreachable_since.is_not(None),
            row.event_id.in_(events),
            row.state.in_(holding),
        )
        .order_by(row.event_id, *order_of(registrations))
    )
    # Whoever has a seat and waits for another one is called once.
    first = {(each.person_id, each.event_id): each for each in reversed(found.all())}
    return [
        Unreachable(
            EventId(each.event_id),
            each.name,
            Contact(ContactKind(each.contact_kind), each.contact),
            each.unreachable_since,
        )
        for each in reversed(first.values())
    ]
