"""Finding the event, and the place of an event, that an operator names."""

from __future__ import annotations

from bot.domain.events import Event, Place
from bot.services.refusals import OperatorError
from bot.store import events
from bot.store.database import Transaction


def found(tx: Transaction, event_slug: str, place_slug: str) -> tuple[Event, Place]:
    """Find an event and one of its places by their slugs."""
    event = found_event(tx, event_slug)
    place = event.place(place_slug)
    if place is None:
        known = ", ".join(place.slug for place in event.places)
        raise OperatorError(f"“{event_slug}” has no place “{place_slug}”, but these: {known}.")
    return event, place


def found_event(tx: Transaction, slug: str) -> Event:
    """Find an event by its slug."""
    event = events.by_slug(tx, slug)
    if event is None:
        raise OperatorError(f"There is no event “{slug}”. Load it first: events load FILE.")
    return event
