"""The outbox: what has to be said, written in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, delete, func, insert, literal, null, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.store.database import Transaction
from bot.store.statements import ForEach, Given
from bot.store.tables import outbox

_c = outbox.c


def _putting(given: Given, _dialect: str) -> ReturningInsert[int]:
    moments = [bindparam(name, type_=_c.created_at.type) for name in ("now", "sweep_at")]
    owed = (literal("waiting"), literal(0), *moments)
    new = select(given.channel, given.chat, given.payload, given.bulk, *owed)
    columns = (_c.channel, _c.chat, _c.payload, _c.bulk, _c.state, _c.attempts)
    into = insert(outbox).from_select([*columns, _c.created_at, _c.not_before], new)
    return into.returning(_c.id)


def _emptying(given: Given, _dialect: str) -> Update:
    return update(outbox).where(_c.id == given.id).values(state="sent", payload=null())


_PUT = ForEach(_putting, _c.channel, _c.chat, _c.payload, _c.bulk)
_EMPTY = ForEach(_emptying, _c.id)


_AT_ONCE = 100

AHEAD = timedelta(days=2)
"""Further ahead than any letter is leased."""

OUT_OF_REACH = "nobody could be reached in this chat for a long time"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is owed to one chat; letters of a chat are sent in the order of their ids."""

    id: int
    channel: str
    chat: str
    payload: dict[str, Any]
    bulk: bool = False
    attempts: int = 0


def put(
    tx: Transaction, letters: Sequence[Letter], now: datetime, sweep_at: datetime
) -> list[Letter]:
    """Store letters; until `sweep_at` whoever stored them may send them, afterwards anybody."""
    if not letters:
        return []
    rows = [
        {
            "channel": letter.channel,
            "chat": letter.chat,
            "payload": letter.payload,
            "bulk": letter.bulk,
        }
        for letter in letters
    ]
    ids = [number for (number,) in _PUT(tx, rows, now=now, sweep_at=sweep_at)]
    return [
        Letter(number, letter.channel, letter.chat, letter.payload, letter.bulk)
        # Rows are numbered in the order in which they are given, whatever order they return in.
        for number, letter in zip(sorted(ids), letters, strict=True)
    ]


def claim(
    tx: Transaction,
    channel: str,
    now: datetime,
    until: datetime,
    chat: str | None = None,
) -> list[Letter]:
    """Take letters of a channel (or one of its chats) that nobody is sending, oldest first.

    What stands behind a letter that somebody is still trying to send stays where it is.
    """
    earlier = outbox.alias("earlier")
    held_up = (
        select(earlier.c.id)
        .where(
            earlier.c.state == "waiting",
            earlier.c.channel == _c.channel,
            earlier.c.chat == _c.chat,
            earlier.c.id < _c.id,
            earlier.c.not_before > now,
        )
        .exists()
    )
    due = (
        select(_c.id)
        .where(_c.state == "waiting", _c.channel == channel, _c.not_before <= now, ~held_up)
        .order_by(_c.bulk, _c.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if chat is not None:
        due = due.where(_c.chat == chat)
    ids = list(tx.execute(due).scalars())
    if not ids:
        return []
    tx.execute(update(outbox).where(_c.id.in_(ids)).values(not_before=until))
    rows = tx.execute(
        select(_c.id, _c.channel, _c.chat, _c.payload, _c.bulk, _c.attempts)
        .where(_c.id.in_(ids))
        .order_by(_c.bulk, _c.id)
    )
    return [Letter(*row) for row in rows]


def mark_sent(tx: Transaction, letters: Iterable[int]) -> None:
    """Note that letters have arrived; their content is emptied."""
    _EMPTY(tx, [{"id": letter} for letter in letters])


def lease(tx: Transaction, letters: Sequence[int], until: datetime) -> set[int]:
    """Say until when letters belong to a program; gives those that are still owed."""
    if not letters:
        return set()
    still_owed = update(outbox).where(_c.id.in_(letters), _c.state == "waiting")
    return set(tx.execute(still_owed.values(not_before=until).returning(_c.id)).scalars())


def free(tx: Transaction, channel: str, now: datetime, chat: str | None = None) -> None:
    """Let all leases end, because no program that holds one is still there."""
    leased = update(outbox).where(
        _c.state == "waiting",
        _c.channel == channel,
        _c.not_before > now,
        _c.not_before <= now + AHEAD,
    )
    if chat is not None:
        leased = leased.where(_c.chat == chat)
    tx.execute(leased.values(not_before=now))


def hold(tx: Transaction, channel: str, chat: str, now: datetime, longest: timedelta) -> None:
    """Let everything wait that is owed to a chat which cannot be reached.

    What has been waiting for the longest time already is set aside.
    """
    owed = update(outbox).where(_c.channel == channel, _c.chat == chat, _c.state == "waiting")
    tx.execute(
        owed.where(_c.created_at <= now - longest).values(
            state="failed", payload=null(), reason=OUT_OF_REACH
        )
    )
    tx.execute(owed.values(not_before=now + longest))


def resume(
    tx: Transaction, channel: str, chat: str, now: datetime, until: datetime
) -> list[Letter]:
    """Take what was held for a chat that can be reached again, oldest first."""
    tx.execute(
        update(outbox)
        .where(
            _c.channel == channel,
            _c.chat == chat,
            _c.state == "waiting",
            _c.not_before > now + AHEAD,
        )
        .values(not_before=now)
    )
    return claim(tx, channel, now, until, chat)


def give_up(tx: Transaction, letter: int, reason: str) -> None:
    """Set a letter aside that cannot be delivered, with the reason; its content is emptied."""
    tx.execute(
        update(outbox).where(_c.id == letter).values(state="failed", payload=null(), reason=reason)
    )


def undelivered(tx: Transaction) -> dict[str, int]:
    """Count the letters that were set aside, by reason; they are forgotten after 30 days."""
    rows = tx.execute(
        select(_c.reason, func.count())
        .where(_c.state == "failed")
        .group_by(_c.reason)
        .order_by(func.count().desc(), _c.reason)
    )
    return {reason or "": count for reason, count in rows}


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete letters that were dealt with long ago; says how many."""
    return tx.execute(delete(outbox).where(_c.created_at < moment, _c.state != "waiting")).rowcount
