"""What a conversation ends with: the new state of things, and the ways on from there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue.messages import Picture, Typed
from bot.services.examples import as_published
from tests.town import Citizen, Town

REGISTER = ("/register auftakt", "1", "1", "Anna Beispiel", "1", "1", "1", "1")
IDEA = ("/idea", "1", "A bench at every stop.", "1")


@pytest.fixture
def anna(town: Town) -> Citizen:
    anna = town.citizen("anna")
    anna.says(*REGISTER, "yes")
    return anna


def last_letter(anna: Citizen) -> list[str]:
    """Give the labels below the last thing that was said."""
    return [label for label, _button in anna.town.letters[-1].payload.get("choices", ())]


def test_a_receipt_has_its_buttons_below_itself(anna: Citizen) -> None:
    assert len(anna.town.letters[-1].payload["choices"]) == 2
    assert "Your seat is confirmed" in anna.town.letters[-1].payload["text"]
    assert "Seat confirmed" in anna.taps("See or change it")


@pytest.mark.parametrize(
    ("action", "values", "told"),
    [
        ("Change the name", ("Anna Muster",), "Your name is now: Anna Muster"),
        ("Change the contact", ("anna@example.org", "yes"), "anna@example.org"),
        ("Change whom I come for", ("Heimatverein",), "You are now coming for: Heimatverein"),
        ("Change whom I come for", ("1",), "You are now coming for yourself."),
        ("Change what I need", ("1",), "is deleted"),
    ],
)
def test_a_change_says_its_new_value_and_leads_on(
    anna: Citizen, action: str, values: tuple[str, ...], told: str
) -> None:
    anna.says("/mine", "1", "Change my details")
    anna.taps(action)

    assert told in anna.says(*values)
    assert last_letter(anna) == ["See or change it", "See the events"]


@pytest.mark.parametrize(
    "steps",
    [
        ("/mine", "1", "Give back my seat", "yes"),
        ("/mine", "1", "Give back my seat", "no"),
        ("/mine", "1", "Calendar file"),
        ("/mine", "1", "Leave it as it is"),
        (*IDEA, "yes", "/mine", "2", "Take it back", "yes"),
        (*IDEA, "yes", "/mine", "2", "Leave it as it is"),
        ("/mine", "1", "My consents", "1", "Withdraw and give back my seat"),
    ],
    ids=lambda steps: " ".join(steps[-2:]),
)
def test_nothing_under_mine_ends_without_a_way_on(anna: Citizen, steps: tuple[str, ...]) -> None:
    anna.says(*steps)

    assert last_letter(anna)


@pytest.mark.parametrize("words", ["Thanks!", "How do I get there by bus?", "hm"])
def test_other_words_below_a_receipt_are_not_scolded(anna: Citizen, words: str) -> None:
    assert "Please choose one of the answers" not in anna.says(words)


def test_a_day_later_the_buttons_of_a_receipt_hold_nobody_up(anna: Citizen) -> None:
    anna.town.passes(timedelta(days=2))

    assert "This is where we were" not in anna.says("hello")


def test_a_picture_below_a_receipt_is_answered_as_one_that_nobody_asked_for(anna: Citizen) -> None:
    answer = anna.sends(Picture("thumb", "image/png", b"thumb"))

    assert "A picture can go with an idea" in answer


def test_who_was_in_the_middle_of_something_goes_on_with_it(anna: Citizen) -> None:
    anna.says("/idea", "1", "/mine", "1", "Change my details")
    anna.taps("Change the name")
    anna.sends(Typed("Anna Muster"))

    assert "Back to: Your idea" in anna.mail
    assert "What is your idea" in anna.says("hm")


@pytest.mark.parametrize("free", [12, 2], ids=["seated", "in line"])
def test_a_receipt_names_everybody_who_comes(town: Town, free: int) -> None:
    town.announce(as_published().replace("capacity = 12", f"capacity = {free}"))
    town.citizen("zoe").says(*REGISTER, "yes")
    anna = town.citizen("anna")
    anna.says(*REGISTER[:6], "Bert Beispiel", "no", "1", "1")
    receipt = anna.says("2", "yes") if free == 2 else anna.says("yes")

    assert "Anna Beispiel, Bert Beispiel\n2 people" in receipt


@pytest.mark.parametrize(
    "steps",
    [
        ("/register auftakt", "Not at all"),
        ("/register auftakt", "At home with the live stream"),
        ("/privacy", "2"),
        ("/start companion-ABCDEFGH",),
    ],
    ids=" ".join,
)
def test_nothing_that_is_only_said_ends_without_a_way_on(
    town: Town, steps: tuple[str, ...]
) -> None:
    town.citizen("anna").says(*steps)
    choices = town.letters[-1].payload["choices"]

    assert [label for label, _button in choices] == ["See the events", "What is mine"]


def test_help_leaves_no_menu_behind(town: Town) -> None:
    town.citizen("anna").says("/help")

    assert "choices" not in town.letters[-1].payload
