"""Consents and details after the registration: what was given can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.events import PlaceId
from bot.domain.outcomes import Amended, ConsentWithdrawn, InLine, NotThere, Seated, TooLate
from bot.domain.seats import Amend, Companion, CompanionEntry
from bot.store.database import Database
from tests.worlds import BROADCAST, NEEDS_KEPT, World, there


def test_whoever_withdraws_their_consent_moves_to_the_place_that_they_choose(
    database: Database,
) -> None:
    world = World.of(database, room=2, online=2)
    anna, ben = world.people("Anna", "Ben")
    anna.brings(world.room, "Alex", needs="Rampe", agreements=(BROADCAST, NEEDS_KEPT))
    ben.registers(world.room)
    outcome = there(anna.withdraws("broadcast", world.online), ConsentWithdrawn)
    (row,) = world.rows("consents", person_id=anna.id, slug="broadcast")
    live = anna.registrations()[-1]

    assert there(outcome.now, Seated).party_size == 2
    assert world.seated(world.room) == ["Ben"]
    assert world.seated(world.online) == ["Anna 2"]
    assert (row["state"], row["withdrawn_at"]) == ("withdrawn", world.now)
    assert (live.needs, live.companions) == (
        "Rampe",
        (CompanionEntry("Alex", child=False, consent=None),),
    )


def test_whoever_withdraws_late_still_moves_but_stands_in_line_there(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.online)
    world.passes(before_start=timedelta(hours=1))
    outcome = there(anna.withdraws("broadcast", world.online), ConsentWithdrawn)

    assert there(outcome.now, InLine).position == 1
    assert world.seated() == ["Ben"]


@pytest.mark.parametrize("instead", ["", "saal", "stream"])
def test_without_another_place_the_seat_is_given_back(database: Database, instead: str) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.room)
    place = world.place(instead).id if instead else None
    outcome = there(anna.withdraws("broadcast", place), ConsentWithdrawn)

    assert outcome.now is None
    assert outcome.given_back is not None
    assert world.seated() == ["Ben"]


def test_whoever_waits_for_the_room_keeps_their_seat_online(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.online)
    ben.registers(world.room)
    outcome = there(ben.withdraws("broadcast", world.online), ConsentWithdrawn)

    assert there(outcome.now, Seated).place == world.online
    assert world.seated() == ["Anna", "Ben"]
    assert world.waiting() == []


def test_a_split_group_moves_as_one_when_the_consent_is_withdrawn(database: Database) -> None:
    world = World.of(database, room=2, online=2)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.brings(world.room, "Bea", seats_now=1)
    outcome = there(ben.withdraws("broadcast", world.online), ConsentWithdrawn)

    assert there(outcome.now, Seated).party_size == 2
    assert world.seated() == ["Anna", "Ben 2"]
    assert world.waiting() == []


def test_after_the_event_a_withdrawal_is_only_recorded(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room)
    world.now = world.event.ends_at
    outcome = anna.withdraws("broadcast", world.online)
    (row,) = world.rows("consents", person_id=anna.id)

    assert outcome == ConsentWithdrawn(world.event.id, "broadcast", None)
    assert row["state"] == "withdrawn"
    assert world.seated() == ["Anna"]
    assert anna.withdraws("photo") == NotThere(world.event.id)


def test_needs_are_deleted_when_their_consent_is_withdrawn(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room, needs="Rampe", agreements=(BROADCAST, NEEDS_KEPT))
    outcome = anna.withdraws("needs")
    later = anna.does(Amend(world.event.id, anna.registration, needs="Rampe"))

    states = {row["slug"]: row["state"] for row in world.rows("consents", person_id=anna.id)}
    assert states == {"broadcast": "given", "needs": "withdrawn"}
    assert outcome == ConsentWithdrawn(world.event.id, "needs", None)
    assert isinstance(later, Amended)
    assert [row.needs for row in anna.registrations()] == [""]
    assert world.seated() == ["Anna"]


def test_needs_are_deleted_when_the_seat_is_given_back(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room, needs="Rampe", agreements=(BROADCAST, NEEDS_KEPT))
    anna.cancels()

    assert [row.needs for row in anna.registrations()] == [""]


def test_details_are_amended_without_touching_the_order(database: Database) -> None:
    world = World.of(database)
    anna, ben = world.people("Anna", "Ben")
    anna.registers(world.room)
    ben.registers(world.room)
    amend = Amend(world.event.id, ben.registration, name="Benno", needs="Rampe")
    ben.does(replace(amend, agreements=(NEEDS_KEPT,)))
    (row,) = ben.registrations()
    (entry,) = world.rows("audit", event_id=world.event.id, what="registration amended")

    assert (row.name, row.needs, row.position) == ("Benno", "Rampe", 1)
    assert entry["details"] == {"fields": ["name", "needs"], "place": world.room}
    assert anna.does(amend) == NotThere(world.event.id)
    world.now = world.event.ends_at
    assert ben.does(amend) == TooLate(world.event.id)


def test_an_unknown_place_is_no_place_to_move_to(database: Database) -> None:
    world = World.of(database)
    (anna,) = world.people("Anna")
    anna.registers(world.room)
    outcome = anna.withdraws("broadcast", PlaceId(0))

    assert there(outcome, ConsentWithdrawn).now is None


def test_what_one_agreed_to_as_a_companion_is_taken_back_with_the_code(database: Database) -> None:
    world = World.of(database, room=3)
    anna, alex = world.people("Anna", "Alex")
    code = there(anna.brings(world.room, "Alex"), Seated).codes[0].code
    alex.answers(code, agreed=True)
    alex.registers(world.room)
    alex.withdraws("broadcast")
    states = [row["state"] for row in world.rows("consents", person_id=alex.id)]

    assert states == ["given", "withdrawn"]
    assert world.seated() == ["Anna 2"]


def test_what_is_agreed_for_a_child_is_not_agreed_for_oneself(database: Database) -> None:
    world = World.of(database, online=2)
    (anna,) = world.people("Anna")
    anna.registers(world.online, Companion("Kim", child=True, agreements=(NEEDS_KEPT,)))
    anna.does(Amend(world.event.id, anna.registration, needs="Rampe"))

    assert [row.needs for row in anna.registrations()] == [""]
