"""What one can do with what one has: change it, give it back, take it back."""

from __future__ import annotations

import pytest

from bot.services.examples import as_published
from tests.town import Citizen, Town


@pytest.fixture
def anna(town: Town) -> Citizen:
    anna = town.citizen("anna")
    anna.registers()
    return anna


@pytest.mark.parametrize(
    ("action", "answers", "shown"),
    [
        ("Change the name", ("Anna Muster",), "Name: Anna Muster"),
        ("Change the contact", ("anna@example.org", "yes"), "Contact: anna@example.org"),
        ("Change whom I come for", ("Heimatverein",), "For: Heimatverein"),
    ],
)
def test_each_detail_can_be_changed(
    anna: Citizen, action: str, answers: tuple[str, ...], shown: str
) -> None:
    anna.says("/mine", "1", "Change my details")
    anna.taps(action)
    anna.says(*answers)

    assert shown in anna.says("/mine", "1")


def test_needs_can_be_added_with_their_own_consent(anna: Citizen) -> None:
    anna.says("/mine", "1", "Change my details")
    anna.taps("Change what I need")
    assert "May I keep that?" in anna.says("a place for my wheelchair")
    anna.says("yes")

    assert "Needs: a place for my wheelchair" in anna.says("/mine", "1")


def test_a_group_that_agreed_to_be_split_is_split_at_the_final_yes(town: Town) -> None:
    town.announce(as_published().replace("capacity = 12", "capacity = 3"))
    town.citizen("zoe").registers()
    anna = town.citizen("anna")
    few = anna.registers(companions=("Bert Beispiel", "Cem Beispiel"), until="few")
    assert "Only 2 seats are free, and there are 3 of you" in few
    anna.taps("2 come now, the rest waits")
    receipt = anna.says("yes")

    assert "Your seat is confirmed" in receipt
    assert "The others wait in line" in receipt


def test_nothing_of_somebody_else_can_be_touched(town: Town, anna: Citizen) -> None:
    bert = town.citizen("bert")

    assert "You have no registration" in bert.says("/mine")
    assert "Seat confirmed" in anna.says("/mine", "1")


def test_a_group_that_never_fits_is_told_so_before_the_summary(town: Town) -> None:
    town.announce(as_published().replace("capacity = 12", "capacity = 2"))
    anna = town.citizen("anna")
    answer = anna.registers(companions=("Bert Beispiel", "Cem Beispiel"), until="few")

    assert "has only 2 seats altogether" in answer
    assert "Wait" not in answer
