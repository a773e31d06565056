"""Groups: never split without their consent, and one again as soon as there are seats."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.outcomes import AlreadyRegistered, InLine, MovedUp, NotThere, Seated, Smaller, Split
from bot.domain.seats import RegistrationState
from bot.services.acts import Notice
from bot.store.database import Database
from tests.worlds import World, there


def test_free_seats_wait_for_a_group_until_gaps_are_filled(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.brings(world.room, "Alex", "Ali")
    ben.brings(world.room, "Bea", "Bo")
    cem.registers(world.room)
    anna.leaves_behind(1)
    world.passes(before_start=world.event.fill_from + timedelta(microseconds=1))
    world.fill_gaps()
    before = world.seated()
    world.passes(before_start=world.event.fill_from)
    world.fill_gaps()

    assert before == ["Anna 2"]
    assert world.seated() == ["Anna 2", "Cem"]
    assert world.waiting() == ["Ben 3"]
    assert [notice.person for notice in world.notices] == [cem.id]


def test_a_group_that_agreed_is_split_and_becomes_one_again(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben = world.people("Anna", "Ben")
    anna.brings(world.room, "Alex")
    split = there(ben.brings(world.room, "Bea", "Bo", seats_now=1), Split)
    before = world.seated(), world.waiting()
    anna.cancels()

    assert (split.seated.party_size, split.in_line.party_size) == (1, 2)
    assert (split.seated.arrival_number, split.in_line.arrival_number) == (2, 3)
    assert before == (["Anna 2", "Ben"], ["Ben 2"])
    assert world.seated() == ["Ben 3"]
    whole = replace(split.seated, party_size=3, sequence=1, codes=())
    assert world.notices == (Notice(ben.id, MovedUp(whole)),)
    (read,) = ben.registrations()
    assert [companion.name for companion in read.companions] == ["Bea", "Bo"]


def test_a_group_that_agreed_stays_together_where_it_can(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben = world.people("Anna", "Ben")
    together = anna.brings(world.room, "Alex", seats_now=1)
    waits = ben.brings(world.room, "Bea", "Bo", seats_now=2)

    assert there(together, Seated).party_size == 2
    assert there(waits, InLine).party_size == 3


def test_the_rest_of_a_split_group_waits_without_the_person(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.brings(world.room, "Bea", seats_now=1)
    now, rest = ben.registrations()

    assert (now.with_person, now.party_size) == (True, 1)
    assert (rest.with_person, rest.party_size, rest.position) == (False, 1, 1)


def test_whoever_gives_back_the_seat_of_a_split_group_gives_back_its_wait(
    database: Database,
) -> None:
    world = World.of(database, room=2)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    split = there(ben.brings(world.room, "Bea", seats_now=1), Split)
    cem.registers(world.room)
    ben.cancels(split.seated.registration)

    assert world.seated() == ["Anna", "Cem"]
    assert world.waiting() == []


def test_the_rest_of_a_split_group_keeps_the_person_at_their_place(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.brings(world.room, "Bea", seats_now=1)
    outcome = ben.registers(world.online)

    assert outcome == AlreadyRegistered(world.event.id, world.room, RegistrationState.WAITING)


def test_the_seat_of_a_companion_who_stays_at_home_passes_on(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben = world.people("Anna", "Ben")
    anna.brings(world.room, "Alex", "Ali")
    ben.registers(world.room)
    outcome = anna.leaves_behind(2)

    assert outcome == Smaller(anna.registration, world.event.id, "Ali", 2)
    assert anna.leaves_behind(2) == NotThere(world.event.id)
    assert world.seated() == ["Anna 2", "Ben"]


def test_the_last_of_a_waiting_rest_ends_its_wait(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    split = there(ben.brings(world.room, "Bea", seats_now=1), Split)
    ben.registration = split.in_line.registration
    outcome = ben.leaves_behind(1)

    assert there(outcome, Smaller).party_size == 0
    assert world.waiting() == []
    assert world.seated() == ["Anna", "Ben"]
