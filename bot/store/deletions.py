"""Deletions that the clock makes due: the time that they follow, and what is announced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from bot.domain.deletions import ANNOUNCED_FOR, Due, FollowedTime, Subject
from bot.domain.events import EventId
from bot.store import tables
from bot.store.database import Transaction

_COUNTER = tables.counters.c
_DELETION = tables.deletions.c
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LOOKED_AT, _BELIEVED = "clock: minutes seen", "clock: minutes believed"


def followed(tx: Transaction) -> FollowedTime | None:
    """Give the time that deletions follow; None: nobody has looked at the clock yet."""
    rows = tx.execute(
        select(_COUNTER.name, _COUNTER.value).where(_COUNTER.name.in_((_LOOKED_AT, _BELIEVED)))
    )
    minutes = {row.name: timedelta(minutes=row.value) for row in rows}
    if len(minutes) < len((_LOOKED_AT, _BELIEVED)):
        return None
    return FollowedTime(_EPOCH + minutes[_LOOKED_AT], _EPOCH + minutes[_BELIEVED])


def note(tx: Transaction, time: FollowedTime) -> None:
    """Keep how far the clock was followed, in whole minutes."""
    for name, instant in ((_LOOKED_AT, time.looked_at), (_BELIEVED, time.believed)):
        value = (instant - _EPOCH) // timedelta(minutes=1)
        noted = tx.execute(update(tables.counters).where(_COUNTER.name == name).values(value=value))
        if not noted.rowcount:
            tx.execute(insert(tables.counters).values(name=name, value=value))


def last_message_at(tx: Transaction) -> datetime | None:
    """Say when somebody last wrote, as it was noted then."""
    latest: datetime | None = tx.execute(
        select(func.max(tables.conversations.c.updated_at))
    ).scalar_one()
    return latest


def announce(
    tx: Transaction, subject: Subject, events: Iterable[EventId], believed: datetime
) -> list[EventId]:
    """Announce what has fallen due; what is no longer due is called off. Give what is new."""
    due = set(events)
    of_subject = _DELETION.subject == subject.value
    announced = set(tx.execute(select(_DELETION.event_id).where(of_subject)).scalars())
    if announced - due:
        called_off = _DELETION.event_id.in_(announced - due)
        tx.execute(delete(tables.deletions).where(of_subject, called_off))
    new = sorted(due - announced)
    for event in new:
        row = {"event_id": event, "subject": subject.value, "announced_at": believed}
        tx.execute(insert(tables.deletions).values(row))
    return [EventId(event) for event in new]


def ripe(tx: Transaction, subject: Subject, ended: datetime, believed: datetime) -> list[EventId]:
    """List the events that ended by `ended`, and whose deletion was announced long enough."""
    rows = tx.execute(
        select(_DELETION.event_id)
        .join(tables.events, tables.events.c.id == _DELETION.event_id)
        .where(
            _DELETION.subject == subject.value,
            _DELETION.announced_at <= believed - ANNOUNCED_FOR,
            tables.events.c.ends_at <= ended,
        )
    )
    return [EventId(event) for event in rows.scalars()]


def announced(tx: Transaction) -> list[Due]:
    """List everything that is announced, the next one first."""
    event, registration = tables.events.c, tables.registrations.c
    count = (
        select(func.count()).where(registration.event_id == _DELETION.event_id).scalar_subquery()
    )
    rows = tx.execute(
        select(event.slug, _DELETION.subject, _DELETION.announced_at, count.label("registrations"))
        .join(tables.events, event.id == _DELETION.event_id)
        .order_by(_DELETION.announced_at, event.slug, _DELETION.subject)
    )
    return [
        Due(row.slug, Subject(row.subject), row.announced_at + ANNOUNCED_FOR, row.registrations)
        for row in rows
    ]
