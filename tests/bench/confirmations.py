"""How many final confirmations one hot event takes."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import insert

from bot.store import tables
from tests.bench import writers
from tests.bench.crowds import LAST, Program, Step
from tests.bench.figures import Figure, Subject
from tests.bench.plans import Plan
from tests.bench.stages import DATABASES, Stage, rows
from tests.bench.writers import PATIENCE_SECONDS
from tests.town import SUMMER, Town

T = TypeVar("T")

UNIT = "seats/s"
TOGETHER = 32
"""How many say the final yes in the same moment."""


@dataclass
class Rates:
    """Confirmations per second in each round."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases; SQLite has one process that writes."""
    for database in DATABASES:
        for number in plan.writers if database == "PostgreSQL" else (1,):
            rates = Rates()
            _compete(stage, plan, database, number, rates)
            name = f"final yes, {number} writer{'s' if number > 1 else ''}, each a commit"
            yield Subject(name, database, UNIT).compared(rates.ours, rates.theirs)
        rates = Rates()
        _at_once(stage, plan, database, rates)
        name = f"final yes, {TOGETHER} chats as one batch"
        yield Subject(name, database, UNIT).compared(rates.ours, rates.theirs)


def _compete(stage: Stage, plan: Plan, database: str, number: int, rates: Rates) -> None:
    """Let processes write side by side, in turn with the service and by hand."""
    url = stage.url(database)
    people = _people(stage.town(url), plan.rounds * plan.seats)
    rounds = [people[n * plan.seats : (n + 1) * plan.seats] for n in range(plan.rounds)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([writers.__name__])
    phase = context.Barrier(number + 1)
    processes = [
        context.Process(
            target=writers.write,
            args=(url, [share[n::number] for share in rounds], phase),
            daemon=True,
        )
        for n in range(number)
    ]
    try:
        for process in processes:
            process.start()
        for _ in rounds:
            for kept in (rates.ours, rates.theirs):
                phase.wait(PATIENCE_SECONDS)
                start = time.perf_counter()
                phase.wait(PATIENCE_SECONDS)
                kept.append(plan.seats / (time.perf_counter() - start))
        for process in processes:
            process.join(PATIENCE_SECONDS)
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
                process.join(PATIENCE_SECONDS)


def _at_once(stage: Stage, plan: Plan, database: str, rates: Rates) -> None:
    """Let everybody say the final yes in one batch; by hand: one by one in one transaction."""
    url = stage.url(database)
    town = stage.town(url)
    program = Program(town)
    with ExitStack() as stack:
        _service, by_hand = writers.both(url, stack)
        for turn in range(1 + plan.bursts):
            chats = [f"final-{turn:03}-{chat:03}" for chat in range(TOGETHER)]
            for number in range(LAST):
                program.take([Step(chat, number) for chat in chats])
            last, people = [Step(chat, LAST) for chat in chats], _people(town, TOGETHER)
            ours, theirs = _rate(program.take, last), _rate(by_hand.confirm_all, people)
            if turn:  # the first is the warm-up
                rates.ours.append(ours)
                rates.theirs.append(theirs)
    rows(town)


def _rate(action: Callable[[list[T]], None], seats: list[T]) -> float:
    start = time.perf_counter()
    action(seats)
    return len(seats) / (time.perf_counter() - start)


def _people(town: Town, number: int) -> list[int]:
    rows = [{"created_at": SUMMER} for _ in range(number)]
    with town.database.transaction() as tx:
        return list(
            tx.execute(insert(tables.persons).returning(tables.persons.c.id), rows).scalars()
        )
