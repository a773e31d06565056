"""Files of events and access data, as staff bring them."""

from collections.abc import Iterator
from datetime import timedelta
from textwrap import dedent

import pytest
from sqlalchemy import select

from bot.domain.outcomes import MovedUp, Postponed
from bot.services.events import Loaded, keep_access, load_file, refuse_doubtful
from bot.services.examples import as_published
from bot.services.refusals import OperatorError
from bot.services.seats import change_capacity
from bot.store import events, tables
from bot.store.database import Database
from tests.sample import NOW, add, opened, registered

EXAMPLE = as_published()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def load(database: Database, text: str, *meant: str) -> Loaded:
    with database.transaction() as tx:
        loaded = load_file(tx, text.encode(), "events.toml", NOW)
        refuse_doubtful(loaded, "events.toml", NOW, meant)
    return loaded


def seated(database: Database, *parties: tuple[str, int]) -> None:
    """Register people at the video conference, and count them."""
    with database.transaction() as tx:
        event = events.by_slug(tx, "videokonferenz")
        assert event
        for number, (state, size) in enumerate(parties, start=1):
            registered(
                tx, event, event.places[0], state=state, party_size=size, arrival_number=number
            )
        counts = {
            column: sum(size for state, size in parties if state == name)
            for column, name in (("taken", "confirmed"), ("waiting", "waiting"))
        }
        place = tables.places.c.id == event.places[0].id
        tx.execute(tables.places.update().where(place).values(**counts))


def test_the_example_is_created_and_loading_it_again_changes_nothing(database: Database) -> None:
    assert load(database, EXAMPLE) == Loaded(created=("auftakt", "videokonferenz"))
    assert load(database, EXAMPLE) == Loaded(unchanged=("auftakt", "videokonferenz"))

    with database.transaction() as tx:
        assert [event.revision for event in events.upcoming(tx, NOW)] == [1, 1]


def test_a_changed_file_updates_what_it_changes(database: Database) -> None:
    load(database, EXAMPLE)

    loaded = load(database, EXAMPLE.replace('"Online im Zoom-Meeting"', '"Online mit Zoom"'))

    assert (loaded.updated, loaded.unchanged) == (("videokonferenz",), ("auftakt",))
    with database.transaction() as tx:
        event = events.by_slug(tx, "videokonferenz")
    assert event
    assert event.places[0].title.in_language("de") == "Online mit Zoom"


def test_what_a_file_does_not_name_stays(database: Database) -> None:
    load(database, EXAMPLE)
    only_second = EXAMPLE[EXAMPLE.rindex("[[event]]") :]

    assert load(database, only_second) == Loaded(unchanged=("videokonferenz",))
    with database.transaction() as tx:
        assert events.by_slug(tx, "auftakt")


def test_a_raised_capacity_lets_the_line_move_up(database: Database) -> None:
    load(database, EXAMPLE.replace("capacity = 75", "capacity = 2"))
    seated(database, ("confirmed", 2), ("waiting", 1), ("waiting", 2))

    loaded = load(database, EXAMPLE.replace("capacity = 75", "capacity = 3"))

    (change,) = loaded.capacities
    assert (change.capacity, change.over) == (3, 0)
    (notice,) = loaded.notices
    assert isinstance(notice.what, MovedUp)
    with database.transaction() as tx:
        rows = tx.execute(select(tables.registrations.c.state).order_by(tables.registrations.c.id))
        assert list(rows.scalars()) == ["confirmed", "confirmed", "waiting"]
    assert load(database, EXAMPLE.replace("capacity = 75", "capacity = 3")).updated == ()


def test_a_lowered_capacity_takes_nobody_s_seat(database: Database) -> None:
    load(database, EXAMPLE)
    seated(database, ("confirmed", 5))

    loaded = load(database, EXAMPLE.replace("capacity = 75", "capacity = 3"))

    (change,) = loaded.capacities
    assert (change.capacity, change.over) == (3, 2)
    assert loaded.notices == ()


def capacity(database: Database) -> int | None:
    with database.transaction() as tx:
        event = events.by_slug(tx, "videokonferenz")
    assert event
    return event.places[0].capacity


