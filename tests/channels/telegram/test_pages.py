"""Long lists: they come in pages, which are turned in the message where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import founded_with, many_events, shows, walks
from tests.telegram import Fault, Phone, Shown, Telegram

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found a town in which a lot goes on: 19 events."""
    return founded_with(tmp_path_factory.mktemp("town"), many_events(19))


@pytest.fixture
def listed(telegram: Telegram, anna: Phone) -> Shown:
    """Let Anna see the first page of the list."""
    walks(telegram, anna, "/events")
    return anna.waits_for("Which event would you like to know about?")


def page(message: Shown) -> list[str]:
    """Read the buttons of a page: those of the list, and then the ways to others."""
    return [button.text.removesuffix(" (31 Aug)") for button in message.buttons]


def test_turning_pages_changes_the_message_in_place(
    telegram: Telegram, anna: Phone, listed: Shown
) -> None:
    assert page(listed)[-1] == "▶ 2/3"
    anna.taps("▶ 2/3")
    second = anna.waits_for("◀ 1/3")
    anna.taps("▶ 3/3")
    third = anna.waits_for(lambda message: "◀ 2/3" in message.labels)
    anna.taps("◀ 2/3")
    back = anna.waits_for("▶ 3/3")

    assert {second.id, third.id, back.id} == {listed.id}
    assert second.text == third.text == listed.text
    assert page(second) == page(back)
    assert [len(page(each)) for each in (listed, second, third)] == [9, 10, 3 + 1]
    assert telegram.calls.count("editMessageText") == 0


def test_every_choice_is_on_exactly_one_page(anna: Phone, listed: Shown) -> None:
    anna.taps("▶ 2/3")
    second = anna.waits_for("▶ 3/3")
    anna.taps("▶ 3/3")
    third = anna.waits_for("◀ 2/3")

    found = [each for shown in (listed, second, third) for each in page(shown)]
    choices = [each for each in found if each[0] not in "◀▶"]
    assert len(choices) == len(set(choices)) == 19


def test_a_choice_on_another_page_is_taken_and_shown(anna: Phone, listed: Shown) -> None:
    anna.taps("▶ 2/3")
    second = anna.waits_for("▶ 3/3")
    choice = second.labels[0]
    anna.taps(choice)

    shown = shows(anna, f"✓ {choice}")
    assert shown.id == listed.id
    assert shown.buttons == []


def test_a_page_that_nobody_has_offered_is_the_last_one(anna: Phone, listed: Shown) -> None:
    data = listed.buttons[-1].data
    assert data.endswith(":>2")
    anna.taps_data(data.replace(">2", ">999"), message=listed.id)

    assert "◀ 2/3" in anna.waits_for("◀ 2/3").labels


@pytest.mark.parametrize("page", [">", ">x", ">-1", ">99999999999", "> 2", ">²"])
def test_a_page_that_is_none_is_answered_kindly(anna: Phone, listed: Shown, page: str) -> None:
    anna.taps_data(listed.buttons[-1].data.replace(">2", page), message=listed.id)

    again = anna.waits_for("That button belongs to an earlier conversation")
    assert "▶ 2/3" in again.labels


def test_a_page_whose_message_is_gone_comes_in_a_new_one(anna: Phone, listed: Shown) -> None:
    anna.taps_data(listed.buttons[-1].data, message=1)

    second = anna.waits_for("▶ 3/3")
    assert second.id > listed.id
    assert second.text == listed.text


def test_a_page_of_another_conversation_turns_nothing(
    telegram: Telegram, anna: Phone, listed: Shown
) -> None:
    walks(telegram, anna, "/idea")
    anna.waits_for("What would you like to tell us?")
    anna.taps_data(listed.buttons[-1].data, message=listed.id)

    anna.waits_for("That button belongs to an earlier conversation")
    assert not [each for each in anna.messages if "◀ 1/3" in each.labels]


def test_a_page_that_was_turned_already_stays_as_it_is(
    telegram: Telegram, anna: Phone, listed: Shown
) -> None:
    telegram.faults.next("editMessageReplyMarkup", Fault.answer_lost())
    anna.taps("▶ 2/3")
    anna.waits_for("▶ 3/3")
    telegram.waits_until(lambda: telegram.calls.count("editMessageReplyMarkup", status=400) == 1)
    anna.types("/help")

    anna.waits_for("This is what I can do:")
    assert len([each for each in anna.messages if each.text == listed.text]) == 1


def test_ten_choices_need_no_pages(telegram: Telegram, tmp_path: Path) -> None:
    with serving(telegram, f"sqlite:///{founded_with(tmp_path, many_events(10))}"):
        bert = telegram.person("bert", "en")
        walks(telegram, bert, "/events")
        listed = bert.waits_for("Which event would you like to know about?")

    assert len(listed.labels) == 10
    assert not [label for label in listed.labels if label[0] in "◀▶"]
