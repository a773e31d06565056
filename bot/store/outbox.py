"""The outbox: what has to be said, written in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, null, select, update

from bot.store.database import Transaction
from bot.store.tables import outbox

_c = outbox.c
_PUT = insert(outbox).returning(_c.id)
_SENT = update(outbox).where(_c.id == bindparam("row")).values(state="sent", payload=null())


_AT_ONCE = 100


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
    ids = tx.execute(
        _PUT,
        [
            {
                "channel": letter.channel,
                "chat": letter.chat,
                "payload": letter.payload,
                "bulk": letter.bulk,
                "state": "waiting",
                "created_at": now,
                "not_before": sweep_at,
                "attempts": 0,
            }
            for letter in letters
        ],
    ).scalars()
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
    rows = [{"row": letter} for letter in letters]
    if rows:
        tx.execute(_SENT, rows)


def postpone(tx: Transaction, letter: int, until: datetime) -> None:
    """Try a letter again later."""
    tx.execute(
        update(outbox).where(_c.id == letter).values(not_before=until, attempts=_c.attempts + 1)
    )


def give_up(tx: Transaction, letter: int, reason: str) -> None:
    """Set a letter aside that cannot be delivered, with the reason; its content is emptied."""
    tx.execute(
        update(outbox).where(_c.id == letter).values(state="failed", payload=null(), reason=reason)
    )


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete letters that were dealt with long ago; says how many."""
    return tx.execute(delete(outbox).where(_c.created_at < moment, _c.state != "waiting")).rowcount
