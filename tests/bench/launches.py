"""How long the bot takes from its start to its first answer on Telegram, and its memory at rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.figures import Figure, Goal, Subject
from tests.bench.plans import Plan
from tests.bench.programs import ECHO, RUN, Process, megabytes, started
from tests.bench.stages import DATABASES, Stage
from tests.telegram import Telegram, running

MEMORY = Goal(100, is_upper=True, of="MB")
PATIENCE_SECONDS = 60


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases; somebody has written before the bot starts."""
    with running() as telegram:
        telegram.checks = False
        for database in DATABASES:
            url = stage.ahead(database)[0].replace("+psycopg", "")
            ours, theirs = list[tuple[float, float]](), list[tuple[float, float]]()
            for number in range(1 + plan.starts):
                for command, kept in ((RUN, ours), (ECHO, theirs)):
                    with _launched(stage, telegram, command, url) as (took, process):
                        time.sleep(plan.rest_seconds)
                        found = took, megabytes(process)
                    if number:  # the first fills the caches
                        kept.append(found)
            answers = Subject("Telegram, start to first answer, against an echo", database, "ms")
            yield answers.compared([took for took, _ in ours], [took for took, _ in theirs])
            name = "Telegram, memory at rest, against an echo"
            memory = Subject(name, database, "MB", MEMORY)
            yield memory.compared([memory for _, memory in ours], [memory for _, memory in theirs])


@contextmanager
def _launched(
    stage: Stage, telegram: Telegram, command: tuple[str, ...], url: str
) -> Iterator[tuple[float, Process]]:
    """Start a bot to which somebody has written; gives the milliseconds to the answer, and it."""
    settings = {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "DATABASE_URL": url,
    }
    anna = telegram.person("anna")
    with telegram.records.changed:
        telegram.records.private_chat(telegram.bot, anna.person)
    anna.reads()
    anna.types("/help")
    start = time.perf_counter()
    with started(command, stage.directory, settings) as process:
        anna.waits_for(lambda shown: shown.from_bot, PATIENCE_SECONDS)
        yield 1000 * (time.perf_counter() - start), process
