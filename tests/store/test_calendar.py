"""The snapshot of all events: fresh counts in one statement, descriptions only when they change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.events import Occupancy
from bot.store import events, tables
from bot.store.calendar import Events
from bot.store.database import Database, Transaction
from tests.journeys import counted
from tests.sample import EVENT, ROOM, START, STREAM, another, opened


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def statements(tx: Transaction, known: Events) -> int:
    with counted(tx) as made:
        known.snapshot(tx)
    return len(made)


def test_a_snapshot_has_all_events_by_their_start_with_their_counts(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, another("late", starts_at=START + timedelta(minutes=1)))
        saved = events.save(tx, EVENT)
        room = events.load(tx, saved.id).places[0]
        tx.execute(
            tables.places.update().where(tables.places.c.id == room.id).values(taken=3, waiting=1)
        )

        snapshot = known.snapshot(tx)

        assert [event.slug for event, _ in snapshot] == ["auftakt", "late"]
        assert snapshot[0][0] == events.load(tx, saved.id)
        assert snapshot[0][1][room.id] == Occupancy(3, 1)


def test_without_events_there_is_nothing_to_see(database: Database) -> None:
    with database.transaction() as tx:
        assert Events().snapshot(tx) == []


def test_an_unchanged_world_costs_one_statement(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, EVENT)

        assert statements(tx, known) == 2
        assert statements(tx, known) == 1


def test_new_counts_are_seen_at_once_and_cost_nothing_more(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, EVENT)
        known.snapshot(tx)
        tx.execute(tables.places.update().values(waiting=4))

        assert statements(tx, known) == 1
        assert {count.waiting for count in known.snapshot(tx)[0][1].values()} == {4}


def test_a_new_description_is_seen_at_once(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, EVENT)
        known.snapshot(tx)
        events.save(tx, replace(EVENT, cancelled=True, places=(STREAM, ROOM)))

        ((event, counts),) = known.snapshot(tx)

        assert event.cancelled
        assert [place.slug for place in event.places] == ["stream", "saal"]
        assert list(counts) == [place.id for place in event.places]


def test_a_capacity_changed_without_a_new_description_is_seen_at_once(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, EVENT)
        known.snapshot(tx)
        tx.execute(tables.places.update().values(capacity=99))

        assert known.snapshot(tx)[0][0].places[0].capacity == 99


def test_an_event_without_places_is_an_event(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, replace(EVENT, places=()))
        known.snapshot(tx)

        ((event, counts),) = known.snapshot(tx)

        assert event.places == ()
        assert counts == {}
        assert statements(tx, known) == 1


def test_events_come_and_go(database: Database) -> None:
    known = Events()
    with database.transaction() as tx:
        events.save(tx, EVENT)
        known.snapshot(tx)
        events.save(tx, another("second"))
        assert len(known.snapshot(tx)) == 2
        tx.execute(tables.places.delete())
        tx.execute(tables.events.delete())

        assert known.snapshot(tx) == []
