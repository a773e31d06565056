"""Events in the database: saved by slug, with a revision for each change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.events import Event, LocalText, Occupancy, Place, PlaceId
from bot.store import events, tables
from bot.store.database import Database
from bot.store.events import PlaceInUse
from bot.store.keywords import KeywordTaken
from tests.sample import EVENT, NOW, ROOM, START, STREAM, another, opened, registered, text


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def without_ids(event: Event) -> Event:
    places = tuple(replace(place, id=PlaceId(0)) for place in event.places)
    return replace(event, id=EVENT.id, revision=0, places=places)


def test_an_event_comes_back_as_it_was_saved(database: Database) -> None:
    with database.transaction() as tx:
        saved = events.save(tx, EVENT)

    with database.transaction() as tx:
        event = events.load(tx, saved.id)
        assert without_ids(event) == EVENT
        assert event.revision == 1
        assert event.starts_at.utcoffset() == timedelta(0)
        assert saved.created
        assert saved.changed


def test_an_event_with_nothing_but_the_necessary_comes_back_as_it_was_saved(
    database: Database,
) -> None:
    bare = Event(
        id=EVENT.id,
        slug="bare",
        revision=0,
        keyword="bare",
        title=text("A"),
        summary=text("B"),
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        zone=EVENT.zone,
        places=(replace(ROOM, consents=(), note=None, capacity=None),),
        fill_from=timedelta(0),
    )

    with database.transaction() as tx:
        events.save(tx, bare)
        assert without_ids(events.by_slug(tx, "bare") or EVENT) == bare


def test_saving_the_same_event_again_changes_nothing(database: Database) -> None:
    with database.transaction() as tx:
        first = events.save(tx, EVENT)
        before = events.load(tx, first.id)
        again = events.save(tx, EVENT)

        assert again.id == first.id
        assert not again.changed
        assert not again.created
        assert events.load(tx, first.id) == before


CHANGES: dict[str, dict[str, Any]] = {
    "keyword": {"keyword": "another"},
    "title": {"title": text("Anders")},
    "one language": {"title": LocalText({**EVENT.title.texts, "de@leicht": "Start"})},
    "start": {"starts_at": START + timedelta(hours=1)},
    "end": {"ends_at": START + timedelta(hours=3)},
    "venue": {"venue": None},
    "cancellation": {"cancelled": True},
    "fill_from": {"fill_from": timedelta(hours=1)},
    "order of places": {"places": (STREAM, ROOM)},
    "deadline": {"places": (replace(ROOM, deadline=START), STREAM)},
    "document of a consent": {
        "places": (replace(ROOM, consents=(replace(ROOM.consents[0], link="https://a.b"),)), STREAM)
    },
    "note": {"places": (replace(ROOM, note=None), STREAM)},
    "new place": {"places": (ROOM, STREAM, replace(STREAM, slug="zoom", capacity=75))},
    "fewer places": {"places": (ROOM,)},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_stored_under_the_next_revision(
    database: Database, changes: dict[str, Any]
) -> None:
    changed = replace(EVENT, **changes)
    with database.transaction() as tx:
        first = events.save(tx, EVENT)
        saved = events.save(tx, changed)

        assert saved.changed
        assert not saved.created
        assert saved.capacities == {}
        assert events.load(tx, first.id).revision == 2
        assert without_ids(events.load(tx, first.id)) == changed


def test_places_keep_their_ids(database: Database) -> None:
    with database.transaction() as tx:
        saved = events.save(tx, EVENT)
        before = {place.slug: place.id for place in events.load(tx, saved.id).places}
        events.save(tx, replace(EVENT, places=(STREAM, ROOM)))
        after = {place.slug: place.id for place in events.load(tx, saved.id).places}

        assert after == before


def test_a_new_capacity_is_left_to_the_seats(database: Database) -> None:
    changed = replace(EVENT, places=(replace(ROOM, capacity=20), STREAM))
    with database.transaction() as tx:
        events.save(tx, EVENT)
        saved = events.save(tx, changed)
        event = events.load(tx, saved.id)

        assert saved.changed
        assert saved.capacities == {event.places[0].id: 20}
        assert event.places[0].capacity == 12


def test_a_place_with_registrations_cannot_be_removed(database: Database) -> None:
    with database.transaction() as tx:
        event = events.load(tx, events.save(tx, EVENT).id)
        registered(tx, event, event.places[0], state="cancelled")
        with pytest.raises(PlaceInUse) as refused:
            events.save(tx, replace(EVENT, places=(STREAM,)))

        assert refused.value.place == "saal"
        assert len(events.load(tx, event.id).places) == 2


def test_a_keyword_belongs_to_one_event(database: Database) -> None:
    with database.transaction() as tx:
        events.save(tx, EVENT)
        with pytest.raises(KeywordTaken) as refused:
            events.save(tx, replace(EVENT, slug="other"))

        assert refused.value.other == "auftakt"
        assert events.by_slug(tx, "other") is None


def test_upcoming_events_are_those_that_are_not_over_by_their_start(database: Database) -> None:
    with database.transaction() as tx:
        events.save(tx, another("late", starts_at=START + timedelta(minutes=30)))
        events.save(tx, EVENT)
        events.save(tx, another("past", ends_at=START, starts_at=START - timedelta(hours=1)))
        events.save(tx, another("called-off", cancelled=True))

        slugs = [event.slug for event in events.upcoming(tx, START)]

    assert slugs == ["auftakt", "called-off", "late"]


def test_occupancy_counts_each_place_of_the_events_asked_for(database: Database) -> None:
    with database.transaction() as tx:
        event = events.load(tx, events.save(tx, EVENT).id)
        events.save(tx, another("other"))
        room, stream = (place.id for place in event.places)
        tx.execute(
            tables.places.update().where(tables.places.c.id == room).values(taken=5, waiting=2)
        )

        assert events.occupancy(tx, [event.id]) == {room: Occupancy(5, 2), stream: Occupancy()}


def test_an_unknown_slug_is_no_event(database: Database) -> None:
    with database.transaction() as tx:
        assert events.by_slug(tx, "nowhere") is None


def test_only_consents_that_somebody_gave_are_agreed(database: Database) -> None:
    with database.transaction() as tx:
        event = events.load(tx, events.save(tx, EVENT).id)
        assert events.agreed(tx, event.id) == set()
        tx.execute(
            tables.consents.insert().values(
                event_id=event.id,
                slug="broadcast",
                version="1",
                language="de",
                wording="…",
                state="given",
                given_at=NOW,
            )
        )

        assert events.agreed(tx, event.id) == {("broadcast", "1")}


def test_a_place_without_capacity_stays_without_one(database: Database) -> None:
    unlimited: Place = replace(ROOM, capacity=None)
    with database.transaction() as tx:
        saved = events.save(tx, replace(EVENT, places=(unlimited,)))

        assert events.load(tx, saved.id).places[0].capacity is None
