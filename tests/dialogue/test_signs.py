"""A thumb instead of a word."""

from __future__ import annotations

import pytest

from bot.dialogue.messages import Unsupported
from tests.dialogue.village import Customer, at_the_summary

CLEARER = "A sign is not clear enough for this: please answer in words."


@pytest.mark.parametrize("thumb", ["👍", "👍🏽", "👍👍", "✅", "👌", "👎", "❌"])
@pytest.mark.parametrize("steps", [(), ("rye", "Anna"), ("rye", "Anna", "no", "skip")])
def test_a_thumb_answers_nothing_and_is_told_what_does(thumb: str, steps: tuple[str, ...]) -> None:
    anna = Customer()
    anna.says("/bakery")
    for text in steps:
        anna.says(text)
    before = dict(anna.state.frames[0].answers)

    assert anna.says(thumb).startswith(CLEARER)
    assert anna.state.frames[0].answers == before
    assert anna.orders == []


def test_a_thumb_is_no_name() -> None:
    anna = Customer()
    for text in ("/bakery", "rye"):
        anna.says(text)

    assert anna.says("👍").startswith("I cannot find any words")


def test_a_sign_below_a_form_is_answered_and_below_a_menu_it_is_not() -> None:
    anna, berta = at_the_summary(Customer()), Customer()
    berta.says("/signpost")

    assert "cannot take a sign" in anna.sends(Unsupported("sign"))
    assert berta.sends(Unsupported("sign")) == ""
