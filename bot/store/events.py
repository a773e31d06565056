"""Events and their places: what staff described, and how full it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, insert, select, update

from bot.domain.events import Event, EventId, Occupancy, Place, PlaceId
from bot.store import descriptions, keywords, tables
from bot.store.database import Transaction
from bot.store.definitions import as_described, definition
from bot.store.statements import Statement

_EVENT = tables.events.c
_PLACE = tables.places.c

_REVISIONS = Statement(
    select(_EVENT.id, _EVENT.revision, _PLACE.id, _PLACE.capacity, _PLACE.taken, _PLACE.waiting)
    .select_from(tables.events.outerjoin(tables.places))
    .order_by(_EVENT.starts_at, _EVENT.id, _PLACE.rank)
)


_UNKNOWN = object()


class PlaceInUse(Exception):
    """A place that people have registered for cannot be removed."""

    def __init__(self, event: str, place: str) -> None:
        super().__init__(event, place)
        self.event = event
        self.place = place


@dataclass(frozen=True)
class Saved:
    """What saving an event led to.

    `capacities` are the new ones of places that existed before. They are not written here,
    because people may move up or be too many: that is a matter of the seats. `kept` are those that
    were changed otherwise since the file gave them, and that it does not touch.
    """

    id: EventId
    created: bool
    changed: bool
    capacities: Mapping[PlaceId, int | None]
    kept: tuple[Place, ...] = ()


class Revision(NamedTuple):
    """One place of an event and its counts; an event without places has one row of None."""

    event: EventId
    revision: int
    place: PlaceId | None
    capacity: int | None
    taken: int
    waiting: int


def lock(tx: Transaction, slugs: Iterable[str]) -> None:
    """Lock those of the events that exist, by ascending id like everybody who locks several."""
    tx.execute(
        select(_EVENT.id)
        .where(_EVENT.slug.in_(list(slugs)))
        .order_by(_EVENT.id)
        .with_for_update(key_share=True)
    ).all()


def save(tx: Transaction, event: Event, now: datetime | None = None) -> Saved:
    """Insert the event or update the one with its slug; ids and revision of the value are ignored.

    The keyword of an event that is over `now` is free. Raises PlaceInUse and KeywordTaken, before
    anything is written.
    """
    lock(tx, [event.slug])
    stored = by_slug(tx, event.slug)
    event = replace(event, keyword=keywords.taken(tx, event, now))
    if stored is None:
        event_id = _insert(tx, event)
        _insert_places(tx, event_id, event.places, event.places)
        return Saved(event_id, created=True, changed=True, capacities={})
    return _update(tx, stored, event)


def load(tx: Transaction, event_id: EventId) -> Event:
    """Load the event with this id, which has to exist."""
    (event,) = several(tx, [event_id])
    return event


def by_slug(tx: Transaction, slug: str) -> Event | None:
    """Find an event by its slug."""
    return next(iter(descriptions.read(tx, descriptions.BY_SLUG, {"slug": slug})), None)


def upcoming(tx: Transaction, now: datetime) -> list[Event]:
    """List the events that are not over, cancelled ones included, by their start."""
    return descriptions.read(tx, descriptions.UPCOMING, {"now": now})


def several(tx: Transaction, event_ids: Iterable[EventId]) -> list[Event]:
    """Load these events, by their start."""
    return descriptions.read(tx, descriptions.BY_IDS, {"events": list(event_ids)})


def occupancy(tx: Transaction, event_ids: Iterable[EventId]) -> dict[PlaceId, Occupancy]:
    """Count the people in each place of these events."""
    rows = tx.execute(
        select(_PLACE.id, _PLACE.taken, _PLACE.waiting).where(_PLACE.event_id.in_(list(event_ids)))
    )
    return {PlaceId(place): Occupancy(taken, waiting) for place, taken, waiting in rows}


def revisions(tx: Transaction) -> list[Revision]:
    """Say in one statement how recent each event is and how full its places are, by start."""
    return list(map(Revision._make, _REVISIONS(tx)))


def agreed(tx: Transaction, event_id: EventId) -> set[tuple[str, str]]:
    """List slug and version of the consents to which anybody has agreed at this event."""
    consent = tables.consents.c
    rows = tx.execute(
        select(consent.slug, consent.version).where(consent.event_id == event_id).distinct()
    )
    return {(slug, version) for slug, version in rows}


def _insert(tx: Transaction, event: Event) -> EventId:
    row = {"slug": event.slug, "revision": 1} | _columns(event)
    return EventId(tx.execute(insert(tables.events).values(row).returning(_EVENT.id)).scalar_one())


def _update(tx: Transaction, stored: Event, event: Event) -> Saved:
    known = {place.slug: place for place in stored.places}
    before = tx.execute(select(_EVENT.definition).where(_EVENT.id == stored.id)).scalar_one()
    described, now_described = as_described(before), definition(event)
    kept = tuple(
        known[place.slug]
        for place in event.places
        if place.slug in known
        and described.get(place.slug, _UNKNOWN) == place.capacity != known[place.slug].capacity
    )
    capacities = {place.slug: place.capacity for place in (*event.places, *kept)}
    places = tuple(
        replace(place, id=_id(known.get(place.slug)), capacity=capacities[place.slug])
        for place in event.places
    )
    event = replace(event, id=stored.id, revision=stored.revision, places=places)
    if event == stored:
        if described != as_described(now_described):
            remembered = {"definition": now_described}
            tx.execute(update(tables.events).where(_EVENT.id == stored.id).values(remembered))
        return Saved(stored.id, created=False, changed=False, capacities={}, kept=kept)
    _delete_places(tx, stored, keep={place.slug for place in places})
    values = _columns(event) | {"revision": _EVENT.revision + 1, "definition": now_described}
    tx.execute(update(tables.events).where(_EVENT.id == stored.id).values(values))
    for rank, place in enumerate(places):
        values = {"rank": rank, "deadline": place.deadline}
        tx.execute(update(tables.places).where(_PLACE.id == place.id).values(values))
    _insert_places(tx, stored.id, places, [place for place in places if place.slug not in known])
    changed = {
        place.id: place.capacity
        for place in places
        if place.slug in known and place.capacity != known[place.slug].capacity
    }
    return Saved(stored.id, created=False, changed=True, capacities=changed, kept=kept)


def _id(place: Place | None) -> PlaceId:
    return PlaceId(0) if place is None else place.id


def _columns(event: Event) -> dict[str, Any]:
    return {
        "keyword": event.keyword,
        "definition": definition(event),
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone.key,
        "cancelled": event.cancelled,
    }


def _insert_places(
    tx: Transaction, event_id: EventId, all_places: Sequence[Place], new: Sequence[Place]
) -> None:
    rows = [
        {
            "event_id": event_id,
            "slug": place.slug,
            "rank": all_places.index(place),
            "capacity": place.capacity,
            "deadline": place.deadline,
        }
        for place in new
    ]
    if rows:
        tx.execute(insert(tables.places), rows)


def _delete_places(tx: Transaction, stored: Event, keep: set[str]) -> None:
    registered = exists().where(tables.registrations.c.place_id == _PLACE.id)
    for place in stored.places:
        if place.slug in keep:
            continue
        if tx.scalar(select(_PLACE.id).where(_PLACE.id == place.id, registered)) is not None:
            raise PlaceInUse(stored.slug, place.slug)
        tx.execute(delete(tables.places).where(_PLACE.id == place.id))
