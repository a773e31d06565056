"""Conversations: whose they are, in which language, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    Update,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.people import ConversationId, PersonId
from bot.store.database import Transaction, insert_unless_there
from bot.store.statements import ForEach, Given
from bot.store.tables import conversations, identities, persons

Key = tuple[str, str]
"""Channel and chat."""


@dataclass(slots=True)
class Conversation:
    """A row that one batch holds locked; `state` is what the dialogue stored."""

    id: ConversationId
    channel: str
    chat: str
    person: PersonId
    language: str | None
    state: Any
    updated_at: datetime
    is_unreachable: bool = False
    """Whether the network last said of this person that nothing reaches them."""


_c = conversations.c
_COLUMNS = (_c.id, _c.channel, _c.chat, _c.person_id, _c.language, _c.state, _c.updated_at)
_UNREACHABLE = select(persons.c.unreachable_since.is_not(None)).where(persons.c.id == _c.person_id)
_NOW = bindparam("now", type_=_c.updated_at.type)


def _finding(given: Given, _dialect: str) -> Select[Any]:
    return (
        select(*_COLUMNS, _UNREACHABLE.scalar_subquery())
        .where(_c.channel == given.channel, _c.chat == given.chat)
        .order_by(_c.id)
        .with_for_update(of=conversations)
    )


def _saving(given: Given, _dialect: str) -> Update:
    return (
        update(conversations)
        .where(_c.id == given.id)
        .values(language=given.language, state=given.state, updated_at=_NOW)
    )


def _identifying(given: Given, dialect: str) -> ReturningInsert[Any]:
    way = identities.c
    columns = [way.person_id, way.channel, way.address]
    new = select(given.person_id, given.channel, given.address).where(true())
    return insert_unless_there(identities, dialect).from_select(columns, new).returning(*columns)


def _opening(given: Given, dialect: str) -> ReturningInsert[Any]:
    new = select(given.person_id, given.channel, given.chat, _NOW).where(true())
    inserted = insert_unless_there(conversations, dialect).from_select(
        [_c.person_id, _c.channel, _c.chat, _c.updated_at], new
    )
    return inserted.returning(*_COLUMNS)


def _creating(given: Given, _dialect: str) -> ReturningInsert[Any]:
    new = insert(persons).from_select([persons.c.created_at], select(given.created_at))
    return new.returning(persons.c.id)


_FIND = ForEach(_finding, _c.channel, _c.chat)
_SAVE = ForEach(_saving, _c.id, _c.language, _c.state)
_CREATE = ForEach(_creating, persons.c.created_at)
_IDENTIFY = ForEach(
    _identifying, identities.c.person_id, identities.c.channel, identities.c.address
)
_OPEN = ForEach(_opening, _c.person_id, _c.channel, _c.chat)


def lock(tx: Transaction, keys: Iterable[Key], now: datetime) -> dict[Key, Conversation]:
    """Load and lock these conversations by ascending id; those that are new are opened."""
    wanted = sorted(set(keys))
    found = _find(tx, wanted)
    if missing := [key for key in wanted if key not in found]:
        found |= _open(tx, missing, now)
    if missing := [key for key in wanted if key not in found]:
        found |= _find(tx, missing)  # another program opened them in the same moment
    return found


def save(tx: Transaction, changed: Sequence[Conversation], now: datetime) -> None:
    """Write language and state of all these conversations at once."""
    rows = [{"id": each.id, "language": each.language, "state": each.state} for each in changed]
    _SAVE(tx, rows, now=now)


def addresses(tx: Transaction, people: Iterable[PersonId]) -> dict[PersonId, Conversation]:
    """Find the chat in which each of these people was last heard of."""
    rows = tx.execute(
        select(_c.id, _c.channel, _c.chat, _c.person_id, _c.language, null(), _c.updated_at)
        .where(_c.person_id.in_(list(people)))
        .order_by(_c.updated_at, _c.id)
    )
    return {row.person_id: Conversation(*row) for row in rows}


def in_chats(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Conversation]:
    """Find the conversations in these chats, without their answers and without a lock."""
    rows = tx.execute(
        select(_c.id, _c.channel, _c.chat, _c.person_id, _c.language, null(), _c.updated_at).where(
            tuple_(_c.channel, _c.chat).in_(list(keys))
        )
    )
    return {(row.channel, row.chat): Conversation(*row) for row in rows}


def expire(tx: Transaction, before: datetime) -> int:
    """Forget the answers of conversations that were not taken up since; says how many."""
    return tx.execute(
        update(conversations)
        .where(_c.updated_at < before, _c.state.is_not(None))
        .values(state=null())
    ).rowcount


def _find(tx: Transaction, keys: list[Key]) -> dict[Key, Conversation]:
    rows = [{"channel": channel, "chat": chat} for channel, chat in keys]
    return {(row[1], row[2]): Conversation(*row) for row in _FIND(tx, rows)}


def _open(tx: Transaction, keys: list[Key], now: datetime) -> dict[Key, Conversation]:
    people = _people(tx, keys, now)
    new = [
        {"person_id": people[channel, chat], "channel": channel, "chat": chat}
        for channel, chat in keys
    ]
    return {(row[1], row[2]): Conversation(*row) for row in _OPEN(tx, new, now=now)}


def _people(tx: Transaction, keys: list[Key], now: datetime) -> dict[Key, PersonId]:
    """Make a person for each of these chats, unless somebody is known by it already."""
    created = [person for (person,) in _CREATE(tx, [{"created_at": now} for _ in keys])]
    identified = _IDENTIFY(
        tx,
        [
            {"person_id": person, "channel": channel, "address": chat}
            for person, (channel, chat) in zip(created, keys, strict=True)
        ],
    )
    people = {(row[1], row[2]): PersonId(row[0]) for row in identified}
    if len(people) < len(keys):
        unclaimed = set(created) - set(people.values())
        tx.execute(delete(persons).where(persons.c.id.in_(unclaimed)))
        people |= _known_people(tx, [key for key in keys if key not in people])
    return people


def _known_people(tx: Transaction, keys: list[Key]) -> dict[Key, PersonId]:
    rows = tx.execute(
        select(identities.c.channel, identities.c.address, identities.c.person_id).where(
            tuple_(identities.c.channel, identities.c.address).in_(keys)
        )
    )
    return {(row.channel, row.address): PersonId(row.person_id) for row in rows}


def count(tx: Transaction) -> int:
    """Count the conversations."""
    return tx.execute(select(func.count()).select_from(conversations)).scalar_one()
