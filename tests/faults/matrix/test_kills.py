"""The bot on Matrix, killed at any moment: nothing is lost, nothing happens twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bot.channels.matrix.syncing import KEEP_SECONDS
from tests.faults.matrix.fates import PEOPLE, at_the_mercy
from tests.faults.matrix.scripts import SAID
from tests.matrix import Fault, Homeserver
from tests.telegram.conftest import picture

pytestmark = pytest.mark.slow

KILLS, MANY_KILLS = 3, 100


def test_the_program_is_killed(database_url: str, tmp_path: Path, homeserver: Homeserver) -> None:
    chance = random.Random(20200820)  # noqa: S311 (a seed for a test, no secret)
    with at_the_mercy(homeserver, database_url, tmp_path) as fate:
        fate.invites(PEOPLE)
        for _ in range(KILLS):
            fate.strikes(chance)
        fate.program.starts()
        fate.ends_well()


LOST, HANGS, NOT_DONE = Fault.answer_lost(), Fault.hangs(60), Fault.hangs(60, carried_out=False)

AT_FIRST = (("join", LOST), ("keys/claim", HANGS), ("keys/query", HANGS), ("sendToDevice", LOST))
"""What happens only when somebody has just come."""

IN_THE_MIDDLE = (
    ("PUT send", LOST),
    ("PUT send", HANGS),
    ("PUT send", NOT_DONE),
    ("sync", HANGS),
    ("sync", LOST),
)


@pytest.mark.parametrize(("wanted", "fault"), AT_FIRST)
def test_it_is_killed_while_somebody_comes(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver, wanted: str, fault: Fault
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        (player,) = fate.invites(1, said=("/start", "/help"))
        fate.program.starts(ready=True)
        fate.proxy.faults.next(wanted, fault)
        player.acts()
        fate.waits(lambda: not fate.proxy.faults.left)
        fate.program.kills()
        fate.proxy.faults.clear()
        fate.program.starts()
        fate.finishes()
        fate.program.ends()


def test_it_is_killed_between_commit_and_answer(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        (player,) = fate.invites(1)
        fate.program.starts(ready=True)
        player.acts()
        for wanted, fault in IN_THE_MIDDLE:
            fate.stands_still()
            fate.proxy.faults.next(wanted, fault)
            player.acts()
            fate.waits(lambda: not fate.proxy.faults.left)
            fate.program.kills()
            fate.proxy.faults.clear()
            fate.program.starts()
        fate.ends_well()


def test_it_is_killed_while_a_picture_is_fetched_and_others_are_answered(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        (player,) = fate.invites(1)
        fate.program.starts(ready=True)
        berta = fate.people.person("berta", "en").starts()
        berta.waits_for("Welcome")
        fate.proxy.faults.next("download", HANGS)
        berta.sends_photo(picture(40))
        fate.waits(lambda: not fate.proxy.faults.left)
        fate.plays(until=lambda: player.said > len(SAID) // 2)
        time.sleep(1.5 * KEEP_SECONDS)
        fate.program.kills()
        fate.program.starts()
        berta.waits_for(lambda _: True)
        fate.ends_well()
