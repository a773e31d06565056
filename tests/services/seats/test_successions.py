"""A registration is passed on: a companion keeps it, and only one seat passes on to the line."""

from bot.domain.consents import ConsentState
from bot.domain.outcomes import AlreadyRegistered, NotAnsweredYet, PassedOn, Seated, TakenOver
from bot.domain.seats import CompanionId, PassOn
from bot.store.database import Database
from tests.worlds import Guest, World, there


def passes_on(guest: Guest) -> object:
    """Pass the registration on to the first companion."""
    (held,) = [each for each in guest.registrations() if each.id == guest.registration]
    number = CompanionId(held.companions[0].id)
    return guest.does(PassOn(guest.world.event.id, held.id, number))


def test_a_companion_keeps_the_seat_and_the_arrival_number(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex, ben = world.people("Anna", "Alex", "Ben")
    outcome = there(anna.brings(world.room, "Alex"), Seated)
    alex.answers(outcome.codes[0].code, agreed=True)
    ben.registers(world.room)
    passed = passes_on(anna)
    (own,) = alex.registrations()
    (consent,) = world.rows("consents", person_id=anna.id)

    assert passed == PassedOn(world.event.id, "Alex")
    assert (own.name, own.arrival_number) == ("Alex", outcome.arrival_number)
    assert world.seated() == ["Alex", "Ben"]
    assert anna.registrations() == []
    assert consent["state"] == ConsentState.WITHDRAWN
    assert there(world.notices[0].what, TakenOver).by == "Anna"
    assert world.notices[0].person == alex.id


def test_nobody_takes_over_who_has_not_agreed(database: Database) -> None:
    world = World.of(database, room=2)
    (anna,) = world.people("Anna")
    anna.brings(world.room, "Alex")

    assert passes_on(anna) == NotAnsweredYet(world.event.id, "Alex")
    assert world.seated() == ["Anna 2"]


def test_nobody_takes_over_beside_a_registration_of_their_own(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex = world.people("Anna", "Alex")
    outcome = there(anna.brings(world.room, "Alex"), Seated)
    alex.answers(outcome.codes[0].code, agreed=True)
    alex.registers(world.online)

    assert isinstance(passes_on(anna), AlreadyRegistered)
    assert world.seated(world.room) == ["Anna 2"]


def test_where_nothing_is_asked_the_registration_stays_in_the_chat(database: Database) -> None:
    world = World.of(database, online=2)
    (anna,) = world.people("Anna")
    anna.brings(world.online, "Alex")

    assert passes_on(anna) == PassedOn(world.event.id, "Alex")
    assert [held.name for held in anna.registrations()] == ["Alex"]
    assert world.seated() == ["Alex"]
