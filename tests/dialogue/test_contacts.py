"""How a telephone number or an address is read, with what stands around it."""

from __future__ import annotations

import pytest

from bot.dialogue.contacts import Reach, spoken
from bot.dialogue.questions import Refusal
from bot.i18n import render
from tests.town import Town

REACH = Reach(prompt="")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("49 2305 1062101", "+4923051062101"),
        ("4915112345678", "+4915112345678"),
        ("00 49 (0)2305 106-2101", "+4923051062101"),
        ("+49 (0) 2305 / 1062101.", "+4923051062101"),
        ("02305 / 106-2101", "+4923051062101"),
        ("2305 1062101", "+4923051062101"),
        ("Tel.: 02305 106–2101", "+4923051062101"),
        ("Handy 0151 12345678", "+4915112345678"),
        ("Meine Nummer ist 0151/12345678, danke", "+4915112345678"),
        ("<tel:+49-151-12345678>", "+4915112345678"),
        ("0151 12345678 (mobil)", "+4915112345678"),
        ("+43 1 5883900", "+4315883900"),
        ("anna@example.org.", "anna@example.org"),
        ("Mail: anna@example.org", "anna@example.org"),
        ("E-Mail:anna@example.org", "anna@example.org"),
        ("mailto:anna@example.org?subject=Hallo", "anna@example.org"),
        ("Anna Beispiel <anna@example.org>,", "anna@example.org"),
        ("„anna@example.org“", "anna@example.org"),
        ("anna @ example.org", "anna@example.org"),
    ],
)
def test_what_surrounds_it_is_left_out(text: str, number: str) -> None:
    read = REACH.words(text)

    assert not isinstance(read, Refusal)
    assert read.value == number


@pytest.mark.parametrize(
    "text",
    [
        "0151 1234S678",
        "O151 12345678",
        "02305 12",
        "0151 12345678 oder 02305 1062101",
        "02305 1062101 Durchwahl 12",
        "anna@example.org, otto@example.org",
        "anna@example.org oder 02305 1062101",
        "Tel.:",
        "anna@",
    ],
)
def test_what_may_be_a_slip_is_not_guessed(text: str) -> None:
    assert isinstance(REACH.words(text), Refusal)


@pytest.mark.parametrize("typed", ["0151 12345678", "02305 1062101", "0170 1234567"])
def test_a_number_is_shown_in_the_groups_that_people_know(typed: str) -> None:
    read = REACH.words(typed)

    assert not isinstance(read, Refusal)
    assert render(spoken(read), "de") == typed


def test_what_was_understood_is_shown_at_once(town: Town) -> None:
    anna = town.citizen("anna")
    anna.says("/register auftakt", "1", "1", "Anna Beispiel", "1")

    assert "I reach you like this: 02305 1062101" in anna.says("49 2305 1062101")
