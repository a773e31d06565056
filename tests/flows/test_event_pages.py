"""The page of an event and of a registration: it offers what makes sense as things stand."""

from __future__ import annotations

from datetime import timedelta
from textwrap import wrap

import pytest

from bot.services.examples import as_published
from tests.town import Citizen, Town

MORE = "What else would you like to do?"
CALL = "Questions? Call 02305 / 106-2101."


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


def call_off(town: Town) -> None:
    town.announce(
        as_published().replace('slug = "auftakt"', 'slug = "auftakt"\ncancelled = true', 1)
    )


def test_after_the_calendar_file_the_other_ways_are_still_there(anna: Citizen) -> None:
    anna.says("/events auftakt")
    answer = anna.taps("Calendar file")

    assert "Here is the date for your calendar." in answer
    assert MORE in answer
    assert "When:" not in answer
    assert "Calendar file" not in answer.partition(MORE)[2]
    assert "On site at the DIEZE" in anna.taps("Take a seat")


def test_map_and_calendar_file_can_be_had_one_after_the_other(anna: Citizen) -> None:
    anna.says("/events auftakt")
    anna.taps("Map")
    answer = anna.taps("Calendar file")
    ways = answer.partition(MORE)[2]

    assert "Map" not in ways
    assert "Calendar file" not in ways
    assert "Hand in an idea for it" in ways
    assert "Which event" in anna.taps("Other events")


def test_who_goes_back_to_the_events_sees_a_whole_page_again(anna: Citizen) -> None:
    anna.says("/events auftakt")
    anna.taps("Map")
    assert "Which event" in anna.says("/back")
    answer = anna.says("auftakt")

    assert "When:" in answer
    assert "Map" in answer
    assert MORE not in answer


PHONE = 40
"""So many letters stand in a line on a phone."""


def on_a_phone(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in wrap(line, PHONE) or [""]]


@pytest.mark.parametrize("language", ["de", "de@leicht", "en"])
@pytest.mark.parametrize("event", ["auftakt", "videokonferenz"])
def test_a_page_says_what_when_and_where_and_the_buttons_follow_on_the_same_screen(
    town: Town, event: str, language: str
) -> None:
    anna = town.citizen("anna", language)
    said = on_a_phone(anna.says(f"/events {event}"))
    buttons = next(number for number, line in enumerate(said) if line.lstrip().startswith("1"))

    assert any("18:00" in line for line in said[:8])
    assert buttons < 20
    assert len(said) < 32


def test_the_rest_comes_with_one_tap_and_the_ways_stay(anna: Citizen) -> None:
    page = anna.says("/events auftakt")
    told, _more, ways = anna.taps("More about it").partition(MORE)

    for words in ("Programme", "Speakers", "Live stream", "Keyword: ", "You need to agree to"):
        assert words not in page
        assert words in told
    assert "You can also register by telephone" in told
    assert "More about it" not in ways
    assert "On site at the DIEZE" in anna.taps("Take a seat")


@pytest.mark.parametrize("words", ["more", "programme"])
def test_in_the_terminal_one_asks_for_the_rest_in_a_word(anna: Citizen, words: str) -> None:
    anna.says("/events auftakt")

    assert "Programme" in anna.says(words)


def test_a_conversation_that_waits_comes_before_the_other_ways(anna: Citizen) -> None:
    anna.says("/idea", "1")
    anna.says("/events auftakt")
    answer = anna.taps("Map")

    assert "Back to: " in answer
    assert MORE not in answer


def test_while_one_can_register_the_page_says_how(anna: Citizen) -> None:
    assert CALL not in anna.says("/events auftakt")
    answer = anna.taps("More about it")

    assert "Keyword: " in answer
    assert "You need to agree to" in answer
    assert "You can also register by telephone" in answer


def test_after_the_deadline_the_page_says_whom_to_call(town: Town, anna: Citizen) -> None:
    town.passes(timedelta(days=9))
    answer = anna.says("/events auftakt")
    assert "registration is closed" in answer
    assert CALL in answer
    answer += anna.taps("More about it")

    assert "Keyword: " not in answer
    assert "You need to agree to" not in answer
    assert "You can also register" not in answer
    assert "Take a seat" not in answer


def test_the_page_of_a_cancelled_event_says_only_that(town: Town, anna: Citizen) -> None:
    call_off(town)
    assert "(cancelled)" in anna.says("/events")
    answer = anna.says("auftakt")

    assert "This event has been cancelled." in answer
    assert CALL in answer
    assert "When:" not in answer
    for way in ("Take a seat", "More about it", "Calendar file", "Map"):
        assert way not in answer
    for way in ("Hand in an idea for it", "Other events"):
        assert way in answer


def test_a_registration_for_a_cancelled_event_can_only_be_left(town: Town, anna: Citizen) -> None:
    anna.registers()
    call_off(town)
    assert "(20 Aug): cancelled" in " ".join(anna.says("/mine").split())
    answer = anna.says("1")

    assert "This event has been cancelled." in answer
    for action in ("Give back my seat", "Change the name", "Calendar file", "Seat confirmed"):
        assert action not in answer
    assert "My consents" in answer
    assert "everything stays as it is" in anna.taps("Leave it as it is")


def test_withdrawing_from_a_cancelled_event_leads_to_no_other_place(
    town: Town, anna: Citizen
) -> None:
    anna.registers()
    call_off(town)
    anna.says("/mine", "1", "My consents")
    answer = anna.says("1")

    assert "1  Do not withdraw" in answer
    assert "2  Withdraw and give back my seat" in answer
    assert "follow it live" not in answer
    assert "Your registration is given back" in anna.says("2")


def test_giving_back_seats_of_a_group_says_how_many(anna: Citizen) -> None:
    anna.registers(companions=["Bert Beispiel"])
    anna.says("/mine", "1")
    answer = " ".join(anna.taps("Give back my seat").split())

    assert "Shall I give back all 2 seats of your registration?" in answer
    assert "Your seat is given back" in anna.says("yes")


def test_withdrawing_for_a_group_says_how_many_seats_go(anna: Citizen) -> None:
    anna.registers(companions=["Bert Beispiel"])
    anna.says("/mine", "My consents", "1")
    anna.taps("Withdraw and give back all 2 seats")
    answer = anna.mail.rpartition("Your consent is withdrawn")[2]

    assert "Your registration is given back: Kick-off" in " ".join(answer.split())


def test_withdrawing_what_one_needs_gives_nothing_back(anna: Citizen) -> None:
    anna.registers()
    anna.says("/mine", "1", "Change my details")
    anna.taps("Change what I need")
    anna.says("a place for my wheelchair", "yes", "/mine", "My consents")
    answer = anna.says("For you: Accessibility needs", "yes")

    assert "Your consent is withdrawn, from now on." in answer
    assert "given back" not in answer
    assert "Seat confirmed" in anna.says("/mine", "1")


def test_that_an_event_takes_place_after_all_is_told_like_its_end(
    town: Town, anna: Citizen
) -> None:
    anna.registers()
    call_off(town)
    assert "has been cancelled" in anna.mail
    town.announce(as_published())

    told = " ".join(anna.mail.rpartition("has been cancelled")[2].split())
    assert "takes place after all" in told
    assert "18:00" in told
    assert [kind for kind, _number in town.letters[-1].payload["attach"]] == ["calendar"]
    before = anna.mail
    town.announce(as_published())
    assert anna.mail == before
