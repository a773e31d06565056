"""The homeserver does not answer, or not as it should: everything owed arrives, in order, once."""

from __future__ import annotations

import time
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

import pytest

from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.matrix.scripts import SAID
from tests.matrix import Fault, Homeserver

pytestmark = pytest.mark.slow

AWAY, WELL = "the homeserver does not answer", "Matrix: all is well again"

MAINTENANCE = Fault(200, b"<html>We are back soon.</html>", "text/html")
OTHERS = (Fault.too_many(300), Fault.internal(), Fault.closed(), Fault.answer_lost(), MAINTENANCE)
FAULTS = (
    Fault.bad_gateway(),
    Fault.broken_json(),
    *(pytest.param(fault, marks=pytest.mark.soak) for fault in OTHERS),
)
AT_THE_START = ("login", "keys/upload", "keys/query", "device_signing/upload", "sync")
FOR_NEWCOMERS = ("join", "joined_members", "keys/claim", "sendToDevice", "keys/query")
AT_ANY_TIME = ("PUT send", "sync", "receipt", "typing")


@pytest.mark.parametrize("how", [SIGTERM, SIGKILL])
def test_the_homeserver_is_restarted_in_the_middle_of_conversations(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver, how: Signals
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(2)
        fate.program.starts(ready=True)
        fate.plays(until=lambda: fate.said > len(SAID))
        homeserver.restart(how)
        fate.ends_well()

    assert fate.program.log.count(f"Matrix: {AWAY}") == fate.program.log.count(WELL) == 1


def test_the_homeserver_is_away_at_the_start(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(1, SAID[:2])
        fate.proxy.down()
        fate.program.starts()
        fate.waits(lambda: AWAY in fate.program.log)
        time.sleep(1.2)  # and more than one attempt later
        assert fate.program.log.count(AWAY) == 1
        assert WELL not in fate.program.log
        fate.proxy.up()
        fate.finishes()
        fate.program.ends()

    assert (fate.program.log.count(AWAY), fate.program.log.count(WELL)) == (1, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_answers_are_wrong(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver, fault: Fault
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        for wanted in AT_THE_START:
            fate.proxy.faults.next(wanted, fault)
        fate.program.starts(ready=True)
        (player,) = fate.invites(1)
        for wanted in FOR_NEWCOMERS:
            fate.proxy.faults.next(wanted, fault)
        player.acts()
        fate.stands_still()
        for wanted in AT_ANY_TIME:
            fate.proxy.faults.next(wanted, fault)
        fate.ends_well()


def test_a_newcomer_whose_keys_cannot_be_asked_for_reads_everything_later(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.program.starts(ready=True)
        (player,) = fate.invites(1, SAID[:2])
        fate.proxy.faults.always("keys/query", Fault.bad_gateway())
        player.acts()
        fate.waits(lambda: fate.proxy.calls.count("keys/query", status=502) > 2)
        fate.proxy.faults.clear()
        fate.finishes()
        fate.program.ends()


def test_a_sync_that_is_refused_for_a_while_is_no_end(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(1, SAID[:2])
        fate.program.starts(ready=True)
        fate.proxy.faults.next("sync", Fault.refusal(404, "M_UNRECOGNIZED"), times=2)
        fate.finishes()
        fate.program.ends()


def sends(fate: Fate) -> list[float]:
    """Give the moments at which the bot has asked to send something."""
    return [call.at for call in fate.proxy.calls.of("PUT send")]


def test_nothing_is_sent_before_the_homeserver_wants_it(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        players = fate.invites(2)
        fate.program.starts(ready=True)
        for _ in range(2):
            for player in players:
                player.acts()
            fate.stands_still()
        fate.proxy.faults.next("PUT send", Fault.too_many(2_500))
        players[0].acts()
        fate.waits(lambda: not fate.proxy.faults.left)
        players[1].acts()
        fate.ends_well()

    (refused,) = fate.proxy.calls.of("PUT send", status=429)
    assert min(at for at in sends(fate) if at > refused.at) >= refused.at + 2.5


def test_many_newcomers_at_once_are_all_let_in_however_slowly(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        (player,) = fate.invites(1, SAID[:2])
        fate.program.starts(ready=True)
        fate.proxy.faults.next("join", Fault.too_many(100), times=8)
        player.acts()
        fate.finishes()
        fate.program.ends()

    assert fate.proxy.calls.count("leave") == 0


def test_an_invitation_outlives_an_outage(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        (player,) = fate.invites(1, SAID[:2])
        fate.program.starts(ready=True)
        fate.proxy.faults.always("join", Fault.bad_gateway())
        fate.proxy.faults.always("versions", Fault.bad_gateway())
        fate.proxy.faults.always("leave", Fault.bad_gateway())
        player.acts()
        fate.waits(lambda: fate.proxy.calls.count("join") > 6)
        fate.proxy.faults.clear()
        fate.finishes()
        fate.program.ends()

    assert fate.proxy.calls.count("leave") == 0


def test_a_room_that_cannot_be_joined_holds_nobody_up(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(1, SAID)
        fate.program.starts(ready=True)
        fate.proxy.faults.next("join", Fault.hangs(60))
        fate.people.person("mallory", "en").starts(waits=False)
        fate.waits(lambda: not fate.proxy.faults.left)
        fate.finishes()
        assert fate.proxy.calls.count("join") == 1  # the other one still hangs
        fate.program.ends()


def test_one_answer_that_does_not_come_holds_nobody_else_up(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        anna, berta = fate.invites(2)
        fate.program.starts(ready=True)
        for _ in range(2):
            fate.stands_still()
            anna.acts()
            berta.acts()
        fate.stands_still()
        fate.proxy.faults.next("PUT send", Fault.hangs(6))
        anna.acts()
        fate.waits(lambda: not fate.proxy.faults.left)
        for _ in range(3):
            berta.acts()
            fate.waits(lambda: berta.is_answered)
        assert not anna.is_answered
        fate.ends_well()


@pytest.mark.soak
def test_a_sync_that_hangs_for_ever_is_given_up(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(1)
        fate.program.starts(ready=True)
        fate.proxy.faults.next("sync", Fault.hangs(600, carried_out=False))
        fate.ends_well()


def test_keys_that_are_slow_to_come_hold_nobody_else_up(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        anna, berta = fate.invites(2)
        fate.program.starts(ready=True)
        anna.acts()
        fate.stands_still()
        fate.proxy.faults.always("keys/query", Fault.hangs(8))
        berta.acts()
        fate.waits(lambda: fate.proxy.calls.count("join") == 2)
        began = time.monotonic()
        for _ in SAID[1:]:
            anna.acts()
            fate.waits(lambda: anna.is_answered)
        assert time.monotonic() - began < 8
        fate.proxy.faults.clear()
        fate.ends_well()
