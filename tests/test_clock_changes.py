"""Jobs in the night in which clocks change, and with servers whose clocks differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot import jobs
from bot.domain.outcomes import InLine, RegistrationClosed, Seated
from bot.services import events
from bot.store.database import Database
from tests.households import HOUSE, Chat
from tests.sample import ROOM, STREAM, opened
from tests.worlds import ONLINE, World, there

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

NIGHTS = {
    "summer time ends": datetime.fromisoformat("2026-10-25T18:00+01:00"),
    "summer time begins": datetime.fromisoformat("2026-03-29T18:00+02:00"),
}
"""When an event starts whose day has 25 hours, or 23."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def evening(database: Database, start: datetime) -> World:
    """Let an event begin on the day after the night; registration ends at its midnight."""
    midnight = start.replace(hour=0)
    if midnight.utcoffset() == HOUR:  # the day begins in summer time
        midnight -= HOUR
    places = tuple(replace(place, capacity=2, deadline=midnight) for place in (ROOM, ONLINE))
    world = World.of(
        database,
        places=(*places, STREAM),
        starts_at=start,
        ends_at=start + 2 * HOUR,
        fill_from=16 * HOUR,
    )
    world.now = start - 72 * HOUR
    with database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "online", "https://zoom.example.org/j/1")
    return world


def letters(world: World, chat: Chat) -> list[dict[str, Any]]:
    return world.rows("outbox", chat=chat.address)


def rebuilt(database: Database) -> int:
    with database.transaction() as tx:
        found = tx.execute(text("select value from counters where name like 'file%'"))
        return int(found.scalar_one_or_none() or 0)


@pytest.mark.parametrize("start", NIGHTS.values(), ids=NIGHTS)
def test_each_thing_is_done_once_and_at_its_instant_in_the_night_of_the_change(
    database: Database, start: datetime
) -> None:
    world = evening(database, start)
    anna, ben, cem = (Chat(database, name) for name in ("anna", "ben", "cem"))
    anna.guest(world, "Anna").registers(world.online, agreements=())
    there(ben.guest(world, "Ben").brings(world.online, "Bea", agreements=()), InLine)
    there(cem.guest(world, "Cem").registers(world.online, agreements=()), InLine)
    sent, moved_up, nights = [], [], set[int]()
    now = start - 30 * HOUR
    while now < start:
        jobs.due(database, HOUSE, now)
        sent.append((len(letters(world, anna)), now))
        moved_up.append((len(world.seated(world.online)), now))
        nights.add(rebuilt(database))
        now += 15 * MINUTE

    deadline = world.place("online").deadline
    assert min(at for count, at in sent if count) == deadline
    assert max(sent)[0] == 1
    assert min(at for count, at in moved_up if count == 2) == start - 16 * HOUR
    assert world.seated(world.online) == ["Anna", "Cem"]
    assert len(nights - {0}) == (2 if database.is_sqlite else 0)  # those of yesterday and today


def test_a_deadline_is_its_very_second(database: Database) -> None:
    world = evening(database, NIGHTS["summer time ends"])
    deadline = world.place("online").deadline
    anna, ben = world.people("Anna", "Ben")
    world.now = deadline - 2 * SECOND
    in_time = anna.registers(world.online, agreements=())  # a second later
    too_late = ben.registers(world.online, agreements=())

    assert world.now == deadline
    assert isinstance(in_time, Seated)
    assert isinstance(too_late, RegistrationClosed)


@pytest.mark.parametrize("hours", [-1, 1])
def test_two_servers_whose_clocks_differ_do_each_thing_once(database: Database, hours: int) -> None:
    world = evening(database, NIGHTS["summer time ends"])
    chats = [Chat(database, name) for name in ("anna", "ben", "cem")]
    for chat in chats:
        chat.guest(world, chat.address).registers(world.online, agreements=())
    now = world.place("online").deadline - 2 * HOUR
    while now < world.event.starts_at + 2 * HOUR:
        jobs.due(database, HOUSE, now)
        jobs.due(database, HOUSE, now + hours * HOUR)
        now += 20 * MINUTE

    told = [[each["payload"]["text"] for each in letters(world, chat)] for chat in chats]
    assert [len(each) for each in told] == [1, 1, 1]
    assert "access data" in told[0][0]
    assert "no seat has become free" in told[2][0]
