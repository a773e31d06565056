"""Killing a town hall again and again, and asking after each time whether all is well."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from bot.store.database import BUSY_TIMEOUT_SECONDS
from tests.faults import verdicts
from tests.faults.halls import Plan, open_doors
from tests.faults.journals import Journal
from tests.faults.patience import PATIENCE_SECONDS, nobody_is_connected, until
from tests.faults.plays import LINES, found

CITIZENS = ("anna", "bert", "cem", "dora", "emil")
APART_SECONDS = 0.4

PRELOADED = ["tests.faults.halls", "tests.faults.duellists", "tests.faults.telegram.programs"]


def context() -> ForkServerContext:
    """Let children start in a few milliseconds, from a process that has loaded the program."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(PRELOADED)
    return server


@dataclass
class Fate:
    """A town, and what happens to its town hall."""

    url: str
    directory: Path
    citizens: tuple[str, ...] = CITIZENS
    kills: int = 0
    seed: int = 0
    busy_seconds: float = BUSY_TIMEOUT_SECONDS
    figures: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found(self.url)
        self.plan = Plan(
            self.url,
            self.directory / "journal",
            self.directory / "log",
            self.citizens,
            self.seed,
            busy_seconds=self.busy_seconds,
        )

    def begins(self, plan: Plan) -> ForkServerProcess:
        """Open the town hall."""
        process = context().Process(target=open_doors, args=(plan,))
        process.start()
        return process

    def strikes(self, chance: random.Random) -> None:
        """Kill it at a random moment after it has begun to work, and look at what is left."""
        before = self._size()
        plan = replace(self.plan, seed=chance.randrange(2**32))
        process = self.begins(plan)
        until(lambda: self._size() > before or not process.is_alive())
        time.sleep(chance.expovariate(1 / 0.08))
        process.kill()
        self._ended(process, -signal.SIGKILL)

    def strikes_at(self, place: str) -> None:
        """Let it die at a place in the program, and look at what is left."""
        process = self.begins(replace(self.plan, dies=place))
        self._ended(process, -signal.SIGKILL)

    @contextmanager
    def talking(self) -> Iterator[ForkServerProcess]:
        """Let everybody talk while something happens to the database."""
        closing = self.directory / "closing"
        process = self.begins(replace(self.plan, closing=closing))
        until(lambda: self._size() > 0 or not process.is_alive())
        try:
            yield process
        finally:
            closing.touch()
            self._ended(process, 0)
            closing.unlink()

    def is_disturbed_by(self, *disturbances: Callable[[], object]) -> None:
        """Let things happen to the database while everybody talks; everybody notices and waits."""
        with self.talking():
            for disturbance in disturbances:
                time.sleep(APART_SECONDS)
                disturbance()
        self.ends_well()
        assert "the database does not answer" in self.plan.log.read_text()

    def ends_well(self) -> Journal:
        """Let everybody finish what they were saying, and look at everything."""
        numbers = [Journal.of(self.plan.journal).next_number(chat) for chat in self.citizens]
        last = max(numbers) + len(LINES) - 1 - max(numbers) % len(LINES)
        process = self.begins(replace(self.plan, last=last))
        self._ended(process, 0)
        town, journal = verdicts.Town(self.url), Journal.of(self.plan.journal)
        verdicts.everybody_was_answered(town, journal, last)
        self.figures = {
            "kills": self.kills,
            "messages": len(town.rows("inbox")),
            "registrations": len(town.rows("registrations")),
            "letters read twice": journal.read_twice,
        }
        return journal

    def _ended(self, process: ForkServerProcess, expected: int) -> None:
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        log = self.plan.log.read_text()
        assert process.exitcode == expected, log[-3000:]
        process.close()
        self.kills += expected != 0
        nobody_is_connected(self.url)
        town, journal = verdicts.Town(self.url), Journal.of(self.plan.journal)
        verdicts.nothing_is_lost(town, journal)
        verdicts.nothing_is_done_twice(town)
        verdicts.nothing_personal_is_in(log)

    def _size(self) -> int:
        journal = self.plan.journal
        return journal.stat().st_size if journal.exists() else 0
