"""How fast a whole registration conversation goes, step by step, and what batches gain."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.crowds import Contestant, Program, Step, crowd, upcoming
from tests.bench.figures import Figure, Goal, Subject, p99
from tests.bench.plans import Plan
from tests.bench.stages import DATABASES, Stage, rows

RATE = Goal(0.5)
LATENCY = Goal(2, is_upper=True)
GAIN = {"SQLite": Goal(4), "PostgreSQL": Goal(3)}
SMALL, LARGE = 1, 32
"""The sizes of the batches that the gain compares."""


@dataclass
class Series:
    """What one contestant achieves with batches of one size: a rate and a p99 for each round."""

    contestant: Contestant
    batches: Iterator[list[Step]]
    rates: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)

    def run(self, number: int) -> None:
        """Carry out one round."""
        durations, steps = [], 0
        for batch in upcoming(self.batches, number):
            start = time.perf_counter()
            self.contestant.take(batch)
            durations.append(time.perf_counter() - start)
            steps += len(batch)
        self.rates.append(steps / sum(durations))
        self.p99s.append(1000 * p99(durations))


@dataclass
class Match:
    """Batches of one size on one database: the program against the floor."""

    size: int
    ours: Series
    floor: Series


def figures(stage: Stage, plan: Plan, wanted: Sequence[str]) -> Iterator[Figure]:
    """Measure both databases."""
    for database in DATABASES:
        matches = _played(stage, plan, database, wanted)
        if "steps" in wanted:
            for match in matches:
                yield from _compared(match, database)
        if "gain" in wanted:
            rates = {match.size: match.ours.rates for match in matches}
            name = f"batches of {LARGE} against commits for each step"
            subject = Subject(name, database, "steps/s", GAIN[database])
            yield subject.compared(rates[LARGE], rates[SMALL])


def _played(stage: Stage, plan: Plan, database: str, wanted: Sequence[str]) -> list[Match]:
    mine, its = stage.url(database), stage.url(database)
    town, floor = stage.town(mine), stage.floor(its)
    program = Program(town)
    sizes = [size for size in plan.batches if "steps" in wanted or size in (SMALL, LARGE)]
    matches = [
        Match(
            size,
            Series(program, crowd("bench", size, program)),
            Series(floor, crowd("bench", size, floor)),
        )
        for size in sizes
    ]
    for _ in range(plan.rounds):
        for match in matches:
            match.ours.run(plan.batches[match.size])
            match.floor.run(plan.batches[match.size])
    if (here := rows(town)) != (there := rows(stage.town(its))):
        raise RuntimeError(f"the floor wrote other rows: {there}, the program {here}")
    return matches


def _compared(match: Match, database: str) -> Iterator[Figure]:
    chats = f"{match.size} chat{'s' if match.size > 1 else ''} at once"
    ours, floor = match.ours, match.floor
    steps = Subject(f"registration, {chats}", database, "steps/s", RATE)
    yield steps.compared(ours.rates, floor.rates)
    slowest = Subject(f"registration, {chats}, p99", database, "ms", LATENCY)
    yield slowest.compared(ours.p99s, floor.p99s)
