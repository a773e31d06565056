"""People who come by telephone or mail and have no chat; staff act for them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select

from bot.domain.events import EventId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.registrations import Holder

CALLED, WROTE = "telephone", "mail"
CHANNELS = (CALLED, WROTE)


def add(tx: Transaction, channel: str, now: datetime) -> PersonId:
    """Store a person; the address is a random id, never the number or the mail address itself."""
    person = tx.execute(
        insert(tables.persons).values(created_at=now).returning(tables.persons.c.id)
    ).scalar_one()
    tx.execute(
        insert(tables.identities).values(person_id=person, channel=channel, address=uuid4().hex)
    )
    return PersonId(person)


def holding(tx: Transaction, event: EventId, arrival_number: int) -> Holder | None:
    """Find the caller with this arrival number; None for somebody who has a chat of their own."""
    rows, ways = tables.registrations.c, tables.identities.c
    has_chat = (
        select(ways.id)
        .where(ways.person_id == rows.person_id, ways.channel.not_in(CHANNELS))
        .exists()
    )
    found = tx.execute(
        select(rows.person_id, rows.id).where(
            rows.event_id == event,
            rows.arrival_number == arrival_number,
            rows.channel.in_(CHANNELS),
            ~has_chat,
        )
    ).one_or_none()
    return None if found is None else Holder(PersonId(found[0]), RegistrationId(found[1]))
