"""The clock: lines move, access data goes out, and what nobody needs any more goes away."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import clock, jobs
from bot.dialogue.messages import Typed
from bot.domain.deletions import ANNOUNCED_FOR, FollowedTime
from bot.domain.outcomes import InLine, Seated
from bot.domain.people import Contact, ContactKind, Role
from bot.domain.seats import Companion, PassOn
from bot.services import events, people
from bot.store import deletions, undecrypted
from bot.store import events as stored_events
from bot.store.database import Database, Transaction
from tests.households import DAY, HOUSE, Chat, ahead, columns_with, files_with
from tests.sample import opened
from tests.worlds import BROADCAST, NEEDS_KEPT, World, there

ACCESS = "https://zoom.example.org/secret-access"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


@pytest.fixture
def world(database: Database) -> World:
    return ahead(database)


def round_at(database: Database, now: datetime) -> None:
    """Let a round come in a program that has run all along."""
    with database.transaction() as tx:
        deletions.note(tx, FollowedTime(now - MINUTE, now - MINUTE))
    jobs.due(database, HOUSE, now)


def letters_to(world: World, chat: Chat) -> list[dict[str, Any]]:
    return [row for row in world.rows("outbox", chat=chat.address) if row["state"] == "waiting"]


def fill(world: World) -> Chat:
    """Let a group of two wait for one free seat, and one person behind it."""
    database = world.database
    Chat(database, "host").guest(world, "Host").registers(world.online, agreements=())
    first = Chat(database, "group").guest(world, "Group")
    there(first.brings(world.online, "Bert", agreements=()), InLine)
    single = Chat(database, "single")
    there(single.guest(world, "Single").registers(world.online, agreements=()), InLine)
    return single


def test_gaps_are_filled_as_soon_as_it_is_time_and_the_person_is_told(database: Database) -> None:
    world = ahead(database, online=2)
    single = fill(world)
    round_at(database, world.event.starts_at - world.event.fill_from - HOUR)
    assert (world.seated(), letters_to(world, single)) == (["Host"], [])

    round_at(database, world.event.starts_at - world.event.fill_from + HOUR)
    round_at(database, world.event.starts_at - world.event.fill_from + 2 * HOUR)

    assert world.seated() == ["Host", "Single"]
    (letter,) = letters_to(world, single)
    assert "you have a seat" in letter["payload"]["text"]
    assert letter["bulk"] is False


@pytest.fixture
def access(world: World) -> World:
    """Let there be access data for the place online."""
    with world.database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "online", ACCESS)
    return world


def attached(letter: dict[str, Any]) -> list[Any]:
    found: list[Any] = letter["payload"]["attach"]
    return found


def test_access_data_goes_to_those_who_have_a_seat_once_registration_has_ended(
    access: World, database: Database
) -> None:
    deadline = access.place("online").deadline
    anna, bert = Chat(database, "anna"), Chat(database, "bert")
    guest = anna.guest(access, "Anna")
    guest.registers(access.online, agreements=())
    bert.guest(access, "Bert").registers(access.room)
    round_at(database, deadline - timedelta(seconds=1))
    assert letters_to(access, anna) == []

    round_at(database, deadline)

    (letter,) = letters_to(access, anna)
    assert attached(letter) == [["access", guest.registration]]
    assert letter["bulk"] is True
    assert letters_to(access, bert) == []
    assert columns_with(database, ACCESS) == {"places.access"}


def test_access_data_is_sent_once(access: World, database: Database) -> None:
    anna = Chat(database, "anna")
    anna.guest(access, "Anna").registers(access.online, agreements=())
    deadline = access.place("online").deadline

    for _ in range(3):
        round_at(database, deadline)

    assert len(letters_to(access, anna)) == 1


def stores(world: World, secret: str) -> None:
    with world.database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "online", secret)


def test_new_access_data_is_sent_again_and_the_same_is_not(
    access: World, database: Database
) -> None:
    anna = Chat(database, "anna")
    anna.guest(access, "Anna").registers(access.online, agreements=())
    deadline = access.place("online").deadline
    round_at(database, deadline)
    stores(access, ACCESS + "\n")
    round_at(database, deadline)
    assert len(letters_to(access, anna)) == 1

    stores(access, "a new link")
    round_at(database, deadline)

    assert len(letters_to(access, anna)) == 2


def test_companions_with_a_chat_are_sent_access_data_as_well_and_so_is_whoever_takes_over(
    database: Database,
) -> None:
    world = ahead(database, room=3)
    with database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "saal", ACCESS)
    anna, bert, cem = (Chat(database, name) for name in ("anna", "bert", "cem"))
    seat = there(anna.guest(world, "Anna").brings(world.room, "Bert", "Cem"), Seated)
    code_of = {code.name: code.code for code in seat.codes}
    bert.guest(world, "Bert").answers(code_of["Bert"], agreed=True)
    cem.says("/help")
    round_at(database, world.place("saal").deadline)
    letters = [len(letters_to(world, chat)) for chat in (anna, bert, cem)]
    assert letters == [1, 1, 0]

    cem.guest(world, "Cem").answers(code_of["Cem"], agreed=True)
    round_at(database, world.place("saal").deadline)
    letters = [len(letters_to(world, chat)) for chat in (anna, bert, cem)]
    assert letters == [1, 1, 1]

    heir = next(row for row in world.rows("companions") if row["name"] == "Bert")
    anna.does(PassOn(world.event.id, seat.registration, heir["id"]))
    round_at(database, world.place("saal").deadline)

    assert len(letters_to(world, bert)) == 2


def test_those_who_wait_and_those_without_a_chat_get_no_access_data(database: Database) -> None:
    world = ahead(database, online=1)
    with database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "online", ACCESS)
    (caller,) = world.people("Caller")
    caller.registers(world.online, agreements=())
    anna = Chat(database, "anna")
    there(anna.guest(world, "Anna").registers(world.online, agreements=()), InLine)

    round_at(database, world.place("online").deadline)

    assert world.rows("outbox") == []


@pytest.mark.parametrize("cancelled", [True, False])
def test_no_access_data_for_what_does_not_take_place_or_is_over(
    access: World, database: Database, *, cancelled: bool
) -> None:
    anna = Chat(database, "anna")
    anna.guest(access, "Anna").registers(access.online, agreements=())
    if cancelled:
        access.cancel_event()

    now = access.place("online").deadline if cancelled else access.event.ends_at
    round_at(database, now)

    assert letters_to(access, anna) == []


def test_access_data_makes_no_sound_at_night(access: World, database: Database) -> None:
    anna = Chat(database, "anna")
    anna.guest(access, "Anna").registers(access.online, agreements=())
    night = access.event.local(access.place("online").deadline).replace(hour=23)

    round_at(database, night)

    assert letters_to(access, anna)[0]["payload"]["silent"] is True


def test_unfinished_answers_are_forgotten_after_two_weeks(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.has_answered({"name": "canary"})
    now = clock.now()

    round_at(database, now + 13 * DAY)
    assert columns_with(database, "canary") == {"conversations.state"}
    round_at(database, now + 15 * DAY)

    assert columns_with(database, "canary") == set()
    assert len(world.rows("conversations")) == 1


def register_with_everything(world: World) -> Chat:
    anna = Chat(world.database, "anna")
    seat = anna.guest(world, "Anna").registers(
        world.room,
        Companion("Cem", child=True, agreements=(BROADCAST,)),
        organisation="Chess club",
        contact=Contact(ContactKind.EMAIL, "anna@example.org"),
        needs="ramp",
        agreements=(BROADCAST, NEEDS_KEPT),
    )
    there(seat, Seated)
    return anna


def test_needs_are_deleted_as_soon_as_the_event_is_over(database: Database) -> None:
    world = ahead(database, room=2)
    round_at(database, world.event.ends_at - ANNOUNCED_FOR)
    register_with_everything(world)

    round_at(database, world.event.ends_at - MINUTE)
    assert [row["needs"] for row in world.rows("registrations")] == ["ramp"]
    round_at(database, world.event.ends_at)

    (registration,) = world.rows("registrations")
    assert (registration["needs"], registration["name"]) == ("", "Anna")
    assert {row["slug"] for row in world.rows("consents")} == {"broadcast", "needs"}


def test_names_and_contacts_are_deleted_a_month_after_the_event(database: Database) -> None:
    world = ahead(database, room=2)
    register_with_everything(world)
    personal = ("Anna", "anna@example.org", "Chess club", "Cem")

    round_at(database, world.event.ends_at + 30 * DAY - ANNOUNCED_FOR)
    round_at(database, world.event.ends_at + 30 * DAY - HOUR)
    assert all(columns_with(database, word) for word in personal)
    round_at(database, world.event.ends_at + 30 * DAY)

    assert [word for word in personal if columns_with(database, word)] == []
    (registration,) = world.rows("registrations")
    assert (registration["state"], registration["party_size"]) == ("confirmed", 2)
    assert len(world.rows("companions")) == 1
    assert len(world.rows("consents")) == 3


def test_names_of_other_events_stay(database: Database, world: World) -> None:
    later = ahead(database)
    with database.transaction() as tx:
        begins = later.event.starts_at + 60 * DAY
        moved = replace(later.event, starts_at=begins, ends_at=begins + HOUR)
        stored_events.save(tx, moved)
    Chat(database, "anna").guest(later, "Anna").registers(later.room)

    round_at(database, world.event.ends_at + 31 * DAY)
    round_at(database, world.event.ends_at + 35 * DAY)

    assert [row["name"] for row in later.rows("registrations")] == ["Anna"]


def test_consents_can_be_proved_until_three_years_after_the_year_of_the_event(
    database: Database, world: World
) -> None:
    Chat(database, "anna").guest(world, "Anna").registers(world.room)
    new_year = world.event.ends_at.replace(
        year=world.event.ends_at.year + 4, month=1, day=1, hour=0, minute=0
    )

    round_at(database, new_year - ANNOUNCED_FOR)
    round_at(database, new_year - HOUR)
    assert len(world.rows("consents")) == 1
    round_at(database, new_year + DAY)

    assert world.rows("consents") == []


def test_pictures_that_nobody_took_go_after_two_weeks(database: Database) -> None:
    Chat(database, "anna").sends_picture(b"canary")

    round_at(database, clock.now() + 14 * DAY - HOUR)
    assert columns_with(database, "canary") == {"pictures.content"}
    round_at(database, clock.now() + 14 * DAY + HOUR)

    assert columns_with(database, "canary") == set()


def test_traces_of_messages_go_after_a_month(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.sends(Typed("/help"))
    assert (len(world.rows("outbox")), inbox(database)) == (len(anna.seen), 1)

    round_at(database, clock.now() + 29 * DAY)
    assert (len(world.rows("outbox")), inbox(database)) == (len(anna.seen), 1)
    round_at(database, clock.now() + 31 * DAY)

    assert (world.rows("outbox"), inbox(database)) == ([], 0)


def test_what_cannot_be_decrypted_goes_after_a_week(database: Database) -> None:
    with database.transaction() as tx:
        undecrypted.keep(tx, "$1", "!room", {"sender": "@anna:example.org"}, clock.now())

    round_at(database, clock.now() + 7 * DAY - HOUR)
    assert columns_with(database, "@anna") != set()
    round_at(database, clock.now() + 7 * DAY + HOUR)

    assert columns_with(database, "@anna") == set()


def test_what_is_still_to_be_sent_is_kept(database: Database, world: World) -> None:
    Chat(database, "anna").is_written_to("canary", "waiting")

    round_at(database, clock.now() + 31 * DAY)

    assert len(world.rows("outbox")) == 1


def inbox(database: Database) -> int:
    with database.transaction() as tx:
        return int(tx.execute(text("select count(*) from inbox")).scalar_one())


def test_invitations_expire(database: Database) -> None:
    now = clock.now()
    with database.transaction() as tx:
        people.invite(tx, Role.ADMIN, now)

    round_at(database, now + 6 * DAY)
    assert invitations(database) == 1
    round_at(database, now + 8 * DAY)

    assert invitations(database) == 0


def invitations(database: Database) -> int:
    with database.transaction() as tx:
        return int(tx.execute(text("select count(*) from invitations")).scalar_one())


def test_a_job_that_fails_holds_up_no_other_and_quotes_nobody(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_round: jobs.Round) -> None:
        raise ValueError("canary")

    monkeypatch.setitem(jobs.JOBS, "fill gaps", fails)
    anna = Chat(database, "anna")
    anna.has_answered({"name": "Anna"})

    with caplog.at_level(logging.ERROR):
        round_at(database, clock.now() + 15 * DAY)

    assert "fill gaps" in caplog.text
    assert "canary" not in caplog.text
    assert columns_with(database, "Anna") == set()


def test_a_database_that_is_away_ends_no_program(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(f"sqlite:///{tmp_path / 'no such folder' / 'stadtdialog.sqlite'}")

    with caplog.at_level(logging.ERROR):
        jobs.due(away, HOUSE, clock.now())

    assert [record.message for record in caplog.records] != []
    assert "Traceback" not in caplog.text


def test_what_was_deleted_is_overwritten_at_once(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        Chat(database, "anna").is_written_to("canary", "sent")
        with database.transaction() as tx:
            tx.execute(text("delete from outbox"))
        assert files_with(sqlite_url, "canary") == {"-wal"}

        assert database.clean_up()

        assert files_with(sqlite_url, "canary") == set()


@pytest.mark.slow
def test_remains_in_pages_that_were_reordered_go_when_the_file_is_rebuilt(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        with database.transaction() as tx:
            stir(tx)
        database.clean_up()
        assert remains(sqlite_url)  # overwriting alone does not reach them

        jobs.due(database, HOUSE, clock.now())

        assert remains(sqlite_url) == set()


def stir(tx: Transaction) -> None:
    """Write letters of all lengths, change some of them, and delete two of three."""
    chance = random.Random(0)  # noqa: S311  # the same each time
    now = clock.now().replace(tzinfo=None)
    row = {"now": now, "channel": "telegram"}
    for number in range(1, 1001):
        tx.execute(
            INSERT, row | {"chat": f"canary-{number}-", "payload": "y" * chance.randint(0, 400)}
        )
        if number % 5 == 0:
            longer = {"payload": "z" * chance.randint(0, 900), "id": chance.randint(1, number)}
            tx.execute(text("update outbox set payload = :payload where id = :id"), longer)
    tx.execute(text("delete from outbox where id % 3 != 0"))


INSERT = text(
    "insert into outbox (channel, chat, payload, bulk, state, created_at, not_before, attempts) "
    "values (:channel, :chat, :payload, 0, 'waiting', :now, :now, 0)"
)


def remains(url: str) -> set[int]:
    """Find letters that were deleted in the bytes of the file."""
    content = Path(url.removeprefix("sqlite:///")).read_bytes()
    return {
        number
        for number in range(1, 1001)
        if number % 3 and f"canary-{number}-".encode() in content
    }


def test_the_file_is_rebuilt_once_a_night(sqlite_url: str) -> None:
    evening = datetime.fromisoformat("2026-06-01T20:00+02:00")
    with opened(sqlite_url) as database:
        days = []
        for hours in (0, 1, 6, 8, 20, 32):
            round_at(database, evening + hours * HOUR)
            days.append(rebuilt(database))

    first = evening.date().toordinal()
    assert [day - first for day in days] == [0, 0, 0, 1, 1, 2]


def rebuilt(database: Database) -> int:
    with database.transaction() as tx:
        return int(
            tx.execute(text("select value from counters where name like 'file%'")).scalar_one()
        )


def test_a_reader_delays_the_clean_up_but_not_the_program(sqlite_url: str) -> None:
    with opened(sqlite_url) as database, opened(sqlite_url) as reader:
        Chat(database, "anna").is_written_to("canary", "sent")
        with reader.transaction() as tx:
            tx.execute(text("select count(*) from outbox"))

            assert not database.clean_up()

        assert database.clean_up()


def test_postgresql_cleans_up_by_itself(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        assert database.clean_up(rebuild=True)


def test_an_event_without_anything_due_costs_nothing(database: Database, world: World) -> None:
    before = world.rows("audit")

    round_at(database, clock.now())

    assert (world.rows("audit"), world.rows("outbox")) == (before, [])


def test_a_chat_is_forgotten_a_year_after_its_last_message_if_nothing_else_is_kept(
    world: World,
) -> None:
    """Whoever has a registration or wrote lately stays."""
    database = world.database
    Chat(database, "idle").says("/start")
    Chat(database, "registered").guest(world, "Erna").registers(world.online, agreements=())
    later = clock.now() + 400 * DAY
    round_at(database, later - 100 * DAY)
    assert len(world.rows("conversations")) == 2

    round_at(database, later)
    assert [row["chat"] for row in world.rows("conversations")] == [
        Chat(database, "registered").address
    ]


def test_a_clock_that_is_wrong_for_a_minute_deletes_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world = ahead(database, room=2)
    register_with_everything(world)
    Chat(database, "erna").has_answered({"name": "canary"})
    Chat(database, "emil").sends_picture(b"a picture")
    tables = ("registrations", "companions", "consents", "conversations", "pictures", "inbox")
    now = clock.now()
    round_at(database, now)
    before = {table: everything(database, table) for table in tables}

    for minute in range(3):
        jobs.due(database, HOUSE, now + 400 * DAY + minute * MINUTE)
    assert "400 days ahead" in caplog.text
    jobs.due(database, HOUSE, now + 3 * MINUTE)

    assert {table: everything(database, table) for table in tables} == before
    assert everything(database, "deletions") == []


def test_a_wrong_year_deletes_nothing_if_it_is_mended_in_time(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world = ahead(database, room=2)
    register_with_everything(world)
    right = world.event
    with database.transaction() as tx:
        long_ago = right.starts_at - 366 * DAY
        stored_events.save(tx, replace(right, starts_at=long_ago, ends_at=long_ago + HOUR))

    round_at(database, clock.now())
    announced = {row["subject"] for row in everything(database, "deletions")}
    round_at(database, clock.now() + ANNOUNCED_FOR - HOUR)
    with database.transaction() as tx:
        stored_events.save(tx, right)
    round_at(database, clock.now() + ANNOUNCED_FOR + HOUR)

    assert announced == {"needs", "names"}
    assert f"the names of event {right.id} will be deleted in 3 days" in caplog.text
    assert everything(database, "deletions") == []
    assert [(row["name"], row["needs"]) for row in world.rows("registrations")] == [
        ("Anna", "ramp")
    ]


def test_staff_see_what_will_be_deleted(database: Database) -> None:
    world = ahead(database, room=2)
    register_with_everything(world)
    boss = Chat(database, "boss")
    with database.transaction() as tx:
        code = people.invite(tx, Role.MODERATOR, clock.now())
    boss.says(f"staff-{code}")

    assert "Will be deleted" not in boss.says("/stats")
    round_at(database, world.event.ends_at - DAY)

    assert f"needs, {world.event.slug} (1 person): on" in boss.says("/stats")


@pytest.mark.slow
def test_a_program_that_was_away_for_weeks_goes_on_deleting(database: Database) -> None:
    world = ahead(database, room=2)
    register_with_everything(world)
    round_at(database, world.event.ends_at - DAY)

    away = world.event.ends_at + 60 * DAY
    for days in range(70):
        jobs.due(database, HOUSE, away + days * DAY)

    assert columns_with(database, "Anna") == set()


def everything(database: Database, table: str) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        rows = tx.execute(text(f"select * from {table} order by 1")).mappings()  # noqa: S608 (ours)
        return [dict(row) for row in rows]
