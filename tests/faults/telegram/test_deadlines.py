"""The bot is away when registration ends: whoever said yes before that has a seat."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot import clock
from bot.store import events
from bot.store.database import Database
from tests.faults.patience import PATIENCE_SECONDS
from tests.faults.plays import REGISTER
from tests.faults.telegram.fates import Fate, at_the_mercy
from tests.faults.telegram.players import Manners, Player
from tests.faults.verdicts import Town
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

RECEIPT = "Your seat is confirmed"
ENOUGH = timedelta(seconds=30)
"""In this time one has come to the last question, even on a busy machine."""


def goes_to_the_final_yes(fate: Fate, anna: Phone, manners: Manners) -> Player:
    telegram = fate.square.telegram
    player = Player(anna, Random(0), manners)  # noqa: S311 (no secret)

    def is_answered() -> bool:
        player.listens()
        return player.is_answered

    fate.starts()
    while True:
        telegram.waits_until(is_answered, PATIENCE_SECONDS)
        if player.said == len(REGISTER):
            return player
        player.acts()


def registration_ends(url: str, at: datetime) -> None:
    database = Database(url)
    with database.transaction() as tx:
        for event in events.upcoming(tx, clock.now()):
            places = tuple(
                replace(place, deadline=at) if place.registration else place
                for place in event.places
            )
            events.save(tx, replace(event, places=places))
    database.close()


@pytest.mark.parametrize("taps", [0, 1], ids=["in words", "by a tap"])
def test_a_yes_that_came_while_the_bot_was_away_is_in_time(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, taps: int
) -> None:
    anna = telegram.person("anna", "en")
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram)) as fate:
        deadline = clock.now() + ENOUGH
        registration_ends(sqlite_url, deadline)
        player = goes_to_the_final_yes(fate, anna, Manners(taps=taps))
        fate.programs[0].kills()
        player.acts()
        left = deadline - clock.now()
        assert left > timedelta(seconds=1)
        time.sleep(left.total_seconds() + 1)
        fate.starts()
        anna.waits_for(lambda each: RECEIPT in each.text, PATIENCE_SECONDS)

    town = Town(sqlite_url)
    assert len(town.rows("registrations")) == 1
    assert "in time, the program was away" in {row["what"] for row in town.rows("audit")}
