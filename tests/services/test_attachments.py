"""What goes with a reply is fetched when it is sent, and only for whom it is still meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import update

from bot.domain.events import Event
from bot.domain.seats import RegistrationId
from bot.services.attachments import Access, Calendar, Data, Resolved, resolve
from bot.store import attachments, events, tables
from bot.store.database import Transaction
from tests import sample
from tests.sample import NOW


@pytest.fixture
def tx(database_url: str) -> Iterator[Transaction]:
    """Open a transaction on a database with all tables."""
    with sample.opened(database_url) as database, database.transaction() as tx:
        yield tx


@pytest.fixture
def event(tx: Transaction) -> Event:
    """Store an event whose room has access data that were sent to everybody."""
    stored = events.load(tx, events.save(tx, sample.EVENT).id)
    tx.execute(
        update(tables.places)
        .where(tables.places.c.slug == sample.ROOM.slug)
        .values(access="https://zoom.example.org/j/1", access_sent_at=NOW)
    )
    return stored


def fetched(tx: Transaction, kind: str, number: int) -> Resolved | None:
    return resolve(tx, kind, number, "en", NOW + timedelta(hours=1))


def test_the_calendar_of_a_registration_names_the_event_and_not_the_person(
    tx: Transaction, event: Event
) -> None:
    registration = sample.registered(tx, event, event.places[0])

    calendar = fetched(tx, "calendar", registration)

    assert isinstance(calendar, Calendar)
    assert calendar.filename == "termin-auftakt.ics"
    assert b"UID:registration-%d@stadtdialog" % registration in calendar.content
    assert "Müller" not in calendar.content.decode()


def test_the_date_of_an_event_is_there_without_a_registration(
    tx: Transaction, event: Event
) -> None:
    calendar = fetched(tx, "event", event.id)

    assert isinstance(calendar, Calendar)
    (entry,) = icalendar.Calendar.from_ical(calendar.content).events
    assert entry.decoded("dtstart") == event.starts_at
    assert entry["location"] == "DIEZE, Erinstraße 6"
    assert entry["uid"] == f"event-{event.id}@stadtdialog"


def test_a_venue_is_name_and_address(tx: Transaction, event: Event) -> None:
    assert fetched(tx, "venue", event.id) == sample.EVENT.venue


def test_access_data_go_to_whoever_is_confirmed(tx: Transaction, event: Event) -> None:
    registration = sample.registered(tx, event, event.places[0])

    assert fetched(tx, "access", registration) == Access("https://zoom.example.org/j/1")


@pytest.mark.parametrize("state", ["waiting", "cancelled", "moved"])
def test_access_data_do_not_go_to_anybody_else(tx: Transaction, event: Event, state: str) -> None:
    registration = sample.registered(tx, event, event.places[0], state=state)

    assert fetched(tx, "access", registration) is None


def test_before_the_selection_nobody_gets_access_data(tx: Transaction, event: Event) -> None:
    tx.execute(update(tables.places).values(access_sent_at=None))
    registration = sample.registered(tx, event, event.places[0])

    assert fetched(tx, "access", registration) is None


def test_a_secret_is_not_shown_when_it_is_printed() -> None:
    assert "zoom" not in repr(Access("https://zoom.example.org/j/1"))


def test_ones_own_data_come_as_json(tx: Transaction, event: Event) -> None:
    standing = attachments.standing(
        tx, RegistrationId(sample.registered(tx, event, event.places[0]))
    )
    assert standing is not None

    data = fetched(tx, "data", standing.person)

    assert isinstance(data, Data)
    assert "Änne Müller" in data.content.decode()
    assert json.loads(data.content)


@pytest.mark.parametrize("kind", ["calendar", "access"])
def test_what_is_no_longer_there_is_left_out(tx: Transaction, kind: str) -> None:
    assert fetched(tx, kind, 4711) is None
