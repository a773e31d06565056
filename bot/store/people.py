"""People, their roles, and the codes that make somebody a member of staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from bot.domain.people import PersonId, Role
from bot.store.database import Transaction
from bot.store.tables import invitations, staff

_ROLE = select(staff.c.role).where(staff.c.person_id == bindparam("person"))


def role(tx: Transaction, person: PersonId) -> Role | None:
    """Find out what somebody may do as a member of staff."""
    found = tx.execute(_ROLE, {"person": person}).scalar_one_or_none()
    return Role(found) if found is not None else None


def appoint(tx: Transaction, person: PersonId, role: Role, now: datetime) -> None:
    """Give somebody a role; an earlier one is replaced."""
    tx.execute(delete(staff).where(staff.c.person_id == person))
    tx.execute(insert(staff).values(person_id=person, role=role.value, since=now))


def invite(tx: Transaction, code_hash: str, role: Role, expires_at: datetime) -> None:
    """Store an invitation; of its code only the hash."""
    tx.execute(
        insert(invitations).values(code_hash=code_hash, role=role.value, expires_at=expires_at)
    )


def redeem(tx: Transaction, code_hash: str, now: datetime) -> Role | None:
    """Use up an invitation: it is there once, and only until it expires."""
    found = tx.execute(
        delete(invitations)
        .where(invitations.c.code_hash == code_hash)
        .returning(invitations.c.role, invitations.c.expires_at)
    ).one_or_none()
    return Role(found.role) if found is not None and found.expires_at > now else None
