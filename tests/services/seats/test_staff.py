"""What staff and the clock do: entering those who call, more seats, fewer seats."""

from datetime import timedelta

from bot.domain.outcomes import InLine, MovedBack, MovedUp, RegistrationClosed, Seated, Split
from bot.domain.people import Contact, ContactKind
from bot.domain.seats import Register
from bot.store.database import Database
from tests.sample import ROOM
from tests.worlds import BROADCAST, CALLED, World, there


def caller(world: World, name: str, contact: Contact = CALLED) -> Register:
    return Register(world.event.id, world.room, name, contact, agreements=(BROADCAST,))


def test_a_caller_takes_their_place_in_line_by_the_time_of_the_call(database: Database) -> None:
    world = World.of(database)
    anna, ben, staff = world.people("Anna", "Ben", "Staff")
    called_at = world.now
    anna.registers(world.room)
    ben.registers(world.room)
    outcome = world.enter(caller(world, "Cem"), staff.id, called_at)

    assert world.seated() == ["Anna"]
    assert world.waiting() == ["Cem", "Ben"]
    assert (there(outcome, InLine).position, there(outcome, InLine).arrival_number) == (1, 3)
    assert world.notices == ()
    anna.cancels()
    assert world.seated() == ["Cem"]


def test_a_caller_who_was_first_takes_seats_that_wait_for_a_group(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, staff = world.people("Anna", "Ben", "Staff")
    anna.registers(world.room)
    called_at = world.now
    ben.brings(world.room, "Bea", "Bo")
    first = world.enter(caller(world, "Cem"), staff.id, called_at)
    later = world.enter(caller(world, "Dana"), staff.id, world.now)

    assert isinstance(first, Seated)
    assert there(later, InLine).position == 2


def test_a_call_from_the_future_counts_from_now(database: Database) -> None:
    world = World.of(database, room=2)
    (staff,) = world.people("Staff")
    outcome = world.enter(caller(world, "Cem"), staff.id, world.now + timedelta(days=1))
    (row,) = world.rows("registrations", id=there(outcome, Seated).registration)

    assert row["arrived_at"] == world.now


def test_a_call_in_time_may_be_entered_after_the_deadline(database: Database) -> None:
    world = World.of(database, room=2)
    (staff,) = world.people("Staff")
    world.now = ROOM.deadline + timedelta(hours=1)
    in_time = world.enter(caller(world, "Cem"), staff.id, ROOM.deadline - timedelta(seconds=1))
    too_late = world.enter(caller(world, "Dana"), staff.id, ROOM.deadline)

    assert isinstance(in_time, Seated)
    assert too_late == RegistrationClosed(world.event.id, world.room)


def test_the_number_of_a_caller_is_no_address(database: Database) -> None:
    world = World.of(database, room=2)
    (staff,) = world.people("Staff")
    world.enter(caller(world, "Cem"), staff.id, world.now)
    world.enter(
        caller(world, "Dana", Contact(ContactKind.EMAIL, "d@example.org")), staff.id, world.now
    )
    people = [row["person_id"] for row in world.rows("registrations", event_id=world.event.id)]
    identities = [world.rows("identities", person_id=person)[0] for person in people]

    assert [identity["channel"] for identity in identities] == ["telephone", "mail"]
    assert all(len(identity["address"]) == 32 for identity in identities)
    assert not {"+492305106220", "d@example.org"} & {each["address"] for each in identities}


def test_more_seats_go_to_the_line_in_order(database: Database) -> None:
    world = World.of(database)
    guests = world.people("Anna", "Ben", "Cem", "Dana")
    for guest in guests:
        guest.registers(world.room)
    over = world.change_capacity(world.room, 3)

    assert over == 0
    assert world.seated() == ["Anna", "Ben", "Cem"]
    assert [notice.person for notice in world.notices] == [guests[1].id, guests[2].id]
    assert all(isinstance(notice.what, MovedUp) for notice in world.notices)


def test_without_a_limit_the_whole_line_moves_up(database: Database) -> None:
    world = World.of(database)
    for guest in world.people("Anna", "Ben", "Cem", "Dana"):
        guest.registers(world.room)
    world.change_capacity(world.room, None)

    assert world.waiting() == []


def test_fewer_seats_evict_nobody_and_cancellations_absorb_the_difference(
    database: Database,
) -> None:
    world = World.of(database, room=3)
    anna, ben, cem, dana = world.people("Anna", "Ben", "Cem", "Dana")
    for guest in (anna, ben, cem):
        guest.registers(world.room)
    over = world.change_capacity(world.room, 1)
    outcome = dana.registers(world.room)
    anna.cancels()
    tolerated = [row["tolerated"] for row in world.rows("places", id=world.room)]
    after_one = world.seated()
    ben.cancels()
    after_two = world.seated()
    cem.cancels()

    assert over == 2
    assert isinstance(outcome, InLine)
    assert tolerated == [2]
    assert after_one == ["Ben", "Cem"]
    assert after_two == ["Cem"]
    assert world.seated() == ["Dana"]


def test_the_latest_arrivals_go_back_to_the_head_of_the_line(database: Database) -> None:
    world = World.of(database, room=3)
    anna, ben, cem, dana = world.people("Anna", "Ben", "Cem", "Dana")
    for guest in (anna, ben, cem, dana):
        guest.registers(world.room)
    world.change_capacity(world.room, 1)
    over = world.move_back(world.room)
    notices = {notice.person: there(notice.what, MovedBack) for notice in world.notices}

    assert over == 0
    assert world.seated() == ["Anna"]
    assert world.waiting() == ["Ben", "Cem", "Dana"]
    assert {person: notice.in_line.position for person, notice in notices.items()} == {
        ben.id: 1,
        cem.id: 2,
    }
    assert {notice.from_place for notice in notices.values()} == {world.room}


def test_a_split_group_that_goes_back_is_one_again(database: Database) -> None:
    world = World.of(database, room=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    there(ben.brings(world.room, "Bea", seats_now=1), Split)
    world.change_capacity(world.room, 1)
    world.move_back(world.room)

    (place,) = world.rows("places", id=world.room)
    assert (place["taken"], place["waiting"]) == (1, 2)
    assert world.seated() == ["Anna"]
    assert world.waiting() == ["Ben 2"]


def test_whoever_waits_elsewhere_keeps_only_that_wait(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.online)
    waits = there(ben.registers(world.room), InLine)
    world.change_capacity(world.online, 0)
    world.move_back(world.online)
    (notice,) = world.notices

    assert there(notice.what, MovedBack).in_line.registration == waits.registration
    assert world.waiting() == ["Ben"]
    assert world.seated(world.online) == []


def test_moving_back_without_need_changes_nothing(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room)
    over = world.move_back(world.room)

    assert (over, world.notices, world.seated()) == (0, (), ["Anna"])
