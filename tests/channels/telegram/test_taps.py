"""Buttons below messages: what was picked is shown, and nobody is harmed by a strange one."""

from __future__ import annotations

import pytest

from bot.store.database import Database
from tests.channels.telegram.serving import settle
from tests.channels.telegram.walks import TO_CONSENT, TO_RECEIPT, locked, shows, walks
from tests.serving import registered
from tests.telegram import Phone, Shown, Telegram

OLD = "That button belongs to an earlier conversation"


def as_it_is(phone: Phone, message: Shown) -> Shown:
    """Look again at a message."""
    return next(each for each in phone.messages if each.id == message.id)


def test_after_a_tap_the_message_shows_the_pick_and_loses_its_buttons(anna: Phone) -> None:
    anna.starts()
    welcome = anna.waits_for("Welcome")
    anna.taps("My registrations and ideas")
    shown = shows(anna, "✓")

    assert shown.id == welcome.id
    assert shown.text == f"{welcome.text}\n\n✓ My registrations and ideas"
    assert shown.entities == welcome.entities
    assert shown.buttons == []


def test_where_buttons_are_numbers_the_words_of_the_pick_are_shown(anna: Phone) -> None:
    anna.starts("event-auftakt")
    anna.waits_for("Kick-off")
    anna.types("/events")
    anna.waits_for("Which event would you like to know about?")
    anna.taps_number(2)

    shown = shows(anna, "✓")
    assert shown.text.endswith("✓ Video conference: tell us about your experiences (31 Aug)")
    assert shown.buttons == []


def test_a_consent_that_was_tapped_stands_below_its_very_words(
    telegram: Telegram, anna: Phone
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    asked = shows(anna, "I agree")
    anna.taps("I agree")
    anna.waits_for("What is your name?")

    shown = shows(anna, "✓ I agree")
    assert shown.id == asked.id
    assert shown.text.startswith(asked.text)
    assert shown.entities == asked.entities


def test_a_tap_is_answered_at_once_even_while_the_database_is_away(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    with locked(database):
        anna.taps("See the events")
        telegram.waits_until(lambda: not anna.spinning)
        anna.hears_nothing(0)

    anna.waits_for("Which event would you like to know about?")
    shows(anna, "✓ See the events")


def test_a_tap_on_the_same_button_twice_counts_once(telegram: Telegram, anna: Phone) -> None:
    anna.starts()
    welcome = anna.waits_for("Welcome")
    data = welcome.buttons[0].data
    anna.taps_data(data, message=welcome.id)
    anna.taps_data(data, message=welcome.id)
    anna.waits_for("Which event would you like to come to?")
    telegram.waits_until_read()

    telegram.waits_until(lambda: not anna.spinning)
    shows(anna, "✓")
    asked = [each for each in anna.messages if "Which event would you like" in each.text]
    assert len(asked) <= 2
    assert as_it_is(anna, welcome).text.count("✓") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    ["x", "::::", "0123456789:place:1", "0:1:>2", ":", "a" * 500, "ü" * 300, "%s{0}\\", ">"],
)
def test_a_forged_button_is_answered_kindly_and_changes_nothing(
    telegram: Telegram, anna: Phone, database: Database, data: str
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    asked = shows(anna, "I agree")
    anna.taps_data(data, message=asked.id)

    again = anna.waits_for(OLD)
    assert "I agree" in again.labels
    assert registered(database) == 0
    telegram.waits_until(lambda: not anna.spinning)


def test_the_button_of_another_person_changes_nothing_for_either(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    hers = shows(anna, "I agree")
    telegram.waits_until(lambda: [each.id for each in anna.messages if each.buttons] == [hers.id])
    anna.reads()
    eve = telegram.person("eve", "en").starts()
    eve.waits_for("Welcome")
    eve.taps_data(hers.buttons[0].data)

    eve.waits_for(OLD)
    anna.hears_nothing(0)
    assert shows(anna, "I agree").id == hers.id
    assert registered(database) == 0


def test_a_button_that_counts_no_more_shows_no_pick_but_goes(
    telegram: Telegram, anna: Phone
) -> None:
    walks(telegram, anna, *TO_CONSENT)
    asked = shows(anna, "I agree")
    walks(telegram, anna, "/cancel")
    anna.taps_data(asked.buttons[0].data, message=asked.id)

    anna.waits_for(OLD)
    telegram.waits_until(lambda: not as_it_is(anna, asked).buttons)
    assert as_it_is(anna, asked).text == asked.text


def test_a_tap_below_a_message_that_is_gone_is_answered(telegram: Telegram, anna: Phone) -> None:
    anna.starts()
    welcome = anna.waits_for("Welcome")
    anna.taps_data(welcome.buttons[0].data, message=1)

    anna.waits_for("Which event would you like to come to?")
    telegram.waits_until(lambda: not anna.spinning)


def test_a_tap_that_is_too_old_to_be_answered_is_carried_out(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts()
    anna.waits_for("Welcome")
    with locked(database):
        anna.types("/help")
        anna.taps("See the events")
        telegram.expire_queries()

    anna.waits_for("Which event would you like to know about?")
    shows(anna, "✓ See the events")


def test_a_tap_three_times_on_the_final_yes_gives_one_receipt_and_no_reproach(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, *TO_RECEIPT[:-1])
    summary = shows(anna, "Yes, register")
    [data] = [each.data for each in summary.buttons if each.text == "Yes, register"]
    for _tap in range(3):
        anna.taps_data(data, message=summary.id)
    shows(anna, "Your seat is confirmed.")
    settle(telegram, database)

    texts = [each.text for each in anna.messages]
    assert sum("Your seat is confirmed." in text for text in texts) == 1
    assert not any(OLD in text or "noted that already" in text for text in texts)
    assert registered(database) == 1


@pytest.mark.parametrize("words", ["1", "/cancel"])
def test_the_buttons_of_a_question_go_when_it_is_answered_in_words(
    telegram: Telegram, anna: Phone, words: str
) -> None:
    walks(telegram, anna, "/register auftakt")
    asked = shows(anna, "How would you like to take part?")
    assert asked.buttons
    walks(telegram, anna, words)

    telegram.waits_until(lambda: not as_it_is(anna, asked).buttons)
    assert as_it_is(anna, asked).text == asked.text


def test_the_buttons_of_a_question_that_is_asked_again_go_together(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, "/register auftakt", "what?", "never", "1")
    settle(telegram, database)

    asked = [each for each in anna.messages if "At home" in " ".join(each.labels)]
    assert asked == []


def test_the_buttons_of_what_is_only_paused_stay(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, "/idea")
    asked = shows(anna, "What would you like to tell us?")
    walks(telegram, anna, "/help")
    anna.waits_for("This is what I can do:")

    assert as_it_is(anna, asked).buttons


@pytest.mark.parametrize("sign", ["👍", "❤"])
def test_a_sign_below_a_question_is_not_passed_over_in_silence(
    telegram: Telegram, anna: Phone, sign: str
) -> None:
    walks(telegram, anna, *TO_RECEIPT[:-1])
    anna.reads()
    anna.reacts(shows(anna, "Yes, register"), sign)

    anna.waits_for("I cannot take a sign below a message for an answer.")


def test_a_sign_below_anything_else_is_only_nice(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, *TO_RECEIPT)
    receipt = shows(anna, "Your seat is confirmed.")
    settle(telegram, database)
    anna.reads()
    anna.reacts(receipt, "❤")
    anna.reacts(receipt)
    telegram.waits_until_read()

    anna.hears_nothing(0.1)
