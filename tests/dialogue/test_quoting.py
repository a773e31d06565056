"""Replies: they answer the question at which they point."""

from __future__ import annotations

import pytest

from bot.dialogue.messages import Typed
from tests.dialogue.village import Customer


def at_slices() -> Customer:
    anna = Customer()
    for text in ("/bakery", "rye", "Ana", "yes"):
        anna.says(text)
    return anna


@pytest.mark.parametrize("quoted", ["Your name?", "Well then.\n\nYour  name?\n\n✓ Ana", "Ana"])
def test_a_reply_to_an_earlier_question_or_its_answer_changes_that(quoted: str) -> None:
    anna = at_slices()
    answer = anna.sends(Typed("Anna", replies_to=quoted))

    assert anna.state.frames[0].answers["name"] == "Anna"
    assert answer == "I have changed your earlier answer: Anna\n\nHow many?"
    assert "Anything else" in anna.says("12")


@pytest.mark.parametrize("quoted", ["How many?", "Something of last year", ""])
def test_every_other_reply_answers_the_open_question(quoted: str) -> None:
    anna = at_slices()
    anna.sends(Typed("12", replies_to=quoted))

    assert anna.state.frames[0].answers["slices"] == 12
    assert anna.state.frames[0].answers["name"] == "Ana"


def test_the_network_may_know_better_which_question_it_was() -> None:
    anna = at_slices()
    anna.says("12")
    for text in ("jam", "cheese"):
        anna.says(text)
    first = f"{anna.state.frames[0].run}:extra.1"
    anna.sends(Typed("butter", replies_to="Anything else?", about=first))

    assert anna.state.frames[0].answers["extra.1"] == "butter"
    assert anna.state.frames[0].answers["extra.2"] == "cheese"


def test_a_correction_that_is_refused_is_asked_for_and_the_old_answer_can_come_back() -> None:
    anna = at_slices()
    answer = anna.sends(Typed("7", replies_to="Your name?"))

    assert "cannot find any words" in answer
    assert "I have changed" not in answer
    anna.says("/back")
    assert anna.state.frames[0].answers["name"] == "Ana"


@pytest.mark.parametrize("command", ["/cancel", "!cancel"])
def test_a_command_is_one_even_as_a_reply(command: str) -> None:
    anna = at_slices()
    anna.sends(Typed(command, replies_to="Your name?"))

    assert anna.state.frames == []
