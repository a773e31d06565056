"""How much somebody has to read and to do for a seat on site; the consent's wording counts."""

from __future__ import annotations

import pytest

from tests.town import Citizen, Town

MOST_STEPS = 10
MOST_WORDS = 350

WAY = ("/register", "1", "1", "yes", "Anna Beispiel", "1", "1", "1", "1", "yes")
"""From the command to the receipt, by somebody who comes alone."""


def read(citizen: Citizen) -> int:
    """Count the words that were read, those on buttons too; rules and numbers are none."""
    return sum(any(map(str.isalpha, word)) for word in citizen.mail.split())


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_seat_takes_few_steps_and_few_words(town: Town, language: str) -> None:
    anna = town.citizen("anna", language)
    receipt = anna.says(*WAY)

    assert ("Your seat is confirmed" if language == "en" else "Ihr Platz ist bestätigt") in receipt
    assert len(WAY) <= MOST_STEPS
    assert read(anna) <= MOST_WORDS
