"""Telephone numbers: shared with one button, one's own only, and the button goes away."""

from __future__ import annotations

import pytest

from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import TO_CONTACT, walks
from tests.serving import Serving
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

SHARE = "Share my telephone number"


@pytest.fixture
def asked(telegram: Telegram, anna: Phone) -> Phone:
    """Let Anna be asked how she can be reached."""
    walks(telegram, anna, *TO_CONTACT)
    anna.waits_for("How can we reach you")
    return anna


def test_the_button_below_the_input_shares_one_s_own_number(
    telegram: Telegram, asked: Phone
) -> None:
    asked.taps(SHARE)
    asked.waits_for("Who is coming with you?")
    walks(telegram, asked, "alone", "1")

    assert "Contact: 0151 12000001" in asked.waits_for("Is everything right?").text


def test_beside_it_one_may_stay_in_the_chat(asked: Phone) -> None:
    keys = [[key.text for key in row] for row in asked.reply_keyboard or []]
    asked.taps("Here in this chat")

    asked.waits_for("Who is coming with you?")
    assert keys == [[SHARE], ["Here in this chat"]]


@pytest.mark.parametrize("answer", ["02305 106-2101", "Here in this chat", "anna@example.org"])
def test_the_keyboard_goes_away_however_the_question_is_answered(
    telegram: Telegram, asked: Phone, answer: str
) -> None:
    asked.types(answer)
    companions = asked.waits_for("Who is coming with you?")

    assert asked.reply_keyboard is None
    assert asked.last.id == companions.id
    # What was understood is said first, and that message takes the keyboard away.
    assert telegram.calls.count("deleteMessage", status=200) == answer.startswith("Here")


def test_the_keyboard_goes_away_when_one_stops(telegram: Telegram, asked: Phone) -> None:
    walks(telegram, asked, "/cancel")
    asked.waits_for("Stopped")

    assert asked.reply_keyboard is None


def test_the_keyboard_goes_away_even_after_a_restart(
    telegram: Telegram, asked: Phone, service: Serving, url: str
) -> None:
    assert asked.reply_keyboard is not None
    service.end()
    with serving(telegram, url):
        asked.types("Here in this chat")
        asked.waits_for("Who is coming with you?")
        telegram.waits_until(lambda: asked.reply_keyboard is None)
        removed = telegram.calls.count("deleteMessage", status=200)
        walks(telegram, asked, "alone", "1")

        assert telegram.calls.count("deleteMessage", status=200) == removed == 1


def test_the_number_of_another_person_is_refused(asked: Phone) -> None:
    asked.shares_contact(own=False)

    asked.waits_for("That is somebody else's number. Please share your own, or type it.")
    assert asked.reply_keyboard is not None


def test_a_contact_without_an_account_is_somebody_else(telegram: Telegram, asked: Phone) -> None:
    eve = telegram.person("eve")
    asked.sends({"contact": eve.person.contact()})

    asked.waits_for("That is somebody else's number")


def test_a_contact_that_nobody_asked_for_is_not_kept(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, "/cancel")
    anna.shares_contact()

    anna.waits_for("Thank you, but I do not need your number now.")
