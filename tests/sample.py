"""An event to try things with, and a database to keep it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.domain.events import (
    ConsentTerms,
    Event,
    EventId,
    LocalText,
    Place,
    PlaceId,
    PlaceKind,
    Speaker,
    Venue,
)
from bot.store import tables
from bot.store.database import Database, Transaction

NOW = datetime(2020, 8, 3, 10, tzinfo=UTC)
START = datetime(2020, 8, 20, 16, tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database with all tables and nothing in them."""
    database = Database(url)
    with database.transaction() as tx:
        tables.metadata.create_all(tx)
    yield database
    database.close()


def text(words: str) -> LocalText:
    """Say something in two languages."""
    return LocalText({"de": words, "en": f"{words} (en)"})


ROOM = Place(
    PlaceId(0),
    "saal",
    PlaceKind.ROOM,
    text("Saal"),
    capacity=12,
    deadline=START - timedelta(days=2),
    consents=(ConsentTerms("broadcast", "1", text("Übertragung"), text("Ich bin zu sehen.")),),
    note=text("Wenige Plätze"),
)
STREAM = Place(
    PlaceId(0),
    "stream",
    PlaceKind.STREAM,
    text("Livestream"),
    capacity=None,
    deadline=START + timedelta(hours=2),
    link="https://www.example.org/live",
    registration=False,
)
EVENT = Event(
    id=EventId(0),
    slug="auftakt",
    revision=0,
    keyword="Digitalisierung 20.08.",
    title=text("Auftakt"),
    summary=text("Worum es geht"),
    starts_at=START,
    ends_at=START + timedelta(hours=2),
    zone=ZoneInfo("Europe/Berlin"),
    places=(ROOM, STREAM),
    programme=(text("Begrüßung"), text("Gespräch")),
    speakers=(
        Speaker("Miguel Garcia", text("Digitalisierungsbeauftragter"), text("Strategie")),
        Speaker("Pierre Golz", text("Chief Digital Officer")),
    ),
    venue=Venue("DIEZE", "Erinstraße 6", 51.5, 7.3),
    stream="https://www.example.org/live",
    telephone="02305 / 106-2101",
    email="digitalisierung@castrop-rauxel.de",
    cost=text("Der Eintritt ist frei."),
    fill_from=timedelta(hours=36),
    pillars=("city", "administration"),
)


def another(slug: str, **changes: Any) -> Event:  # noqa: ANN401
    """Describe a second event, with a keyword of its own."""
    return replace(EVENT, slug=slug, keyword=f"Stichwort {slug}", **changes)


def add(tx: Transaction, table: str, **values: Any) -> int:  # noqa: ANN401
    """Insert one row as it is, and give its id."""
    target = tables.metadata.tables[table]
    return int(tx.execute(insert(target).values(**values).returning(target.c.id)).scalar_one())


def person(tx: Transaction) -> int:
    """Add somebody."""
    return add(tx, "persons", created_at=NOW)


def registered(tx: Transaction, event: Event, place: Place, **values: Any) -> int:  # noqa: ANN401
    """Add a registration, that of Änne Müller if nothing else is said."""
    row: dict[str, Any] = {
        "event_id": event.id,
        "place_id": place.id,
        "arrival_number": 1,
        "arrived_at": NOW,
        "state": "confirmed",
        "party_size": 1,
        "channel": "telegram",
        "name": "Änne Müller",
        "contact_kind": "email",
        "contact": "aenne@example.org",
        "organisation": "",
        "needs": "",
    }
    if "person_id" not in values:
        row["person_id"] = person(tx)
    return add(tx, "registrations", **(row | values))
