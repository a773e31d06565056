"""Finding the place of an event that an operator names."""

from __future__ import annotations

from bot.domain.events import Event, Place
from bot.services.refusals import OperatorError
from bot.store import events
from bot.store.database import Transaction


def found(tx: Transaction, event_slug: str, place_slug: str) -> tuple[Event, Place]:
    """Find an event and one of its places by their slugs."""
    event = events.by_slug(tx, event_slug)
    if event is None:
        raise OperatorError(f"There is no event “{event_slug}”. Load it first: events load FILE.")
    place = event.place(place_slug)
    if place is None:
        known = ", ".join(place.slug for place in event.places)
        raise OperatorError(f"“{event_slug}” has no place “{place_slug}”, but these: {known}.")
    return event, place
