"""Messages that are no words: each is answered kindly, or rightly not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.store.database import Database
from tests.channels.telegram.serving import settle
from tests.channels.telegram.walks import TO_CONSENT, shows, walks
from tests.serving import registered
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

ONLY = "I can only read text"
FIRST = "I go by your first version"

POLL = {
    "poll": {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
    }
}
DICE = {"dice": {"emoji": "🎲", "value": 6}}
NOTE = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}}

ODD: dict[str, Callable[[Phone], object]] = {
    "a sticker": lambda phone: phone.sends_sticker(),
    "a voice message": lambda phone: phone.sends_voice(),
    "a video": lambda phone: phone.sends_video(),
    "a place": lambda phone: phone.sends_location(),
    "a poll": lambda phone: phone.sends(POLL),
    "a die": lambda phone: phone.sends(DICE),
    "a file": lambda phone: phone.sends_document("a.pdf", b"%PDF", "application/pdf"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_cannot_be_read_is_answered(anna: Phone, what: str) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    anna.types("/cancel")
    anna.waits_for("All right.")
    ODD[what](anna)

    anna.waits_for(ONLY)


@pytest.mark.parametrize("what", ["a sticker", "a place", "a file"])
def test_in_the_middle_of_a_question_the_question_stays(
    telegram: Telegram, anna: Phone, database: Database, what: str
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    shows(anna, "I agree")
    anna.reads()
    ODD[what](anna)

    again = anna.waits_for(lambda message: "I agree" in message.labels)
    assert "Do you agree? Please answer yes or no." in again.text
    assert registered(database) == 0


def test_an_edit_is_answered_once_with_the_way_to_correct(anna: Phone) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    anna.types("/idee")
    anna.waits_for("What would you like to tell us?")
    anna.edits("/idea")

    assert "To correct an answer, use /back." in anna.waits_for(FIRST).text
    anna.types("/help")
    anna.waits_for("This is what I can do:")
    assert len([each for each in anna.messages if FIRST in each.text]) == 1


def test_an_edit_does_not_answer_the_question(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    shows(anna, "I agree")
    anna.reads()
    anna.edits("yes")
    anna.waits_for(FIRST)
    settle(telegram, database)

    assert not [each for each in anna.messages if "What is your name?" in each.text]


def test_a_position_that_moves_is_no_edit(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    live = {"latitude": 51.5, "longitude": 7.3, "live_period": 900}
    sent = anna.sends({"location": live})
    anna.waits_for(lambda message: message.id > sent.id)
    moved = {"location": live | {"latitude": 51.6}}
    with anna.records.changed:
        sent.content, sent.edited_at = moved, anna.records.now()
        anna.records.tell_message(anna.bot, sent, edited=True)
    settle(telegram, database)

    anna.hears_nothing(0)


def test_notes_of_the_network_are_not_answered(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    anna.sends(NOTE)
    settle(telegram, database)

    anna.hears_nothing(0)


@pytest.mark.parametrize("text", ["🎉", "<b>", "&amp;", "a" * 4_096, "\u202e abc", "/", "1" * 400])
def test_strange_words_are_answered(anna: Phone, text: str) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    sent = anna.types(text)

    anna.waits_for(lambda message: message.id > sent.id)
