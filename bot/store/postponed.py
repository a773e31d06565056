"""Messages that are taken, but not yet carried out: a picture, and what was sent behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import postponed

_p = postponed.c


@dataclass(frozen=True, slots=True)
class Postponed:
    """One of them, as the network gave it."""

    channel: str
    update_id: str
    chat: str
    content: bytes


def keep(tx: Transaction, what: Postponed, at: datetime) -> None:
    """Keep one until it is carried out, unless it is kept already."""
    row = {
        "channel": what.channel,
        "update_id": what.update_id,
        "chat": what.chat,
        "content": what.content,
        "attempts": 0,
        "received_at": at,
    }
    tx.execute(insert_unless_there(postponed, tx.dialect.name), row)


def left_behind(tx: Transaction, channel: str, before: datetime) -> list[Postponed]:
    """List those of a channel that came before a moment, oldest first."""
    found = tx.execute(
        select(_p.channel, _p.update_id, _p.chat, _p.content)
        .where(_p.channel == channel, _p.received_at <= before)
        .order_by(_p.id)
    )
    return [Postponed(*row) for row in found]


def begin(tx: Transaction, what: Postponed) -> int | None:
    """Note that one is begun with; says how often it was begun, None if it is there no more."""
    begun = update(postponed).where(_it(what)).values(attempts=_p.attempts + 1)
    attempts: int | None = tx.execute(begun.returning(_p.attempts)).scalar_one_or_none()
    return attempts


def drop(tx: Transaction, what: Postponed) -> None:
    """Forget one that is carried out."""
    tx.execute(delete(postponed).where(_it(what)))


def drop_old(tx: Transaction, before: datetime) -> int:
    """Forget those that nobody will carry out any more; says how many."""
    return tx.execute(delete(postponed).where(_p.received_at < before)).rowcount


def _it(what: Postponed) -> ColumnElement[bool]:
    return and_(_p.channel == what.channel, _p.update_id == what.update_id)