def test_a_file_undoes_no_capacity_that_was_set_since_it_was_loaded(database: Database) -> None:
    load(database, EXAMPLE)
    with database.transaction() as tx:
        event = events.by_slug(tx, "videokonferenz")
        assert event
        change_capacity(tx, event.places[0].id, 90, NOW)

    again = load(database, EXAMPLE)
    assert again.unchanged == ("auftakt", "videokonferenz")
    assert [(slug, place.slug, place.capacity) for slug, place in again.kept] == [
        ("videokonferenz", "zoom", 90)
    ]
    other = load(database, EXAMPLE.replace("Online im Zoom-Meeting", "Online mit Zoom"))
    assert (other.updated, other.capacities) == (("videokonferenz",), ())
    assert capacity(database) == 90

    counts = load(database, EXAMPLE.replace("capacity = 75", "capacity = 80"))
    assert [each.capacity for each in counts.capacities] == [80]
    assert counts.kept == ()
    assert capacity(database) == 80
    assert load(database, EXAMPLE).capacities[0].capacity == 75


def test_two_keywords_that_are_typed_alike_are_one(database: Database) -> None:
    load(database, EXAMPLE)
    second = EXAMPLE[EXAMPLE.rindex("[[event]]") :].replace('"videokonferenz"', '"neu"')

    with pytest.raises(OperatorError, match=r"“videokonferenz”|“neu”"):
        load(database, second.replace("31.08.", "31. August"))


def test_the_keyword_of_an_event_that_is_over_is_free_for_the_next(database: Database) -> None:
    load(database, EXAMPLE)
    later = NOW + timedelta(days=366)
    second = EXAMPLE[EXAMPLE.rindex("[[event]]") :]
    new = second.replace('"videokonferenz"', '"neu"').replace("2020-", "2022-")

    def load_later(text: str) -> Loaded:
        with database.transaction() as tx:
            return load_file(tx, text.encode(), "events.toml", later)

    assert load_later(new).created == ("neu",)
    both = load_later(EXAMPLE + new)
    assert both.created == ()
    assert load_later(EXAMPLE + new).unchanged == ("auftakt", "videokonferenz", "neu")
    with database.transaction() as tx:
        stored = events.by_slug(tx, "neu")
    assert stored
    assert stored.keyword == "Digitalisierung 31.08."


MOVED_TO_2019 = EXAMPLE.replace("2020-08-31T", "2019-08-31T").replace("2020-08-25", "2019-08-25")
BEGUN = EXAMPLE.replace("start = 2020-08-31T18", "start = 2020-08-01T18").replace(
    "until = 2020-08-25", "until = 2020-08-01T12:00:00"
)


@pytest.mark.parametrize(
    ("slip", "doubt"),
    [
        (MOVED_TO_2019, "over already, since 2019-08-31"),
        (BEGUN, "begun already"),
        (MOVED_TO_2019.replace("2019-08", "2021-08"), "move by 365 days"),
        (EXAMPLE.replace("until = 2020-08-25", "until = 2020-07-25"), "over at once, since 2020"),
        (EXAMPLE.replace("capacity = 75", ""), "no capacity, so that all 2 who wait"),
        (EXAMPLE.replace("capacity = 75", "capacity = 750"), "750 seats instead of 75"),
    ],
)
def test_what_looks_like_a_slip_is_refused_unless_it_is_said_twice(
    database: Database, slip: str, doubt: str
) -> None:
    assert slip != EXAMPLE
    load(database, EXAMPLE)
    seated(database, ("confirmed", 74), ("waiting", 2))

    with pytest.raises(OperatorError, match=doubt) as refused:
        load(database, slip)
    assert "“videokonferenz”" in str(refused.value)
    assert "Registered: 2.\n" in str(refused.value)
    assert "add: --as-written videokonferenz" in str(refused.value)
    assert load(database, EXAMPLE).updated == ()
    with pytest.raises(OperatorError, match=doubt):
        load(database, slip, "auftakt")
    assert load(database, slip, "videokonferenz").updated == ("videokonferenz",)
    assert load(database, slip).updated == ()


@pytest.mark.parametrize(
    "change",
    [
        EXAMPLE.replace("2020-08-31T", "2020-10-31T"),
        EXAMPLE.replace("until = 2020-08-25", "until = 2020-08-24"),
        EXAMPLE.replace("capacity = 75", "capacity = 90"),
        EXAMPLE.replace("capacity = 75", "capacity = 3"),
    ],
)
def test_what_is_no_slip_is_not_doubted(database: Database, change: str) -> None:
    load(database, EXAMPLE)
    seated(database, ("confirmed", 74), ("waiting", 2))

    assert load(database, change).updated == ("videokonferenz",)


def test_nothing_is_doubted_as_long_as_nobody_is_registered(database: Database) -> None:
    load(database, EXAMPLE)

    assert load(database, MOVED_TO_2019).updated == ("videokonferenz",)


def test_who_was_told_a_wrong_date_is_told_the_right_one(database: Database) -> None:
    load(database, EXAMPLE)
    seated(database, ("confirmed", 1))
    load(database, MOVED_TO_2019, "videokonferenz")

    (notice,) = load(database, EXAMPLE, "videokonferenz").notices

    assert isinstance(notice.what, Postponed)


