"""A thumb instead of a word."""

from __future__ import annotations

import pytest

from tests.dialogue.village import Customer, at_the_summary


@pytest.mark.parametrize("thumb", ["👍", "👍🏽", "👍👍", "✅", "👌"])
def test_a_thumb_is_a_yes_where_one_may_say_yes(thumb: str) -> None:
    anna = Customer()
    for text in ("/bakery", "rye", "Anna", thumb):
        anna.says(text)

    assert anna.state.frames[0].answers["sliced"] == "yes"


@pytest.mark.parametrize("thumb", ["👎", "❌"])
def test_a_thumb_down_is_a_no(thumb: str) -> None:
    anna = Customer()
    for text in ("/bakery", "rye", "Anna", thumb):
        anna.says(text)

    assert anna.state.frames[0].answers["sliced"] == "no"


def test_a_thumb_confirms_nothing_and_is_told_what_does() -> None:
    anna = at_the_summary(Customer())
    answer = anna.says("👍")

    assert anna.orders == []
    assert answer.startswith("A sign is not clear enough for this: please answer in words.")
    assert "say yes, or choose the line to change" in answer


def test_a_thumb_is_no_name() -> None:
    anna = Customer()
    for text in ("/bakery", "rye"):
        anna.says(text)

    assert "cannot find any words" in anna.says("👍")
