"""Groups in which the bot has explained itself; nothing personal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import groups

_g = groups.c


def note(tx: Transaction, channel: str, chat: str, now: datetime) -> bool:
    """Note that the bot explains itself to a group; true only the first time."""
    row = {"channel": channel, "chat": chat, "explained_at": now}
    noted = insert_unless_there(groups, tx.dialect.name).returning(_g.chat)
    return tx.execute(noted, row).one_or_none() is not None


def rename(tx: Transaction, channel: str, old: str, new: str) -> None:
    """Note that a group goes by another number now; what is known of either is kept."""
    known = _g.channel == channel, _g.chat.in_((old, new))
    explained_at = tx.execute(select(func.min(_g.explained_at)).where(*known)).scalar_one()
    if explained_at is None:
        return
    tx.execute(delete(groups).where(*known))
    row = {"channel": channel, "chat": new, "explained_at": explained_at}
    tx.execute(insert_unless_there(groups, tx.dialect.name), row)
