"""Messages on Matrix that could not be read yet: kept as they came, encrypted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import matrix_undecrypted

_u = matrix_undecrypted.c


@dataclass(frozen=True, slots=True)
class Undecrypted:
    """One of them; `asked` tells that its sender was asked to send it again."""

    event_id: str
    room_id: str
    event: dict[str, Any]
    asked: bool


def keep(tx: Transaction, event_id: str, room_id: str, event: dict[str, Any], at: datetime) -> None:
    """Keep one, unless it is kept already."""
    row = {
        "event_id": event_id,
        "room_id": room_id,
        "sender": str(event["sender"]),
        "event": event,
        "asked": False,
        "received_at": at,
    }
    tx.execute(insert_unless_there(matrix_undecrypted, tx.dialect.name), row)


def every(tx: Transaction) -> list[Undecrypted]:
    """List all of them, oldest first."""
    found = tx.execute(
        select(_u.event_id, _u.room_id, _u.event, _u.asked).order_by(_u.received_at, _u.event_id)
    )
    return [Undecrypted(*row) for row in found]


def ask(tx: Transaction, event_ids: Collection[str]) -> None:
    """Note that their senders were asked to send them again."""
    tx.execute(update(matrix_undecrypted).where(_u.event_id.in_(event_ids)).values(asked=True))


def drop(tx: Transaction, event_id: str) -> None:
    """Forget one that was read at last, or that was sent again."""
    tx.execute(delete(matrix_undecrypted).where(_u.event_id == event_id))


def drop_old(tx: Transaction, before: datetime) -> int:
    """Forget those for which no key will come any more."""
    return tx.execute(delete(matrix_undecrypted).where(_u.received_at < before)).rowcount
