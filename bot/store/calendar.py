"""The events as every batch of messages reads them: descriptions remembered, counts fresh."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from bot.domain.events import Event, EventId, Occupancy, PlaceId
from bot.store import events
from bot.store.database import Transaction
from bot.store.events import Revision

Snapshot = list[tuple[Event, dict[PlaceId, Occupancy]]]
Stamp = tuple[int, tuple[tuple[PlaceId | None, int | None], ...]]


class Events:
    """Remembers descriptions in the process and reads them again only when they have changed.

    One statement for each snapshot, as long as nothing changed. Take the snapshot before the
    transaction writes events: what is remembered must not come from one that is rolled back.
    """

    def __init__(self) -> None:
        self._known: dict[EventId, tuple[Stamp, Event]] = {}

    def snapshot(self, tx: Transaction) -> Snapshot:
        """List all events by their start, past and cancelled ones included, with their counts."""
        groups = {
            event_id: list(rows)
            for event_id, rows in groupby(events.revisions(tx), attrgetter("event"))
        }
        known = self._known
        outdated = [
            event_id
            for event_id, rows in groups.items()
            if event_id not in known or known[event_id][0] != _stamp(rows)
        ]
        if outdated:
            known = self._refreshed(tx, groups, outdated)
            self._known = known  # one assignment: another thread sees the old or the new
        return [
            (known[event_id][1], _counts(rows))
            for event_id, rows in groups.items()
            if event_id in known
        ]

    def _refreshed(
        self, tx: Transaction, groups: dict[EventId, list[Revision]], outdated: list[EventId]
    ) -> dict[EventId, tuple[Stamp, Event]]:
        known = {event_id: entry for event_id, entry in self._known.items() if event_id in groups}
        for event in events.several(tx, outdated):
            known[event.id] = (_stamp_of(event), event)
        return known


def _stamp(rows: list[Revision]) -> Stamp:
    # Capacities stand beside the revision, because staff may change them without a new description.
    return rows[0].revision, tuple((row.place, row.capacity) for row in rows)


def _stamp_of(event: Event) -> Stamp:
    places = tuple((place.id, place.capacity) for place in event.places)
    return event.revision, places or ((None, None),)


def _counts(rows: list[Revision]) -> dict[PlaceId, Occupancy]:
    return {row.place: Occupancy(row.taken, row.waiting) for row in rows if row.place is not None}
