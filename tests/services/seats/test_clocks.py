"""The order of arrival is that of the numbers, whatever the clocks of servers say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.outcomes import InLine, Split
from bot.domain.people import PersonId
from bot.domain.seats import Register, TakeFree
from bot.store.database import Database
from tests.worlds import BROADCAST, CALLED, World, there

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

jumps = pytest.mark.parametrize("jump", [-HOUR, HOUR, timedelta(days=-400)])
"""A clock that is set, or another server whose clock is wrong."""


def calls(world: World, name: str, ago: timedelta) -> object:
    """Enter somebody who called some time ago, by the clock of the moment."""
    command = Register(world.event.id, world.room, name, contact=CALLED, agreements=(BROADCAST,))
    return world.enter(command, PersonId(0), world.now - ago)


@jumps
def test_nobody_overtakes_who_waits_by_a_clock_that_is_wrong(
    database: Database, jump: timedelta
) -> None:
    world = World.of(database)
    anna, ben, cem, dana = world.people("Anna", "Ben", "Cem", "Dana")
    anna.registers(world.room)
    ben.registers(world.room)
    world.now += jump
    assert there(cem.registers(world.room), InLine).position == 2
    world.now -= jump
    assert there(dana.registers(world.room), InLine).position == 3
    assert world.waiting() == ["Ben", "Cem", "Dana"]

    for leaving, seated in ((anna, "Ben"), (ben, "Cem"), (cem, "Dana")):
        leaving.cancels()

        assert world.seated() == [seated]


@jumps
def test_a_seat_kept_for_a_group_goes_to_no_newcomer_with_another_clock(
    database: Database, jump: timedelta
) -> None:
    world = World.of(database, room=2)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    ben.brings(world.room, "Bea")
    world.now += jump

    assert there(cem.registers(world.room), InLine).position == 2


@jumps
def test_the_latest_number_moves_back_first(database: Database, jump: timedelta) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    world.now += jump
    ben.registers(world.room)
    world.change_capacity(world.room, 1)
    world.move_back(world.room)

    assert world.seated() == ["Anna"]


def test_whoever_called_stands_behind_the_last_who_was_there_by_then(database: Database) -> None:
    world = World.of(database)
    people = world.people("Anna", "Ben", "Cem", "Dana")
    for each in people:
        each.registers(world.room)
        world.now += 10 * MINUTE
    calls(world, "half past", 25 * MINUTE)
    calls(world, "a bit earlier", 28 * MINUTE)
    calls(world, "first of all", 2 * HOUR)
    calls(world, "right now", timedelta())

    assert world.waiting() == [
        *("first of all", "Ben", "a bit earlier", "half past", "Cem", "Dana", "right now")
    ]


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_whoever_called_overtakes_nobody_who_wrote_before_that_while_a_clock_was_wrong(
    database: Database, jump: timedelta
) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    world.now += jump
    ben.registers(world.room)
    world.now += 5 * MINUTE - jump
    cem.registers(world.room)
    world.now += 10 * MINUTE

    there(calls(world, "Caller", 5 * MINUTE), InLine)

    assert world.waiting() == ["Ben", "Cem", "Caller"]


@jumps
def test_the_rest_of_a_group_keeps_its_place_in_the_line(
    database: Database, jump: timedelta
) -> None:
    world = World.of(database, room=3)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.brings(world.room, "Alf")
    there(ben.brings(world.room, "Bea"), InLine)
    world.now += jump
    cem.registers(world.room)
    there(ben.does(TakeFree(world.event.id, ben.registration)), Split)

    assert world.waiting() == ["Ben", "Cem"]
