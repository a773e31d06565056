"""Registering: who gets a seat, who waits, and who is told no."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.consents import Agreement
from bot.domain.events import PlaceId
from bot.domain.outcomes import (
    AlreadyRegistered,
    ConsentMissing,
    EventCancelled,
    InLine,
    RegistrationClosed,
    Seated,
    TooLarge,
)
from bot.domain.people import Contact, ContactKind
from bot.domain.seats import Companion, CompanionEntry, Register, Registration, RegistrationState
from bot.services import seats
from bot.services.acts import Actor
from bot.store.database import Database
from tests.journeys import counted
from tests.sample import ROOM, STREAM
from tests.worlds import BROADCAST, NEEDS_KEPT, World, there


def test_seats_go_to_those_who_come_first(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    second = ben.registers(world.room)
    third = cem.registers(world.room)

    assert there(second, Seated).arrival_number == 2
    assert there(third, InLine).position == 1
    assert world.seated() == ["Anna", "Ben"]
    assert world.waiting() == ["Cem"]


def test_the_position_counts_groups_and_is_always_current(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben, cem, dana = world.people("Anna", "Ben", "Cem", "Dana")
    anna.brings(world.room, "Alex")
    ben.brings(world.room, "Bea")
    cem.registers(world.room)
    last = dana.registers(world.room)
    ben.cancels()

    assert there(last, InLine).position == 3
    assert [each.position for each in dana.registrations()] == [2]


def test_whoever_waits_comes_before_newcomers_even_if_a_seat_is_free(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    ben.brings(world.room, "Bea", "Bo")
    outcome = cem.registers(world.room)

    assert there(outcome, InLine).position == 2
    assert world.waiting() == ["Ben 3", "Cem"]


def test_shortly_before_the_start_the_first_that_fits_gets_the_seat(database: Database) -> None:
    world = World.of(
        database,
        room=3,
        places=(replace(ROOM, capacity=3, deadline=ROOM.deadline + timedelta(days=2)),),
    )
    anna, ben, cem = world.people("Anna", "Ben", "Cem")
    anna.registers(world.room)
    ben.brings(world.room, "Bea", "Bo")
    world.passes(before_start=world.event.fill_from)
    outcome = cem.registers(world.room)

    assert isinstance(outcome, Seated)
    assert world.waiting() == ["Ben 3"]


def test_a_place_without_capacity_takes_everybody(database: Database) -> None:
    world = World.of(database, online=None)
    (anna,) = world.people("Anna")
    outcome = anna.brings(world.online, *map(str, range(40)))

    assert there(outcome, Seated).party_size == 41


def test_nobody_registers_twice_for_the_same_place(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    for _ in range(2):
        seat = anna.registers(world.room)
        wait = ben.registers(world.room)

    assert seat == AlreadyRegistered(world.event.id, world.room, RegistrationState.CONFIRMED)
    assert wait == AlreadyRegistered(world.event.id, world.room, RegistrationState.WAITING)


def test_a_group_larger_than_the_place_is_told_so(database: Database) -> None:
    world = World.of(database, room=2)
    (anna,) = world.people("Anna")

    assert anna.brings(world.room, "Alex", "Ali") == TooLarge(world.event.id, world.room, 2)


def test_where_there_are_no_seats_at_all_yet_one_may_wait(database: Database) -> None:
    world = World.of(database, room=0)
    (anna,) = world.people("Anna")
    outcome = anna.brings(world.room, "Alex")
    world.change_capacity(world.room, 2)

    assert isinstance(outcome, InLine)
    assert world.seated() == ["Anna 2"]


def test_the_deadline_is_the_first_instant_that_is_too_late(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    world.now = ROOM.deadline - timedelta(seconds=2)
    in_time = anna.registers(world.room)
    too_late = ben.registers(world.room)

    assert isinstance(in_time, Seated)
    assert too_late == RegistrationClosed(world.event.id, world.room)


def test_a_stream_needs_no_registration(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    stream = world.place(STREAM.slug).id

    assert anna.registers(stream) == RegistrationClosed(world.event.id, stream)
    assert anna.registers(PlaceId(0)) == RegistrationClosed(world.event.id, PlaceId(0))


def test_a_late_deadline_still_ends_at_the_start(database: Database) -> None:
    late = replace(ROOM, deadline=ROOM.deadline + timedelta(days=30))
    world = World.of(database, places=(late,))
    (anna,) = world.people("Anna")
    world.passes(before_start=timedelta(0))

    assert isinstance(anna.registers(world.room), RegistrationClosed)


def test_a_cancelled_event_takes_nobody(database: Database) -> None:
    world = World.of(database, cancelled=True)
    (anna,) = world.people("Anna")

    assert anna.registers(world.room) == EventCancelled(world.event.id)


@pytest.mark.parametrize(
    "agreements", [(), (replace(BROADCAST, version="0"),), (replace(BROADCAST, slug="photo"),)]
)
def test_the_room_needs_the_current_consent(
    database: Database, agreements: tuple[Agreement, ...]
) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    refused = anna.registers(world.room, agreements=agreements)
    for_child = ben.registers(world.room, Companion("Kim", child=True, agreements=agreements))

    assert refused == for_child == ConsentMissing(world.event.id, world.room, "broadcast")
    assert isinstance(anna.registers(world.online, agreements=agreements), Seated)


def test_a_consent_is_kept_with_its_wording_and_time(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room)
    (row,) = world.rows("consents", person_id=anna.id)

    assert (row["slug"], row["version"], row["language"]) == ("broadcast", "1", "de")
    assert (row["wording"], row["state"]) == ("Ich bin zu sehen.", "given")
    assert row["given_at"] == world.now
    assert row["registration_id"] == anna.registration


@pytest.mark.parametrize(
    ("agreements", "kept"), [((BROADCAST,), ""), ((BROADCAST, NEEDS_KEPT), "Rampe")]
)
def test_needs_are_kept_only_with_a_consent_of_their_own(
    database: Database, agreements: tuple[Agreement, ...], kept: str
) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room, needs="Rampe", agreements=agreements)

    assert [each.needs for each in anna.registrations()] == [kept]


def test_what_a_person_told_is_read_back(database: Database) -> None:
    world = World.of(database, online=2)
    (anna,) = world.people("Anna")
    contact = Contact(ContactKind.EMAIL, "anna@example.org")
    kim = Companion("Kim", child=True)
    outcome = anna.registers(world.online, kim, contact=contact, organisation="Verein")
    (read,) = anna.registrations()

    assert read == Registration(
        id=there(outcome, Seated).registration,
        event=world.event.id,
        place=world.online,
        arrival_number=1,
        arrived_at=world.now,
        state=RegistrationState.CONFIRMED,
        name="Anna",
        contact=contact,
        organisation="Verein",
        needs="",
        companions=(CompanionEntry("Kim", child=True, consent=None),),
    )


def test_one_run_of_a_conversation_registers_once(database: Database) -> None:
    world = World.of(database, room=5)
    (anna,) = world.people("Anna")
    command = Register(world.event.id, world.room, "Anna", agreements=(BROADCAST,))
    first = anna.does(command, run=f"{world.event.slug} 1")
    again = anna.does(command, run=f"{world.event.slug} 1")

    assert isinstance(first, Seated)
    assert isinstance(again, AlreadyRegistered)
    assert [row["run"] for row in world.rows("registrations")][-1] == f"{world.event.slug} 1"


def test_a_free_seat_takes_eight_statements(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    command = Register(world.event.id, world.room, "Anna", agreements=(BROADCAST,))
    with database.transaction() as tx:
        seats.lock(tx, [world.event.id])
        with counted(tx) as statements:
            seats.carry_out(tx, command, Actor(anna.id, "terminal", world.now))

    # event, places, what the person holds; registration; number, counts, consents, audit
    assert len(statements) == 8
