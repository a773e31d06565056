"""What came from which chat when two became one, so that it can be undone for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.domain.links import UNDO_LASTS, Undoable
from bot.domain.people import PersonId, Role
from bot.store import people, tables
from bot.store.database import Transaction

BELONGING = (
    tables.registrations,
    tables.consents,
    tables.ideas,
    tables.pictures,
    tables.identities,
    tables.conversations,
    tables.joinings,
)
"""The tables whose rows belong to a person, and to another one after a joining."""

_JOINING = tables.joinings.c
_PERSON = tables.persons.c


def keep(tx: Transaction, person: PersonId, former: PersonId, now: datetime) -> None:
    """Remember what belongs to a person who is about to become another one."""
    moved = {
        str(table.name): list(
            tx.execute(select(table.c.id).where(table.c.person_id == former)).scalars()
        )
        for table in BELONGING
    }
    since = {
        row.id: row.created_at
        for row in tx.execute(
            select(_PERSON.id, _PERSON.created_at).where(_PERSON.id.in_([person, former]))
        )
    }
    tx.execute(
        insert(tables.joinings).values(
            person_id=person,
            former=former,
            joined_at=now,
            person_since=since[person],
            former_since=since[former],
            moved=moved,
        )
    )


def latest(tx: Transaction, person: PersonId, now: datetime) -> Undoable | None:
    """Find the latest joining of a person that can still be undone."""
    row = tx.execute(
        select(_JOINING.id, _JOINING.joined_at)
        .where(_JOINING.person_id == person, _JOINING.joined_at > now - UNDO_LASTS)
        .order_by(_JOINING.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Undoable(row.id, row.joined_at)


def part(tx: Transaction, number: int, now: datetime) -> PersonId:
    """Give what came along back to whom it came from, who exists again; gives their number.

    What was passed on or erased since stays as it is, and so does what is new.
    """
    row = tx.execute(select(tables.joinings).where(_JOINING.id == number)).one()
    person, former = PersonId(row.person_id), PersonId(row.former)
    tx.execute(delete(tables.joinings).where(_JOINING.id == number))
    tx.execute(insert(tables.persons).values(id=former, created_at=row.former_since))
    tx.execute(
        update(tables.persons).where(_PERSON.id == person).values(created_at=row.person_since)
    )
    for table in BELONGING:
        theirs = table.c.id.in_(row.moved[table.name]) & (table.c.person_id == person)
        tx.execute(update(table).where(theirs).values(person_id=former))
    role: Role | None = people.role(tx, person)  # they had the same, or none
    if role is not None:
        people.appoint(tx, former, role, now)
    return former
