"""Companions: nobody consents for another adult, and each may stay at home."""

from dataclasses import replace

from bot.domain.consents import ConsentState
from bot.domain.outcomes import (
    CompanionAnswered,
    ConsentMissing,
    NotThere,
    OnlyThemselves,
    Seated,
    Smaller,
    Split,
    TooLate,
)
from bot.domain.seats import Companion, CompanionEntry
from bot.services.acts import Notice
from bot.store.database import Database
from tests.worlds import BROADCAST, Guest, World, there


def code_of(outcome: object, number: int = 0) -> str:
    return there(outcome, Seated).codes[number].code


def states(guest: Guest) -> list[tuple[str, ConsentState | None]]:
    return [(each.name, each.consent) for row in guest.registrations() for each in row.companions]


def test_an_adult_companion_is_pending_until_they_agree_themselves(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex = world.people("Anna", "Alex")
    outcome = anna.brings(world.room, "Alex")
    before = states(anna)
    answered = alex.answers(code_of(outcome), agreed=True)
    (consent,) = world.rows("consents", person_id=alex.id)

    assert before == [("Alex", ConsentState.PENDING)]
    assert answered == CompanionAnswered(world.event.id, "Alex", ConsentState.GIVEN)
    assert states(anna) == [("Alex", ConsentState.GIVEN)]
    assert (consent["wording"], consent["given_at"]) == (BROADCAST.wording, world.now)


def test_a_code_is_easy_to_read_and_stored_only_as_a_hash(database: Database) -> None:
    world = World.of(database, room=3)
    anna, alex = world.people("Anna", "Alex")
    outcome = anna.brings(world.room, "Alex", "Ali")
    codes = [each.code for each in there(outcome, Seated).codes]
    typed = f" {codes[0][:4].lower()}-{codes[0][4:].lower()} "

    assert len(set(codes)) == 2
    assert {len(code) for code in codes} == {8}
    assert not set("".join(codes)) & set("01IO")
    assert not {row["code_hash"] for row in world.rows("companions")} & set(codes)
    assert isinstance(alex.answers(typed, agreed=True), CompanionAnswered)


def test_a_companion_who_declines_gives_their_seat_to_the_line(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex, ben = world.people("Anna", "Alex", "Ben")
    outcome = anna.brings(world.room, "Alex")
    ben.registers(world.room)
    answered = alex.answers(code_of(outcome), agreed=False)

    assert answered == CompanionAnswered(world.event.id, "Alex", ConsentState.WITHHELD)
    assert world.seated() == ["Anna", "Ben"]
    smaller = Smaller(anna.registration, world.event.id, "Alex", 1)
    assert world.notices[0] == Notice(anna.id, smaller)
    assert [notice.person for notice in world.notices] == [anna.id, ben.id]
    assert alex.answers(code_of(outcome), agreed=True) == NotThere(world.event.id)


def test_a_companion_takes_their_consent_back_with_the_same_code(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex = world.people("Anna", "Alex")
    outcome = anna.brings(world.room, "Alex")
    alex.answers(code_of(outcome), agreed=True)
    alex.answers(code_of(outcome), agreed=True)
    answered = alex.answers(code_of(outcome), agreed=False)
    (consent,) = world.rows("consents", person_id=alex.id)

    assert there(answered, CompanionAnswered).state is ConsentState.WITHDRAWN
    assert (consent["state"], consent["withdrawn_at"]) == ("withdrawn", world.now)
    assert world.seated() == ["Anna"]


def test_nobody_answers_for_an_adult_whom_they_registered(database: Database) -> None:
    world = World.of(database, room=2)
    (anna,) = world.people("Anna")
    outcome = anna.brings(world.room, "Alex")

    assert anna.answers(code_of(outcome), agreed=True) == OnlyThemselves(world.event.id)
    assert states(anna) == [("Alex", ConsentState.PENDING)]


def test_a_companion_agrees_to_the_current_wording_or_not_at_all(database: Database) -> None:
    world = World.of(database, room=2)
    anna, alex = world.people("Anna", "Alex")
    outcome = anna.brings(world.room, "Alex")
    old = (replace(BROADCAST, version="0"),)
    answered = alex.answers(code_of(outcome), agreed=True, agreements=old)

    assert answered == ConsentMissing(world.event.id, world.room, "broadcast")
    assert alex.answers("ABCDEFGH", agreed=True) == NotThere(world.event.id)


def test_a_companion_may_agree_at_the_door_but_not_afterwards(database: Database) -> None:
    world = World.of(database, room=3)
    anna, alex, ali = world.people("Anna", "Alex", "Ali")
    outcome = anna.brings(world.room, "Alex", "Ali")
    world.now = world.event.starts_at
    at_the_door = alex.answers(code_of(outcome, 0), agreed=True)
    world.now = world.event.ends_at
    afterwards = ali.answers(code_of(outcome, 1), agreed=True)
    declined = ali.answers(code_of(outcome, 1), agreed=False)

    assert isinstance(at_the_door, CompanionAnswered)
    assert afterwards == TooLate(world.event.id)
    assert there(declined, CompanionAnswered).state is ConsentState.WITHHELD
    assert world.seated() == ["Anna 3"]


def test_the_consent_for_a_child_comes_from_the_parent(database: Database) -> None:
    world = World.of(database, room=2)
    (anna,) = world.people("Anna")
    kim = Companion("Kim", child=True, agreements=(BROADCAST,))
    outcome = anna.registers(world.room, kim)
    given = world.rows("consents", person_id=anna.id)

    assert there(outcome, Seated).codes == ()
    assert states(anna) == [("Kim", ConsentState.GIVEN)]
    assert [row["companion_id"] is not None for row in given] == [False, True]


def test_what_is_said_for_another_adult_counts_for_nothing(database: Database) -> None:
    world = World.of(database, room=2)
    (anna,) = world.people("Anna")
    anna.registers(world.room, Companion("Alex", agreements=(BROADCAST,)))

    assert states(anna) == [("Alex", ConsentState.PENDING)]
    assert len(world.rows("consents", person_id=anna.id)) == 1


def test_where_nothing_is_asked_companions_need_no_code(database: Database) -> None:
    world = World.of(database, online=3)
    (anna,) = world.people("Anna")
    outcome = anna.registers(world.online, Companion("Alex"), Companion("Kim", child=True))

    assert there(outcome, Seated).codes == ()
    assert anna.registrations()[0].companions == (
        CompanionEntry("Alex", child=False, consent=None),
        CompanionEntry("Kim", child=True, consent=None),
    )


def test_codes_of_a_split_group_belong_to_those_who_come_and_those_who_wait(
    database: Database,
) -> None:
    world = World.of(database, room=3)
    anna, ben, bo = world.people("Anna", "Ben", "Bo")
    anna.registers(world.room)
    split = there(ben.brings(world.room, "Bea", "Bo", seats_now=2), Split)
    anna.cancels()
    bo.answers(split.in_line.codes[0].code, agreed=True)

    assert [code.name for code in split.seated.codes] == ["Bea"]
    assert [code.name for code in split.in_line.codes] == ["Bo"]
    assert states(ben) == [("Bea", ConsentState.PENDING), ("Bo", ConsentState.GIVEN)]
