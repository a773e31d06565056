"""What time alone makes obsolete: each function deletes it, and deletes nothing when run again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, exists, or_, select, update

from bot.domain.people import ContactKind, PersonId
from bot.store import privacy, tables
from bot.store.database import Transaction

PORTION = 100
"""How many people one round erases at most, so that nobody has to wait for it."""

_EVENT = tables.events.c
_REGISTRATION = tables.registrations.c
_LETTER = tables.outbox.c
_CONVERSATION = tables.conversations.c


def _ended(before: datetime) -> Select[tuple[int]]:
    return select(_EVENT.id).where(_EVENT.ends_at <= before)


def forget_needs(tx: Transaction, now: datetime) -> int:
    """Delete accessibility needs of events that are over; says how many."""
    return tx.execute(
        update(tables.registrations)
        .where(_REGISTRATION.needs != "", _REGISTRATION.event_id.in_(_ended(now)))
        .values(needs="")
    ).rowcount


def forget_details(tx: Transaction, before: datetime) -> int:
    """Take names and contacts out of registrations of events that ended before; says how many."""
    told = or_(
        _REGISTRATION.name != "",
        _REGISTRATION.contact != "",
        _REGISTRATION.contact_kind != ContactKind.CHAT.value,
        _REGISTRATION.organisation != "",
        _REGISTRATION.needs != "",
        _REGISTRATION.run.is_not(None),
    )
    return privacy.blank(tx, _REGISTRATION.event_id.in_(_ended(before)) & told)


def forget_consents(tx: Transaction, before: datetime) -> int:
    """Delete the proofs of consents for events that ended before; says how many."""
    return tx.execute(
        delete(tables.consents).where(tables.consents.c.event_id.in_(_ended(before)))
    ).rowcount


def forget_letters_to_nobody(tx: Transaction) -> int:
    """Delete what is left of letters to chats that are forgotten: even the address is personal."""
    known = exists().where(
        _CONVERSATION.channel == _LETTER.channel, _CONVERSATION.chat == _LETTER.chat
    )
    return tx.execute(delete(tables.outbox).where(_LETTER.state != "waiting", ~known)).rowcount


def forget_idle(tx: Transaction, before: datetime) -> int:
    """Erase people who have not written since, and of whom nothing but a chat is kept.

    Says how many; no more than a portion at once, the next round goes on.
    """
    person = tables.persons.c.id
    kept = (tables.registrations, tables.ideas, tables.consents, tables.staff)
    nothing_else = [~exists().where(table.c.person_id == person) for table in kept]
    recent = exists().where(_CONVERSATION.person_id == person, _CONVERSATION.updated_at >= before)
    chats = exists().where(_CONVERSATION.person_id == person)
    idle = tx.execute(
        select(person).where(chats, ~recent, *nothing_else).order_by(person).limit(PORTION)
    ).scalars()
    people = [PersonId(each) for each in idle]
    for each in people:
        privacy.erase(tx, each, before, ideas_too=False)
    return len(people)


def forget_invitations(tx: Transaction, now: datetime) -> int:
    """Delete one-time codes that nobody can use any more; says how many."""
    return sum(
        tx.execute(delete(table).where(table.c.expires_at <= now)).rowcount
        for table in (tables.invitations, tables.links)
    )
