"""What time alone makes obsolete: each function deletes it, and deletes nothing when run again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from bot.domain.deletions import Subject
from bot.domain.events import EventId
from bot.domain.links import UNDO_LASTS
from bot.domain.people import ContactKind, PersonId
from bot.store import privacy, tables
from bot.store.database import Transaction

PORTION = 100
"""How many people one round erases at most, so that nobody has to wait for it."""

_EVENT = tables.events.c
_REGISTRATION = tables.registrations.c
_LETTER = tables.outbox.c
_CONVERSATION = tables.conversations.c


def due(tx: Transaction, subject: Subject, ended: datetime, soon: datetime) -> list[EventId]:
    """List the events of which something is deleted, or will be soon.

    That is due for those that ended by `ended` and have something left, and soon due for those
    that end by `soon`.
    """
    left = {
        Subject.NEEDS: _registered_with(_REGISTRATION.needs != ""),
        Subject.NAMES: _registered_with(_NAMED),
        Subject.CONSENTS: exists().where(tables.consents.c.event_id == _EVENT.id),
    }[subject]
    is_due = or_(_EVENT.ends_at > ended, left)
    rows = tx.execute(select(_EVENT.id).where(_EVENT.ends_at <= soon, is_due))
    return [EventId(event) for event in rows.scalars()]


def _registered_with(told: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_REGISTRATION.event_id == _EVENT.id, told)


_NAMED = or_(
    _REGISTRATION.name != "",
    _REGISTRATION.contact != "",
    _REGISTRATION.contact_kind != ContactKind.CHAT.value,
    _REGISTRATION.organisation != "",
    _REGISTRATION.needs != "",
    _REGISTRATION.run.is_not(None),
)


def forget(tx: Transaction, subject: Subject, events: Sequence[EventId]) -> int:
    """Delete needs, names and contacts, or the proofs of consents; says how many."""
    at_those = _REGISTRATION.event_id.in_(events)
    match subject:
        case Subject.NEEDS:
            needed = update(tables.registrations).where(_REGISTRATION.needs != "", at_those)
            return tx.execute(needed.values(needs="")).rowcount
        case Subject.NAMES:
            return privacy.blank(tx, and_(at_those, _NAMED))
        case Subject.CONSENTS:
            proofs = delete(tables.consents).where(tables.consents.c.event_id.in_(events))
            return tx.execute(proofs).rowcount


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
    """Delete codes that nobody can use any more, and what a joining was that nobody can undo."""
    undone = tables.joinings.c.joined_at <= now - UNDO_LASTS
    return tx.execute(delete(tables.joinings).where(undone)).rowcount + sum(
        tx.execute(delete(table).where(table.c.expires_at <= now)).rowcount
        for table in (tables.invitations, tables.links)
    )
