"""Conversations: whose they are, in which language, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, null, select, tuple_, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.people import ConversationId, PersonId
from bot.store.database import Transaction, insert_unless_there
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


_c = conversations.c
_COLUMNS = (_c.id, _c.channel, _c.chat, _c.person_id, _c.language, _c.state, _c.updated_at)
_PERSON = insert(persons).returning(persons.c.id)
_FIND = (
    select(*_COLUMNS)
    .where(tuple_(_c.channel, _c.chat).in_(bindparam("keys", expanding=True)))
    .order_by(_c.id)
    .with_for_update()
)
_SAVE = (
    update(conversations)
    .where(_c.id == bindparam("row"))
    .values(
        language=bindparam("new_language"),
        state=bindparam("new_state"),
        updated_at=bindparam("now"),
    )
)


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
    tx.execute(
        _SAVE,
        [
            {
                "row": conversation.id,
                "new_language": conversation.language,
                "new_state": conversation.state,
                "now": now,
            }
            for conversation in changed
        ],
    )


def addresses(tx: Transaction, people: Iterable[PersonId]) -> dict[PersonId, Conversation]:
    """Find the chat in which each of these people was last heard of."""
    rows = tx.execute(
        select(_c.id, _c.channel, _c.chat, _c.person_id, _c.language, null(), _c.updated_at)
        .where(_c.person_id.in_(list(people)))
        .order_by(_c.updated_at, _c.id)
    )
    return {row.person_id: Conversation(*row) for row in rows}


def expire(tx: Transaction, before: datetime) -> int:
    """Forget the answers of conversations that were not taken up since; says how many."""
    return tx.execute(
        update(conversations)
        .where(_c.updated_at < before, _c.state.is_not(None))
        .values(state=null())
    ).rowcount


def _find(tx: Transaction, keys: list[Key]) -> dict[Key, Conversation]:
    rows = tx.execute(_FIND, {"keys": keys})
    return {(row[1], row[2]): Conversation(*row) for row in rows}


def _open(tx: Transaction, keys: list[Key], now: datetime) -> dict[Key, Conversation]:
    people = _people(tx, keys, now)
    rows = tx.execute(
        _opening(tx.dialect.name),
        [
            {
                "channel": channel,
                "chat": chat,
                "person_id": people[channel, chat],
                "updated_at": now,
            }
            for channel, chat in keys
        ],
    )
    return {(row[1], row[2]): Conversation(*row) for row in rows}


def _people(tx: Transaction, keys: list[Key], now: datetime) -> dict[Key, PersonId]:
    """Make a person for each of these chats, unless somebody is known by it already."""
    created = tx.execute(_PERSON, [{"created_at": now} for _ in keys]).scalars().all()
    identified = tx.execute(
        _identifying(tx.dialect.name),
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


@cache
def _opening(dialect: str) -> ReturningInsert[Any]:
    return insert_unless_there(conversations, dialect).returning(*_COLUMNS)


@cache
def _identifying(dialect: str) -> ReturningInsert[Any]:
    columns = (identities.c.person_id, identities.c.channel, identities.c.address)
    return insert_unless_there(identities, dialect).returning(*columns)


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
