"""Replies on Telegram: they change the answer at which they point."""

from __future__ import annotations

from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import TO_CONSENT, shows, walks
from tests.serving import Serving
from tests.telegram import Phone, Telegram

CHANGED = "I have changed your earlier answer: Anna Adler"


def test_a_reply_to_the_question_for_the_name_changes_the_name(
    telegram: Telegram, anna: Phone
) -> None:
    walks(telegram, anna, *TO_CONSENT, "yes")
    asked = shows(anna, "What is your name?")
    walks(telegram, anna, "Ana Adler")
    shows(anna, "For whom are you coming?")
    anna.types("Anna Adler", replies_to=asked.id)

    assert "For whom are you coming?" in anna.waits_for(CHANGED).text


def test_a_reply_to_ones_own_answer_changes_it(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, *TO_CONSENT, "yes")
    shows(anna, "What is your name?")
    said = anna.types("Ana Adler")
    shows(anna, "For whom are you coming?")
    anna.types("Anna Adler", replies_to=said.id)

    anna.waits_for(CHANGED)


def test_a_reply_is_understood_by_a_program_that_has_not_asked_the_question(
    telegram: Telegram, url: str
) -> None:
    anna = telegram.person("anna", "en")
    with serving(telegram, url):
        walks(telegram, anna, *TO_CONSENT, "yes")
        asked = shows(anna, "What is your name?")
        walks(telegram, anna, "Ana Adler")
        shows(anna, "For whom are you coming?")
    with serving(telegram, url):
        anna.types("Anna Adler", replies_to=asked.id)
        anna.waits_for(CHANGED)


def test_a_mention_of_the_bot_is_no_part_of_an_answer(
    telegram: Telegram, anna: Phone, service: Serving
) -> None:
    walks(telegram, anna, *TO_CONSENT, "yes", f"@{telegram.bot.username} Anna Adler")
    shows(anna, "For whom are you coming?")
    walks(telegram, anna, "/back")

    shows(anna, "What is your name?")
    assert service.failure is None
