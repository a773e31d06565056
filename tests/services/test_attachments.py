"""What goes with a reply is fetched when it is sent, and only for whom it is still meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import update

from bot.domain.events import Event
from bot.domain.seats import RegistrationId
from bot.services.attachments import Access, Calendar, Data, Reader, Resolved, resolve
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
    """Store an event whose room has access data."""
    stored = events.load(tx, events.save(tx, sample.EVENT).id)
    tx.execute(
        update(tables.places)
        .where(tables.places.c.slug == sample.ROOM.slug)
        .values(access="https://zoom.example.org/j/1")
    )
    return stored


READER = Reader("en", NOW + timedelta(hours=1), "telegram", "7", "stadt@example.org")


def fetched(tx: Transaction, kind: str, number: int) -> Resolved | None:
    return resolve(tx, kind, number, replace(READER, chat="7"))


def entry(calendar: Resolved | None) -> icalendar.Event:
    assert isinstance(calendar, Calendar)
    (found,) = icalendar.Calendar.from_ical(calendar.content).events
    return found


def test_whoever_leaves_a_group_takes_the_date_out_and_the_others_keep_it(
    tx: Transaction, event: Event
) -> None:
    registration = sample.registered(tx, event, event.places[0])

    assert entry(fetched(tx, "departure", registration))["STATUS"] == "CANCELLED"
    assert entry(fetched(tx, "calendar", registration))["STATUS"] == "CONFIRMED"


def test_the_calendar_of_a_registration_names_the_event_and_not_the_person(
    tx: Transaction, event: Event
) -> None:
    registration = sample.registered(tx, event, event.places[0])

    calendar = fetched(tx, "calendar", registration)

    assert isinstance(calendar, Calendar)
    assert calendar.filename == "termin-auftakt.ics"
    assert "Müller" not in calendar.content.decode()


def test_the_date_of_an_event_is_there_without_a_registration(
    tx: Transaction, event: Event
) -> None:
    found = entry(fetched(tx, "event", event.id))

    assert found.decoded("dtstart") == event.starts_at
    assert found["location"] == "DIEZE, Erinstraße 6"


def is_held(tx: Transaction, registration: int, state: str) -> None:
    """Let a registration change, as it does when somebody changes their mind."""
    row = tables.registrations
    changed = {"state": state, "sequence": row.c.sequence + 1}
    tx.execute(update(row).where(row.c.id == registration).values(changed))


def test_every_file_about_an_evening_is_about_the_same_entry_and_later_than_the_one_before(
    tx: Transaction, event: Event
) -> None:
    anna = sample.person(tx)
    sample.add(tx, "conversations", channel="telegram", chat="7", person_id=anna, updated_at=NOW)
    room = event.places[0]

    def arrives(number: int) -> int:
        values = {"person_id": anna, "arrival_number": number}
        return sample.registered(tx, event, room, **values)

    entries = [entry(fetched(tx, "event", event.id))]
    seat = arrives(1)
    entries.append(entry(fetched(tx, "calendar", seat)))
    is_held(tx, seat, "cancelled")
    entries.append(entry(fetched(tx, "cancellation", seat)))
    again = arrives(2)
    entries.append(entry(fetched(tx, "calendar", again)))
    looked_up = entry(fetched(tx, "event", event.id))
    events.save(tx, replace(sample.EVENT, cancelled=True))
    entries.append(entry(fetched(tx, "cancellation", again)))
    events.save(tx, sample.EVENT)
    entries.append(entry(fetched(tx, "calendar", again)))

    statuses = ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [str(each["status"]) for each in entries] == statuses
    assert len({each["uid"] for each in [*entries, looked_up]}) == 1
    sequences = [int(str(each["sequence"])) for each in entries]
    assert sequences == sorted(set(sequences))
    assert looked_up["sequence"] == entries[3]["sequence"]
    assert "Saal" in str(looked_up["description"])


def test_whoever_still_has_a_seat_keeps_the_date(tx: Transaction, event: Event) -> None:
    anna = sample.person(tx)
    wait = sample.registered(tx, event, event.places[0], person_id=anna, state="waiting")
    values = {"person_id": anna, "arrival_number": 2}
    sample.registered(tx, event, event.places[1], **values)
    is_held(tx, wait, "cancelled")

    found = entry(fetched(tx, "cancellation", wait))
    assert found["status"] == "CONFIRMED"
    assert found["location"] == "Livestream (en)"


def test_a_letter_that_comes_late_brings_no_date_that_is_over(
    tx: Transaction, event: Event
) -> None:
    seat = sample.registered(tx, event, event.places[0], state="cancelled")

    assert fetched(tx, "calendar", seat) is None


def test_the_number_of_an_installation_stays_and_no_other_has_it(
    tx: Transaction, event: Event, sqlite_url: str
) -> None:
    uids = {entry(fetched(tx, "event", event.id))["uid"] for _ in range(2)}
    with sample.opened(f"{sqlite_url}-2") as elsewhere, elsewhere.transaction() as there:
        other = events.save(there, sample.EVENT).id
        uids.add(entry(fetched(there, "event", other))["uid"])

    assert other == event.id
    assert len(uids) == 2


def test_a_venue_is_name_and_address(tx: Transaction, event: Event) -> None:
    assert fetched(tx, "venue", event.id) == sample.EVENT.venue


def seated(tx: Transaction, event: Event, **values: object) -> int:
    """Let somebody who writes in the reader's chat have a seat, and the access data."""
    anna = sample.person(tx)
    sample.add(tx, "conversations", channel="telegram", chat="7", person_id=anna, updated_at=NOW)
    row = {"person_id": anna, "access_sent_at": NOW} | values
    return sample.registered(tx, event, event.places[0], **row)


def test_access_data_go_to_whoever_is_confirmed(tx: Transaction, event: Event) -> None:
    registration = seated(tx, event)

    assert fetched(tx, "access", registration) == Access("https://zoom.example.org/j/1")


@pytest.mark.parametrize("state", ["waiting", "cancelled", "moved"])
def test_access_data_do_not_go_to_anybody_else(tx: Transaction, event: Event, state: str) -> None:
    registration = seated(tx, event, state=state)

    assert fetched(tx, "access", registration) is None


def test_before_the_selection_nobody_gets_access_data(tx: Transaction, event: Event) -> None:
    registration = seated(tx, event, access_sent_at=None)

    assert fetched(tx, "access", registration) is None


def test_a_letter_that_comes_late_gives_no_access_data_of_somebody_elses_seat(
    tx: Transaction, event: Event
) -> None:
    registration = seated(tx, event, person_id=sample.person(tx))

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


@pytest.mark.parametrize("kind", ["calendar", "cancellation", "access"])
def test_what_is_no_longer_there_is_left_out(tx: Transaction, kind: str) -> None:
    assert fetched(tx, kind, 4711) is None
