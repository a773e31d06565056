"""A town whose bot is on Telegram, and what happens to its programs while citizens talk to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import delete, update

from bot import clock
from bot.store import tables
from bot.store.database import Database
from tests.channels.telegram.serving import environment
from tests.faults.patience import PATIENCE_SECONDS, nobody_is_connected
from tests.faults.plays import found
from tests.faults.telegram import verdicts
from tests.faults.telegram.players import Manners
from tests.faults.telegram.programs import Program
from tests.faults.telegram.squares import Square
from tests.faults.verdicts import Town
from tests.serving import owed
from tests.telegram import Telegram

IN_FLIGHT_SECONDS = 0.05
"""How long a request may live on that a killed program has sent."""

PEOPLE = 5


class Fate:
    """A town, its citizens with their phones, and the programs that serve them."""

    def __init__(
        self, url: str, directory: Path, telegram: Telegram, *commands: str, webhook: bool = False
    ) -> None:
        """Found a town; `commands` are the programs that serve it: `run`, if none is named."""
        self.url = url
        self.kills = 0
        found(url, PEOPLE)
        is_sqlite = url.startswith("sqlite")
        # On PostgreSQL, the next message may be answered before what a crash has left behind.
        self.square = Square(telegram, PEOPLE, Manners(bursts=is_sqlite and not webhook))
        self.settings = environment(telegram, url, webhook=webhook)
        self.settings |= {"STADTDIALOG_DATA_DIR": str(directory), "STADTDIALOG_LANGUAGE": "en"}
        self.programs = [
            Program(command, self.settings, directory / f"{number}.log")
            for number, command in enumerate(commands or ("run",))
        ]

    def starts(self) -> None:
        """Start all programs."""
        for program in self.programs:
            program.starts()

    def strikes(self, chance: Random) -> None:
        """Start all, kill all at a random moment after they have begun to work, look at it."""
        self.starts()
        begun = self.square.said
        self.plays(until=lambda: self.square.said > begun)
        self.plays(seconds=chance.expovariate(1 / 0.15))
        for program in self.programs:
            program.kills()
        self.kills += 1
        self.rests()

    def rests(self) -> None:
        """Look at everything while no program runs; then let so much time pass that leases end."""
        time.sleep(IN_FLIGHT_SECONDS)
        self.square.comes_to_rest()
        nobody_is_connected(self.url)
        town = Town(self.url)
        verdicts.nothing_is_lost(town, self.square)
        verdicts.nothing_is_done_twice(town, self.square)
        for program in self.programs:
            verdicts.log_is_quiet(program.log, self.square)
        if not self.url.startswith("sqlite"):
            time_passes(self.url)

    def plays(
        self, *, seconds: float = PATIENCE_SECONDS, until: Callable[[], bool] | None = None
    ) -> None:
        """Let citizens talk for so long, or until something is so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            more = self.square.plays()
            if (until is not None and until()) or not more:
                return
            with self.square.telegram.records.changed:
                self.square.telegram.records.changed.wait(0.01)
        assert until is None, f"it did not come to that: {self._state()}"

    def stands_still(self) -> None:
        """Let everybody wait until they are answered."""
        self.square.telegram.waits_until(self.square.stands_still, PATIENCE_SECONDS)

    def settles(self, seconds: float) -> None:
        """Wait until the programs have noted everything as sent."""
        database = Database(self.url)
        deadline = time.monotonic() + seconds
        while owed(database):
            assert time.monotonic() < deadline, self._state()
            self.square.stands_still()
            time.sleep(0.05)
        database.close()

    def ends_well(self) -> dict[str, int]:
        """Let everybody finish what they were saying, and look at everything; gives figures."""
        self.starts()
        self.finishes()
        for program in self.programs:
            program.ends()
        return self.is_well()

    def finishes(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Let nobody come any more, and those who are there finish; then all debts are paid."""
        self.square.closes()
        self.plays(until=lambda: all(player.is_done for player in self.square.everybody))
        self.square.telegram.waits_until_read(PATIENCE_SECONDS)
        self.settles(seconds)

    def is_well(self) -> dict[str, int]:
        """Look at everything when nobody wants anything any more; gives figures."""
        nobody_is_connected(self.url)
        town = Town(self.url)
        verdicts.everything_is_done(town, self.square)
        for program in self.programs:
            verdicts.log_is_quiet(program.log, self.square)
        return {
            "kills": self.kills,
            "updates": self.square.said,
            "registrations": len(town.rows("registrations")),
            "messages that came again": self.square.repeats,
        }

    def _state(self) -> str:
        behind = [player for player in self.square.everybody if not player.is_done]
        logs = "\n".join(program.log[-1500:] for program in self.programs)
        return f"{self.square.telegram.pending} pending, {len(behind)} talking, {logs}"


@contextmanager
def at_the_mercy(fate: Fate) -> Iterator[Fate]:
    """Attack; whatever happens, the programs are ended by their processes."""
    try:
        yield fate
    finally:
        for program in fate.programs:
            program.gives_up()


def time_passes(url: str) -> None:
    """Let the leases of programs that were killed end, as they do after a minute."""
    database = Database(url)
    with database.transaction() as tx:
        past = clock.now() - timedelta(seconds=1)
        tx.execute(update(tables.outbox).values(not_before=past))
        tx.execute(delete(tables.leases))
    database.close()
