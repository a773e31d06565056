"""People who come by telephone or mail and have no chat; staff enter them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert

from bot.domain.people import PersonId
from bot.store import tables
from bot.store.database import Transaction


def add(tx: Transaction, channel: str, now: datetime) -> PersonId:
    """Store a person; the address is a random id, never the number or the mail address itself."""
    person = tx.execute(
        insert(tables.persons).values(created_at=now).returning(tables.persons.c.id)
    ).scalar_one()
    tx.execute(
        insert(tables.identities).values(person_id=person, channel=channel, address=uuid4().hex)
    )
    return PersonId(person)
