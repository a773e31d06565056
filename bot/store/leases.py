"""Leases: which program does something that only one at a time may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import leases

_l = leases.c


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a lease, and how often they have said so."""

    holder: str
    beats: int


def held(tx: Transaction, name: str) -> Held | None:
    """Find out who holds a lease."""
    row = tx.execute(select(_l.holder, _l.beats).where(_l.name == name)).one_or_none()
    return Held(row.holder, row.beats) if row is not None else None


def take(tx: Transaction, name: str, holder: str, seen: Held | None) -> bool:
    """Take a lease that is free, or that is still held as it was seen; false if it is not."""
    if seen is None:
        free = insert_unless_there(leases, tx.dialect.name).returning(_l.name)
        row = {"name": name, "holder": holder, "beats": 0}
        return tx.execute(free, row).one_or_none() is not None
    as_seen = _l.name == name, _l.holder == seen.holder, _l.beats == seen.beats
    taken = update(leases).where(*as_seen).values(holder=holder, beats=_l.beats + 1)
    return tx.execute(taken).rowcount == 1


def beat(tx: Transaction, name: str, holder: str) -> bool:
    """Say that a lease is still held; false if it has gone to somebody else."""
    mine = _l.name == name, _l.holder == holder
    return tx.execute(update(leases).where(*mine).values(beats=_l.beats + 1)).rowcount == 1


def release(tx: Transaction, name: str, holder: str) -> None:
    """Give a lease back."""
    tx.execute(delete(leases).where(_l.name == name, _l.holder == holder))
