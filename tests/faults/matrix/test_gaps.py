"""The bot was away for a while: whatever was written meanwhile is answered, in order, once."""

from __future__ import annotations

import time
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.matrix.players import Player
from tests.matrix import Homeserver

pytestmark = pytest.mark.slow

QUESTIONS = ("/mine", "/events", "/idea", "/help")
TALKATIVE, USUAL, MANY = 120, 20, 330
PEOPLE = 10
MEGABYTE, MOST_MEGABYTES = 1024 * 1024, 100
LONG_SECONDS = 600


def asking(times: int) -> tuple[str, ...]:
    """Say so many things after the greeting, each unlike the one before."""
    return "/start", *islice(cycle(QUESTIONS), times)


def meets(fate: Fate, times: int) -> Player:
    """Let somebody come who has so many things to say, and has heard the greeting."""
    (player,) = fate.invites(1, asking(times))
    player.acts()
    fate.stands_still()
    return player


def test_what_was_missed_is_answered_in_order(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.program.starts(ready=True)
        anna, berta = meets(fate, TALKATIVE), meets(fate, USUAL)
        fate.program.kills()

        anna.blurts(TALKATIVE)
        berta.blurts(USUAL // 2)  # in the session that the bot knows
        berta.citizen.rotates_session()
        berta.blurts(USUAL // 2)
        (cem,) = fate.invites(1, asking(0))
        cem.acts()  # invites the bot, which is not there
        fate.program.starts()
        fate.finishes()
        fate.program.ends()

    assert fate.proxy.calls.count("messages") >= 1  # the homeserver tells of 100 by itself


@pytest.mark.soak
def test_a_thousand_missed_messages_are_answered_in_order(
    database_url: str, tmp_path: Path, homeserver: Homeserver, figures: dict[str, int]
) -> None:
    with at_the_mercy(homeserver, database_url, tmp_path) as fate:
        fate.program.starts(ready=True)
        times = [MANY, *[(1_000 - MANY) // (PEOPLE - 1) + 1] * (PEOPLE - 1)]
        players = [meets(fate, each) for each in times]
        before = fate.program.most_bytes_of_memory
        fate.program.ends()
        for player, number in zip(players, times, strict=True):
            player.blurts(number)
        fate.program.starts()
        began = time.monotonic()
        fate.finishes(LONG_SECONDS)
        figures["seconds"] = round(time.monotonic() - began)
        figures["MB more"] = (fate.program.most_bytes_of_memory - before) // MEGABYTE
        fate.program.ends()

    assert fate.proxy.calls.count("messages") >= 3  # pages of 100, beyond the last 100
    assert figures["MB more"] < MOST_MEGABYTES
