"""Which messages of the networks were taken already, so that none counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, true, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.store.database import Transaction, insert_unless_there
from bot.store.statements import ForEach, Given
from bot.store.tables import inbox

_c = inbox.c


def _accepting(given: Given, dialect: str) -> ReturningInsert[str, str]:
    new = select(given.channel, given.update_id, bindparam("now", type_=_c.received_at.type))
    inserted = insert_unless_there(inbox, dialect).from_select(
        [_c.channel, _c.update_id, _c.received_at], new.where(true())
    )
    return inserted.returning(_c.channel, _c.update_id)


_ACCEPT = ForEach(_accepting, _c.channel, _c.update_id)


def accept(
    tx: Transaction, updates: Sequence[tuple[str, str]], now: datetime
) -> set[tuple[str, str]]:
    """Enter (channel, update id) of all these messages; give those that were not there yet."""
    rows = [
        {"channel": channel, "update_id": update_id}
        for channel, update_id in sorted(updates)  # two programs never wait for each other
    ]
    return {(channel, update_id) for channel, update_id in _ACCEPT(tx, rows, now=now)}


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
