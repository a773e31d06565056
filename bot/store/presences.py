"""The last sign of life of those programs that take messages in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot.store import tables
from bot.store.database import Transaction, insert_unless_there

_COUNTER = tables.counters.c
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_NAME = "clock: seconds at which messages were taken in"


def last(tx: Transaction) -> datetime | None:
    """Say when a program last said that it takes messages in."""
    seconds = tx.execute(select(_COUNTER.value).where(_COUNTER.name == _NAME)).scalar_one_or_none()
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def note(tx: Transaction, now: datetime) -> None:
    """Note that a program takes messages in, in whole seconds."""
    seconds = (now - _EPOCH) // timedelta(seconds=1)
    noted = update(tables.counters).where(_COUNTER.name == _NAME).values(value=seconds)
    if not tx.execute(noted).rowcount:
        new = insert_unless_there(tables.counters, tx.dialect.name)
        tx.execute(new, {"name": _NAME, "value": seconds})
