"""Two programs on one PostgreSQL: one is the bot's device, the other one stands by."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.matrix.programs import MatrixProgram
from tests.faults.matrix.scripts import SAID
from tests.matrix import Fault, Homeserver

pytestmark = pytest.mark.slow

TAKEOVER_SECONDS = 10.0
FROZEN_SECONDS = 20.0
TAKES, STANDS_BY = "this program does “matrix", "this one stands by"
DEVICES = "/_matrix/client/v3/devices"


def both_run(fate: Fate) -> tuple[MatrixProgram, MatrixProgram]:
    """Start both; gives who is the device, and who stands by."""
    first, second = fate.programs
    first.starts(ready=True)
    second.starts()
    fate.waits(lambda: STANDS_BY in second.log)
    assert TAKES in first.log
    assert TAKES not in second.log
    return first, second


def devices(homeserver: Homeserver, fate: Fate) -> set[str]:
    """Name the devices of the bot."""
    found = homeserver.asks("GET", DEVICES, token=fate.account.token)["devices"]
    return {each["device_id"] for each in found}


@pytest.mark.parametrize("command", ["run", "worker"])
def test_another_one_takes_over(
    postgres_url: str, tmp_path: Path, homeserver: Homeserver, command: str
) -> None:
    with at_the_mercy(homeserver, postgres_url, tmp_path, command, command) as fate:
        players = fate.invites(2)
        holder, other = both_run(fate)
        fate.plays(until=lambda: fate.said > len(SAID))
        fate.stands_still()
        before = devices(homeserver, fate)
        fate.settles()
        holder.kills()
        killed = time.monotonic()
        for player in players:
            player.acts()
        fate.waits(lambda: other.signings == 1)
        took = time.monotonic() - killed
        fate.stands_still()
        answered = time.monotonic() - killed
        holder.starts()
        fate.waits(lambda: holder.log.count(STANDS_BY) == 1)
        fate.ends_well()

        assert took <= TAKEOVER_SECONDS
        assert answered <= TAKEOVER_SECONDS + 2
        assert devices(homeserver, fate) == before


@pytest.mark.parametrize("seconds", [9.0, pytest.param(FROZEN_SECONDS, marks=pytest.mark.soak)])
def test_who_was_frozen_does_no_harm(
    postgres_url: str, tmp_path: Path, homeserver: Homeserver, seconds: float
) -> None:
    with at_the_mercy(homeserver, postgres_url, tmp_path, "run", "run") as fate:
        players = fate.invites(2)
        holder, other = both_run(fate)
        fate.plays(until=lambda: fate.said > len(SAID))
        fate.stands_still()
        fate.proxy.faults.next("PUT send", Fault.hangs(1.0))
        players[0].acts()
        fate.waits(lambda: not fate.proxy.faults.left)  # in the midst of a send
        holder.freezes()
        frozen = time.monotonic()
        players[1].acts()
        fate.waits(lambda: other.signings == 1)
        fate.plays(seconds=max(0.5, frozen + seconds - time.monotonic()))
        holder.thaws()
        fate.waits(lambda: STANDS_BY in holder.log)
        newcomer = fate.invites(1)[0]
        newcomer.acts()
        fate.ends_well()

    assert holder.signings == other.signings == 1
    assert "no longer does" in holder.log
