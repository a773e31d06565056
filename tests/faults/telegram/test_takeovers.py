"""Two workers and two webs on one PostgreSQL: when one is killed, the other one takes over."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.patience import until
from tests.faults.telegram.balancers import balancing, free_ports
from tests.faults.telegram.conftest import MOSTLY_POLLING
from tests.faults.telegram.fates import Fate, at_the_mercy
from tests.faults.telegram.programs import Program
from tests.telegram import Telegram

pytestmark = pytest.mark.slow

KILLS = 10
TAKEOVER_SECONDS = 10.0
LEASES_SECONDS = 100.0
"""Longer than any letter belongs to a program that was killed."""

COMMANDS = ("worker", "worker", "web", "web")
TAKEN = "this program does “telegram"


def four(url: str, directory: Path, telegram: Telegram, stack: ExitStack, *, webhook: bool) -> Fate:
    """Make two workers and two webs, behind a balancer if Telegram brings messages."""
    fate = Fate(url, directory, telegram, *COMMANDS, webhook=webhook)
    ports = free_ports(2)
    if webhook:
        stack.enter_context(balancing(int(fate.settings["PORT"]), ports))
    for number, program in enumerate(fate.programs):
        program.settings["STADTDIALOG_LOG_LEVEL"] = "INFO"
        program.settings["STADTDIALOG_HOST"] = "127.0.0.1"
        program.settings["PORT"] = str(ports[number % 2])
    return fate


class Holders:
    """Who takes the lease, as the programs say it in their logs."""

    def __init__(self, programs: list[Program]) -> None:
        self._programs = programs
        self._known = [0] * len(programs)

    def next(self) -> Program:
        """Wait until somebody takes the lease, and say who."""
        until(lambda: self._taken() != self._known)
        known, self._known = self._known, self._taken()
        (number,) = [n for n, taken in enumerate(self._known) if taken != known[n]]
        return self._programs[number]

    def _taken(self) -> list[int]:
        return [each.log.count(TAKEN) for each in self._programs]


def takeovers(fate: Fate, kills: int, *, quietly: bool) -> list[float]:
    """Kill the holder again and again; gives how many seconds the next one took each time."""
    fate.starts()
    holders, took = Holders(fate.programs), []
    holder = holders.next()
    for _ in range(kills):
        fate.plays(seconds=0.5)
        if quietly:
            fate.stands_still()
            fate.settles(LEASES_SECONDS)
        holder.kills()
        killed = time.monotonic()
        fate.kills += 1
        fate.square.comes_to_rest()
        successor = holders.next()
        took.append(time.monotonic() - killed)
        assert successor is not holder
        holder.starts()
        holder = successor
    fate.finishes(LEASES_SECONDS)
    for program in fate.programs:
        program.ends()
    fate.is_well()
    return took


@pytest.mark.parametrize("webhook", MOSTLY_POLLING)
def test_another_one_takes_over(
    postgres_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    with (
        ExitStack() as stack,
        at_the_mercy(four(postgres_url, tmp_path, telegram, stack, webhook=webhook)) as fate,
    ):
        (took,) = takeovers(fate, 1, quietly=True)

    assert took <= TAKEOVER_SECONDS


@pytest.mark.soak  # what a program has in hand when it is killed belongs to it for half a minute
def test_another_one_takes_over_in_the_middle_of_conversations(
    postgres_url: str, tmp_path: Path, telegram: Telegram, figures: dict[str, int], *, webhook: bool
) -> None:
    with (
        ExitStack() as stack,
        at_the_mercy(four(postgres_url, tmp_path, telegram, stack, webhook=webhook)) as fate,
    ):
        took = takeovers(fate, KILLS, quietly=False)
        figures["kills"] = KILLS
        figures["ms until another one took over, at most"] = round(1000 * max(took))

    assert max(took) <= TAKEOVER_SECONDS
