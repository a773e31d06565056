"""The line moves: who gets a seat that became free, and what they give up for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.outcomes import (
    AlreadyRegistered,
    Cancelled,
    InLine,
    MovedUp,
    NotThere,
    RegistrationClosed,
    Seated,
    TooLate,
)
from bot.domain.seats import RegistrationState
from bot.services.acts import Notice
from bot.store.database import Database
from tests.sample import ROOM, START
from tests.worlds import ONLINE, World, there


def test_the_first_in_line_moves_up_when_a_seat_is_released(database: Database) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    waits = there(ben.registers(world.room), InLine)
    cem.registers(world.room)
    outcome = there(anna.cancels(), Cancelled)

    assert (outcome.was, outcome.sequence) == (RegistrationState.CONFIRMED, 1)
    assert world.seated() == ["Ben"]
    assert world.waiting() == ["Cem"]
    seat = Seated(waits.registration, world.event.id, world.room, 2, 1, sequence=1)
    assert world.notices == (Notice(ben.id, MovedUp(seat)),)


def test_giving_back_twice_gives_back_once(database: Database) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    for guest in (anna, ben, cem):
        guest.registers(world.room)
    anna.cancels()
    outcome = anna.cancels()

    assert outcome == NotThere(world.event.id)
    assert world.seated() == ["Ben"]


def test_nobody_gives_back_what_is_not_theirs(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)

    assert ben.cancels(anna.registration) == NotThere(world.event.id)
    assert world.seated() == ["Anna"]


def test_whoever_comes_again_stands_at_the_end_with_a_new_number(database: Database) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    for guest in (anna, ben, cem):
        guest.registers(world.room)
    ben.cancels()
    outcome = there(ben.registers(world.room), InLine)

    assert (outcome.arrival_number, outcome.position) == (4, 2)
    assert world.waiting() == ["Cem", "Ben"]


def test_gaps_are_filled_by_the_next_command_if_the_clock_is_late(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.brings(world.room, "Alex")
    ben.brings(world.room, "Bea", "Bo")
    cem.registers(world.room)
    world.passes(before_start=timedelta(hours=1))
    refused = anna.registers(world.online)

    assert isinstance(refused, RegistrationClosed)
    assert world.seated() == ["Anna 2", "Cem"]
    assert [notice.person for notice in world.notices] == [cem.id]


def test_a_newcomer_does_not_overtake_those_for_whom_the_clock_is_late(
    database: Database,
) -> None:
    world = World.of(database, places=(replace(ROOM, capacity=3, deadline=START),))
    anna, ben, cem, dana = world.people("Anna", "Ben", "Cem", "Dana")
    anna.brings(world.room, "Alex")
    ben.brings(world.room, "Bea", "Bo")
    cem.registers(world.room)
    world.passes(before_start=timedelta(hours=1))
    outcome = dana.registers(world.room)

    assert isinstance(outcome, InLine)
    assert world.seated() == ["Anna 2", "Cem"]


def test_many_gaps_are_filled_by_whoever_fits_however_far_behind(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, *others, last = world.people("Anna", "Ben", "Cem", "Dana", "Emre", "Finn", "Gül")
    anna.brings(world.room, "1", "2")
    ben.brings(world.room, "1")
    for guest in others:
        guest.brings(world.room, "1", "2")
    last.registers(world.room)
    world.passes(before_start=timedelta(hours=1))
    world.change_capacity(world.room, 6)

    assert world.seated() == ["Anna 3", "Ben 2", "Gül"]


def test_the_line_stands_still_when_the_event_has_begun(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.room)
    world.now = START
    world.change_capacity(world.room, 5)
    too_late = anna.cancels()
    world.fill_gaps()

    assert too_late == TooLate(world.event.id)
    assert world.waiting() == ["Ben"]


def test_until_the_start_seats_are_given_back_and_pass_on(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.room)
    world.now = START - timedelta(seconds=1, microseconds=1)
    anna.cancels()

    assert world.seated() == ["Ben"]


def test_a_seat_elsewhere_is_kept_while_waiting_and_passes_on_with_the_swap(
    database: Database,
) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    ben.registers(world.online)
    waits = there(ben.registers(world.room), InLine)
    cem.registers(world.online)
    anna.cancels()

    assert waits.keeps == world.online
    assert world.seated(world.room) == ["Ben"]
    assert world.seated(world.online) == ["Cem"]
    told = {notice.person: notice.what for notice in world.notices}
    assert there(told[ben.id], MovedUp).from_place == world.online
    assert there(told[cem.id], MovedUp).from_place is None


@pytest.mark.parametrize("direction", [1, -1])
def test_seats_pass_on_through_many_places(database: Database, direction: int) -> None:
    slugs = [f"place-{number}" for number in range(5)]
    places = tuple(replace(ONLINE, slug=slug, capacity=1) for slug in slugs[::direction])
    world = World.of(database, places=places)
    ids = [world.place(slug).id for slug in slugs]
    guests = world.people(*slugs)
    for guest, place in zip(guests, ids, strict=True):
        guest.registers(place)
    for guest, place in zip(guests[1:], ids, strict=False):
        guest.registers(place)
    guests[0].cancels()

    assert [world.seated(place) for place in ids] == [[slug] for slug in slugs[1:]] + [[]]
    assert len(world.notices) == 4


def test_two_who_want_each_others_place_get_it_when_one_seat_is_added(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.online)
    anna.registers(world.online)
    ben.registers(world.room)
    world.change_capacity(world.room, 2)

    assert world.seated(world.room) == ["Ben"]
    assert world.seated(world.online) == ["Anna"]
    assert world.waiting() == []


def test_a_free_seat_elsewhere_is_swapped_at_once(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.online)
    ben.registers(world.online)
    outcome = anna.registers(world.room)

    assert isinstance(outcome, Seated)
    assert world.seated(world.room) == ["Anna"]
    assert world.seated(world.online) == ["Ben"]


def test_a_seat_elsewhere_may_be_taken_while_waiting_but_not_a_second_wait(
    database: Database,
) -> None:
    world = World.of(database)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    ben.registers(world.room)
    seat = ben.registers(world.online)
    cem.registers(world.room)
    refused = cem.registers(world.online)

    assert isinstance(seat, Seated)
    assert refused == AlreadyRegistered(world.event.id, world.room, RegistrationState.WAITING)
    assert world.waiting() == ["Ben", "Cem"]


def test_nothing_passes_on_in_a_cancelled_event(database: Database) -> None:
    world = World.of(database, places=(replace(ROOM, capacity=1),))
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.room)
    world.cancel_event()
    outcome = anna.cancels()

    assert isinstance(outcome, Cancelled)
    assert world.waiting() == ["Ben"]
