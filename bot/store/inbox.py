"""Which messages of the networks were taken already, so that none counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import delete, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import inbox


@cache
def _accept(dialect: str) -> ReturningInsert[str, str]:
    return insert_unless_there(inbox, dialect).returning(inbox.c.channel, inbox.c.update_id)


def accept(
    tx: Transaction, updates: Sequence[tuple[str, str]], now: datetime
) -> set[tuple[str, str]]:
    """Enter (channel, update id) of all these messages; give those that were not there yet."""
    rows = [
        {"channel": channel, "update_id": update_id, "received_at": now}
        for channel, update_id in sorted(updates)  # two programs never wait for each other
    ]
    return {(row[0], row[1]) for row in tx.execute(_accept(tx.dialect.name), rows)}


def set_aside(tx: Transaction, channel: str, update_id: str, error_id: str, now: datetime) -> bool:
    """Enter a message that cannot be carried out, with the id under which the log knows why.

    False if another program has dealt with it in the meantime.
    """
    if not accept(tx, [(channel, update_id)], now):
        return False
    tx.execute(
        update(inbox)
        .where(inbox.c.channel == channel, inbox.c.update_id == update_id)
        .values(set_aside=error_id)
    )
    return True


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete what no network will send again; says how many."""
    return tx.execute(delete(inbox).where(inbox.c.received_at < moment)).rowcount
