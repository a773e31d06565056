"""Which installation this is: a number that no other one has, and that a backup takes along."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import counters

_NAME = "installation"
_HIGHEST = 2**31 - 1
"""What an Integer of PostgreSQL holds."""


def number(tx: Transaction) -> int:
    """Give the number of this installation, drawn when it is asked for the first time."""
    find = select(counters.c.value).where(counters.c.name == _NAME)
    found = tx.scalar(find)
    if found is None:
        drawn = {"name": _NAME, "value": 1 + secrets.randbelow(_HIGHEST)}
        tx.execute(insert_unless_there(counters, tx.dialect.name), [drawn])
        found = tx.execute(find).scalar_one()
    return int(found)
