"""Long texts that a network has cut: put together again, and nothing else is."""

from __future__ import annotations

import pytest

from bot.dialogue.cuts import Cut, behind
from bot.dialogue.messages import Content, Edited, Picture, Tapped, Typed
from bot.dialogue.state import Frame
from tests.dialogue.village import Customer

LIMIT = 40


def typed(text: str, at: float = 100.0) -> Typed:
    """Make a message of a network whose longest one has 40 characters."""
    return Typed(text, fills=len(text) / LIMIT, sent_at=at)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("The station needs a rack for bicycles, wh", "ere one can lock them", "wh|ere"),
        ("The station needs a rack for bicycles,", "where one can lock them", ",\nwhere"),
        ("The station needs a rack for bicycles", "where one can lock them", "es where"),
        ("The station needs a rack for bicycles", "Where one can lock them", "es Where"),
        ("The station needs a rack for a bicycle.", "It is wet there", ".\nIt"),
        ("The station needs a rack for a bicycle ", "or two of them", "e or"),
        ("The station needs a rack for a bicycle\n", "or two of them", "e\nor"),
        ("The station needs a rack for a bicycleXY", "Z and more", "XYZ"),
    ],
)
def test_pieces_are_joined_as_they_were(first: str, second: str, together: str) -> None:
    cut = behind(Typed(first, fills=len(first) / LIMIT), "text")

    assert cut is not None
    joined = cut.joined(first.strip(), Typed(second))
    assert together.replace("|", "") in joined


@pytest.mark.parametrize(
    ("first", "second", "goes_on"),
    [
        (typed("a" * 40), typed("b"), True),
        (typed("a" * 20), typed("b" * 20), True),
        (typed("a" * 20), typed("b" * 19), False),
        (typed("a" * 40), typed("b" * 9, at=105.0), True),
        (typed("a" * 40), typed("b" * 9, at=161.0), False),
        (Typed("a" * 4096, 1.0, 100.0), Typed("1", 1 / 4096, 106.0), False),
        (typed("a" * 40), Typed("b"), False),
    ],
)
def test_a_piece_is_known_by_not_having_fit(first: Typed, second: Typed, *, goes_on: bool) -> None:
    cut = behind(first, "text")

    assert cut is not None
    assert cut.goes_on_in(second) is goes_on


def test_a_network_that_cuts_nothing_leaves_no_trace() -> None:
    assert behind(Typed("a" * 10_000), "text") is None


def test_what_is_noted_of_a_message_is_stored_with_the_conversation() -> None:
    frame = Frame("bakery", "run1", cut=Cut("name", 1.0, 100.0, "a"))

    assert Frame.load(frame.dump()) == frame
    assert "cut" not in Frame("bakery", "run1").dump()


def at_the_name() -> Customer:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")
    return anna


@pytest.mark.parametrize("between", [Edited(), Tapped("x"), Picture("1", "image/png", b"")])
def test_only_the_very_next_message_goes_on(between: Content) -> None:
    anna = at_the_name()
    anna.sends(Typed("Anna Adler of Alleys", fills=1.0, sent_at=100.0))
    anna.sends(between)
    anna.sends(Typed("no", fills=0.5, sent_at=102.0))

    assert anna.state.frames[0].answers["sliced"] == "no"


def test_the_rest_of_what_was_no_answer_is_none_either() -> None:
    anna = at_the_name()
    refused = anna.sends(Typed("a" * 100, fills=1.0, sent_at=100.0))
    answer = anna.sends(Typed("yes", fills=0.01, sent_at=100.5))

    assert "100 characters long" in refused
    assert answer.startswith("This belongs to the long message before it")
    assert answer.endswith("Your name?")
    assert "name" not in anna.state.frames[0].answers


def test_an_answer_that_is_too_long_as_a_whole_is_refused_as_a_whole() -> None:
    anna = at_the_name()
    anna.sends(Typed("Anna Adler of Alleys", fills=0.9, sent_at=100.0))
    answer = anna.sends(Typed("and the rest of it", fills=0.5, sent_at=100.1))

    assert "39 characters long; 20 fit in here" in answer
    assert "name" not in anna.state.frames[0].answers