def test_a_place_with_registrations_has_to_stay(database: Database) -> None:
    load(database, EXAMPLE)
    seated(database, ("confirmed", 1))
    renamed = EXAMPLE.replace('slug = "zoom"', 'slug = "online"')

    with pytest.raises(OperatorError, match=r"events.toml: .*“zoom”.*capacity = 0"):
        load(database, renamed)


def test_a_keyword_of_another_event_is_refused_and_nothing_is_stored(database: Database) -> None:
    load(database, EXAMPLE)
    second = EXAMPLE[EXAMPLE.rindex("[[event]]") :].replace('"videokonferenz"', '"neu"')
    first = second.replace('"neu"', '"davor"').replace("31.08.", "01.09.")

    with pytest.raises(OperatorError, match=r"“Digitalisierung 31.08.” of “neu”.*“videokonferenz”"):
        load(database, first + second)

    with database.transaction() as tx:
        assert events.by_slug(tx, "davor") is None


def agree(database: Database) -> None:
    with database.transaction() as tx:
        event = events.by_slug(tx, "auftakt")
        assert event
        add(
            tx,
            "consents",
            event_id=event.id,
            slug="broadcast",
            version="1",
            language="de",
            wording="…",
            state="withdrawn",
            given_at=NOW,
        )


NEW_WORDS = EXAMPLE.replace("Meine Einwilligung ist freiwillig.", "Das ist freiwillig.")


def test_words_that_nobody_agreed_to_may_change(database: Database) -> None:
    load(database, EXAMPLE)

    assert load(database, NEW_WORDS).updated == ("auftakt",)


def test_words_that_somebody_agreed_to_need_a_new_version(database: Database) -> None:
    load(database, EXAMPLE)
    agree(database)

    with pytest.raises(OperatorError, match=r"“broadcast”, version “1”.*new version"):
        load(database, NEW_WORDS)
    assert load(database, NEW_WORDS.replace('version = "1"', 'version = "2"')).updated


def test_another_document_is_a_change_of_words(database: Database) -> None:
    load(database, EXAMPLE)
    agree(database)
    linked = EXAMPLE.replace('version = "1"', 'version = "1"\nlink = "https://example.org"')

    with pytest.raises(OperatorError, match=r"new version"):
        load(database, linked)


def test_a_further_language_is_no_change_of_words(database: Database) -> None:
    without = dedent(EXAMPLE).replace('title.en = "Consent to the broadcast"\n', "")
    load(database, without)
    agree(database)

    assert load(database, EXAMPLE).updated == ("auftakt",)
    with pytest.raises(OperatorError, match=r"new version"):
        load(database, without)


def access(database: Database) -> list[str | None]:
    columns = tables.places.c
    with database.transaction() as tx:
        return list(
            tx.execute(
                select(columns.access).where(columns.slug == "zoom").order_by(columns.id)
            ).scalars()
        )


def test_access_data_is_kept_with_its_place(database: Database) -> None:
    load(database, EXAMPLE)
    with database.transaction() as tx:
        keep_access(tx, "videokonferenz", "zoom", " https://zoom.example/1\nCode: 2\n")

    assert access(database) == ["https://zoom.example/1\nCode: 2"]


def test_loading_a_file_again_keeps_access_data(database: Database) -> None:
    load(database, EXAMPLE)
    with database.transaction() as tx:
        keep_access(tx, "videokonferenz", "zoom", "secret")
    load(database, EXAMPLE.replace('"Online im Zoom-Meeting"', '"Online mit Zoom"'))

    assert access(database) == ["secret"]


@pytest.mark.parametrize(
    ("event", "place", "secret", "message"),
    [
        ("nowhere", "zoom", "secret", "no event “nowhere”"),
        ("videokonferenz", "saal", "secret", "no place “saal”, but these: zoom"),
        ("auftakt", "stream", "secret", "Nobody registers"),
        ("videokonferenz", "zoom", " \n", "as input"),
        ("videokonferenz", "zoom", "x" * 2001, "as input"),
        ("videokonferenz", "zoom", "secret\0", "as input"),
    ],
)
def test_access_data_that_nobody_could_get_is_refused_and_never_repeated(
    database: Database, event: str, place: str, secret: str, message: str
) -> None:
    load(database, EXAMPLE)

    with database.transaction() as tx, pytest.raises(OperatorError, match=message) as refused:
        keep_access(tx, event, place, secret)

    assert secret.strip() == "" or secret not in str(refused.value)
    assert access(database) == [None]
