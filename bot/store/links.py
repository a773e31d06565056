"""Links: codes that join two chats, and the rows that change hands when two people become one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select, text, union, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId
from bot.domain.ideas import IdeaState
from bot.domain.links import Stance
from bot.domain.people import PersonId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.joinings import BELONGING
from bot.store.seats import CONFIRMED, WAITING, Held, held, held_columns

Key = tuple[str, str]
"""Channel and chat."""

WAIT_MILLISECONDS = 500
"""How long a batch waits for chats that another one holds; both could wait for each other."""

JOINED, PARTED = "chats joined", "chats parted"
"""The entries in the log that name the former number of a person, who is one again later."""

_LINK = tables.links.c
_REGISTRATION = tables.registrations.c
_CONSENT = tables.consents.c
_CONVERSATION = tables.conversations.c
_IDEA = tables.ideas.c
_IDENTITY = tables.identities.c
_PERSON = tables.persons.c


def keep(tx: Transaction, person: PersonId, code_hash: str, expires_at: datetime) -> None:
    """Store a code, of which only the hash is known; an earlier one of the person ends."""
    tx.execute(delete(tables.links).where(_LINK.person_id == person))
    row = {"code_hash": code_hash, "person_id": person, "expires_at": expires_at}
    tx.execute(insert(tables.links).values(row))


def giver(
    tx: Transaction, code_hash: str, now: datetime, asker: PersonId | None = None
) -> PersonId | None:
    """Find out who was given a code that is still good, and that nobody but the asker has typed."""
    is_free = _LINK.asked_by.is_(None) | (_LINK.asked_by == asker)
    found = tx.execute(
        select(_LINK.person_id).where(_LINK.code_hash == code_hash, _LINK.expires_at > now, is_free)
    ).scalar_one_or_none()
    return None if found is None else PersonId(found)


def ask(tx: Transaction, code_hash: str, asker: PersonId, expires_at: datetime) -> None:
    """Note who has typed a code, and until when the giver may say yes."""
    values = {"asked_by": asker, "expires_at": expires_at}
    tx.execute(update(tables.links).where(_LINK.code_hash == code_hash).values(values))


def asked(tx: Transaction, giver: PersonId, now: datetime) -> tuple[str, PersonId] | None:
    """Find the code of a person that was typed, and who did that."""
    row = tx.execute(
        select(_LINK.code_hash, _LINK.asked_by).where(
            _LINK.person_id == giver, _LINK.expires_at > now, _LINK.asked_by.is_not(None)
        )
    ).one_or_none()
    return None if row is None else (row.code_hash, PersonId(row.asked_by))


def forget(tx: Transaction, people: Iterable[PersonId]) -> None:
    """Delete the codes that these people were given or have typed."""
    theirs = list(people)
    tx.execute(delete(tables.links).where(_LINK.person_id.in_(theirs) | _LINK.asked_by.in_(theirs)))


def lock_chats(tx: Transaction, people: Iterable[PersonId]) -> None:
    """Lock all chats of these people, so that they do nothing else meanwhile.

    The batch holds other chats already, so the order of locks cannot be kept. Whoever would wait
    for long gives way instead: that is an outage, and the batch is tried again.
    """
    if tx.dialect.name == "sqlite":  # it has one writer anyway
        return
    chats = select(_CONVERSATION.id).where(_CONVERSATION.person_id.in_(list(people)))
    tx.execute(text(f"SET LOCAL lock_timeout = {WAIT_MILLISECONDS}"))
    tx.execute(chats.order_by(_CONVERSATION.id).with_for_update())
    tx.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


def events_of(tx: Transaction, person: PersonId) -> list[EventId]:
    """Name the events for which a person has ever registered, or agreed to something."""
    rows = tx.execute(
        union(
            select(_REGISTRATION.event_id).where(_REGISTRATION.person_id == person),
            select(_CONSENT.event_id).where(_CONSENT.person_id == person),
        )
    )
    return sorted(EventId(event) for event in rows.scalars())


def claims(tx: Transaction, people: Iterable[PersonId]) -> list[tuple[EventId, Held]]:
    """List the seats and places in line of these people, with their events."""
    rows = tx.execute(
        select(_REGISTRATION.event_id, *held_columns(tables.registrations))
        .where(
            _REGISTRATION.person_id.in_(list(people)), _REGISTRATION.state.in_([CONFIRMED, WAITING])
        )
        .order_by(_REGISTRATION.id)
    )
    return [(EventId(event), found) for event, *row in rows if (found := held(row)) is not None]


def stances(tx: Transaction, person: PersonId) -> list[Stance]:
    """List what a person has agreed to for themselves, and what of that is withdrawn."""
    given = func.count().filter(_CONSENT.state == ConsentState.GIVEN.value)
    rows = tx.execute(
        select(_CONSENT.event_id, _CONSENT.slug, given)
        .join(tables.registrations, _CONSENT.registration_id == _REGISTRATION.id)
        .where(
            _CONSENT.person_id == person,
            _REGISTRATION.person_id == person,
            _CONSENT.companion_id.is_(None),
        )
        .group_by(_CONSENT.event_id, _CONSENT.slug)
        .order_by(_CONSENT.event_id, _CONSENT.slug)
    )
    return [Stance(EventId(event), slug, is_withdrawn=not count) for event, slug, count in rows]


def channels(tx: Transaction, person: PersonId) -> list[str]:
    """Name the networks on which a person is known."""
    known = select(_IDENTITY.channel).where(_IDENTITY.person_id == person).distinct()
    return sorted(tx.execute(known).scalars())


def since(tx: Transaction, person: PersonId) -> datetime:
    """Say when a person was first seen."""
    first: datetime = tx.execute(
        select(_PERSON.created_at).where(_PERSON.id == person)
    ).scalar_one()
    return first


def name(tx: Transaction, person: PersonId) -> str:
    """Say what a person has called themselves last, if they have; else nothing."""
    named = select(_REGISTRATION.name).where(
        _REGISTRATION.person_id == person, _REGISTRATION.name != ""
    )
    latest = tx.execute(named.order_by(_REGISTRATION.id.desc()).limit(1)).scalar_one_or_none()
    return latest or ""


def ideas(tx: Transaction, person: PersonId) -> int:
    """Count the ideas of a person that were not taken back."""
    standing = _IDEA.state != IdeaState.WITHDRAWN.value
    own = select(func.count()).where(_IDEA.person_id == person, standing)
    return tx.execute(own).scalar_one()


def chats(tx: Transaction, person: PersonId) -> list[Key]:
    """List the chats of a person."""
    rows = tx.execute(
        select(_CONVERSATION.channel, _CONVERSATION.chat)
        .where(_CONVERSATION.person_id == person)
        .order_by(_CONVERSATION.id)
    )
    return [(channel, chat) for channel, chat in rows]


def unite(tx: Transaction, person: PersonId, former: PersonId) -> None:
    """Let everything of a former person belong to another one; nothing is left of the former.

    Their log stays as it was written: `reports` reads on in it by the entry about the joining.
    """
    for table in BELONGING:
        tx.execute(update(table).where(table.c.person_id == former).values(person_id=person))
    tx.execute(delete(tables.staff).where(tables.staff.c.person_id == former))  # an equal role
    first_seen = select(func.min(_PERSON.created_at)).where(_PERSON.id.in_([person, former]))
    tx.execute(
        update(tables.persons)
        .where(_PERSON.id == person)
        .values(created_at=first_seen.scalar_subquery())
    )
    tx.execute(delete(tables.persons).where(_PERSON.id == former))
