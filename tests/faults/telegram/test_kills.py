"""The bot on Telegram, killed at any moment: nothing is lost, nothing happens twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.telegram.fates import Fate, at_the_mercy
from tests.telegram import Telegram

pytestmark = pytest.mark.slow

KILLS, MANY_KILLS = 3, 200


def test_one_program_is_killed(
    database_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    chance = random.Random(20200820)  # noqa: S311 (a seed for a test, no secret)
    with at_the_mercy(Fate(database_url, tmp_path, telegram, webhook=webhook)) as fate:
        for _ in range(KILLS):
            fate.strikes(chance)
        figures = fate.ends_well()

    assert figures["kills"] == KILLS


def test_web_and_worker_are_killed(postgres_url: str, tmp_path: Path, telegram: Telegram) -> None:
    chance = random.Random(20200831)  # noqa: S311 (as above)
    programs = Fate(postgres_url, tmp_path, telegram, "web", "worker", webhook=True)
    with at_the_mercy(programs) as fate:
        for _ in range(KILLS):
            fate.strikes(chance)
        figures = fate.ends_well()

    assert figures["kills"] == KILLS


@pytest.mark.soak
def test_one_program_is_killed_again_and_again(
    database_url: str, tmp_path: Path, telegram: Telegram, figures: dict[str, int], *, webhook: bool
) -> None:
    chance = random.Random()  # noqa: S311 (a seed for a test, no secret)
    with at_the_mercy(Fate(database_url, tmp_path, telegram, webhook=webhook)) as fate:
        for _ in range(MANY_KILLS):
            fate.strikes(chance)
        figures.update(fate.ends_well())


@pytest.mark.soak
def test_web_and_worker_are_killed_again_and_again(
    postgres_url: str, tmp_path: Path, telegram: Telegram, figures: dict[str, int]
) -> None:
    chance = random.Random()  # noqa: S311 (as above)
    programs = Fate(postgres_url, tmp_path, telegram, "web", "worker", webhook=True)
    with at_the_mercy(programs) as fate:
        for _ in range(MANY_KILLS):
            fate.strikes(chance)
        figures.update(fate.ends_well())
