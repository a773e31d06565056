"""The bot's token becomes invalid: the operator is told, or it signs in anew; nothing spins."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.matrix.players import Player
from tests.faults.matrix.scripts import SAID
from tests.matrix import Fault, Homeserver

pytestmark = pytest.mark.slow

LOGOUT, LOGOUT_ALL = "/_matrix/client/v3/logout", "/_matrix/client/v3/logout/all"
FEW = 12
"""So many requests are enough to find out that a token is invalid."""


def takes_a_token(fate: Fate, token: str) -> None:
    """Set up the program with a token instead of a password."""
    del fate.program.settings["MATRIX_PASSWORD"]
    device = fate.account.device_id
    fate.program.settings |= {"MATRIX_ACCESS_TOKEN": token, "MATRIX_DEVICE_ID": device}


def devices(players: list[Player]) -> list[set[str]]:
    """Name the devices of the bot that each of the citizens knows."""
    return [
        {device.id for device in citizen.client.olm.device_store.active_user_devices(citizen.bot)}
        for citizen in (player.citizen for player in players)
    ]


def test_with_a_wrong_token_it_does_not_start(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        takes_a_token(fate, "syt_wrong")
        fate.program.starts()

        assert "MATRIX_ACCESS_TOKEN" in fate.program.fails()
        assert len(fate.proxy.calls) <= FEW


def test_a_token_that_becomes_invalid_ends_it(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        takes_a_token(fate, fate.account.token)
        (player,) = fate.invites(1)
        fate.program.starts(ready=True)
        player.acts()
        fate.stands_still()
        fate.proxy.calls.clear()
        homeserver.asks("POST", LOGOUT, {}, fate.account.token)

        log = fate.program.fails()
        assert log.count("MATRIX_ACCESS_TOKEN") == 1
        assert fate.account.token not in log
        assert len(fate.proxy.calls) <= FEW


def test_with_the_password_it_signs_in_anew_and_people_talk_on(
    database_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, database_url, tmp_path) as fate:
        players = fate.invites(2)
        fate.program.starts(ready=True)
        fate.plays(until=lambda: fate.said > len(SAID))
        fate.stands_still()
        before = set[str]().union(*devices(players))
        for player in players:  # what was on its way may come again from the new device
            player.may_repeat = True
        homeserver.asks("POST", LOGOUT_ALL, {}, fate.account.token)
        # Who writes before, writes to a device that is no more.
        fate.waits(lambda: all(new and new.isdisjoint(before) for new in devices(players)))
        fate.ends_well()
        assert all(each.encrypted for player in players for each in player.heard)

    assert fate.program.signings == 2
    assert fate.proxy.calls.count("login", status=200) == 2


def test_a_homeserver_that_refuses_the_token_only_now_and_then_is_not_stormed(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(1, SAID[:2])
        fate.proxy.faults.always("sync", Fault.unknown_token())
        fate.program.starts(ready=True)
        time.sleep(3)
        assert fate.proxy.calls.count("sync") <= 4
        fate.proxy.faults.clear()
        fate.finishes()
        fate.program.ends()
