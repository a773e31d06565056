"""Descriptions of events as they are read: one statement for an event and its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, select

from bot.domain.events import Event, EventId, PlaceId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.definitions import PlaceColumns, fields

_EVENT = tables.events.c
_PLACE = tables.places.c

_DESCRIPTIONS = (
    select(
        _EVENT.id,
        _EVENT.slug,
        _EVENT.revision,
        _EVENT.keyword,
        _EVENT.starts_at,
        _EVENT.ends_at,
        _EVENT.zone,
        _EVENT.cancelled,
        _EVENT.definition,
        _PLACE.id.label("place_id"),
        _PLACE.slug.label("place_slug"),
        _PLACE.capacity,
        _PLACE.deadline,
    )
    .select_from(tables.events.outerjoin(tables.places))
    .order_by(_EVENT.starts_at, _EVENT.id, _PLACE.rank)
)
BY_IDS = _DESCRIPTIONS.where(_EVENT.id.in_(bindparam("events", expanding=True)))
BY_SLUG = _DESCRIPTIONS.where(_EVENT.slug == bindparam("slug"))
UPCOMING = _DESCRIPTIONS.where(_EVENT.ends_at > bindparam("now"))


def read(tx: Transaction, statement: Select[Any], values: Mapping[str, Any]) -> list[Event]:
    """Read the events that one of the statements above finds, by their start."""
    rows = tx.execute(statement, values)
    return [_event(list(group)) for _, group in groupby(rows, lambda row: row.id)]


def _event(rows: Sequence[Row[*tuple[Any, ...]]]) -> Event:
    first = rows[0]
    columns = {
        row.place_slug: PlaceColumns(PlaceId(row.place_id), row.capacity, row.deadline)
        for row in rows
        if row.place_id is not None
    }
    return Event(
        id=EventId(first.id),
        slug=first.slug,
        revision=first.revision,
        keyword=first.keyword,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        zone=ZoneInfo(first.zone),
        cancelled=first.cancelled,
        **fields(first.definition, columns),
    )
