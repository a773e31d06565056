"""A program that is killed at any moment has lost nothing and done nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.fates import Fate

pytestmark = pytest.mark.slow

PLACES = (
    "bot.turns:inbox.after accept",
    "bot.turns:conversations.before save",
    "bot.turns:outbox.after put",
    "bot.turns:Turns.after take",
    "bot.intake:Intake.before _until_committed",
    "bot.delivery:Delivery.before post",
    "bot.delivery:Delivery.after post",
    "bot.delivery.records:outbox.before mark_sent",
    "bot.delivery.records:outbox.after mark_sent",
    "bot.delivery.records:outbox.after claim",
)


def test_a_program_killed_at_random_moments(database_url: str, tmp_path: Path) -> None:
    fate = Fate(database_url, tmp_path)
    chance = random.Random(20200820)  # noqa: S311 (a seed for a test, no secret)
    for _ in range(5):
        fate.strikes(chance)

    fate.ends_well()
    assert fate.figures["kills"] == 5


def test_a_program_killed_at_each_place(database_url: str, tmp_path: Path) -> None:
    fate = Fate(database_url, tmp_path, citizens=("anna", "bert"))
    for place in PLACES:
        fate.strikes_at(place)

    fate.ends_well()
    assert fate.figures["kills"] == len(PLACES)


def test_a_letter_that_was_read_but_not_noted_comes_again_and_counts_once(
    database_url: str, tmp_path: Path
) -> None:
    fate = Fate(database_url, tmp_path, citizens=("anna",))
    fate.strikes_at("bot.delivery.records:outbox.before mark_sent")

    assert fate.ends_well().read_twice >= 1


@pytest.mark.soak
def test_two_hundred_kills(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, figures: dict[str, int]
) -> None:
    fate = Fate(database_url, tmp_path_factory.mktemp("fate"), citizens=tuple("abcdefghijkl"))
    chance = random.Random()  # noqa: S311 (a seed for a test, no secret)
    for _ in range(200):
        fate.strikes(chance)

    fate.ends_well()
    figures.update(fate.figures)
