"""How long the program takes from its start to its first answer, and to its end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot import clock
from bot.services.examples import example
from tests.bench.figures import Figure, Subject
from tests.bench.plans import Plan
from tests.bench.stages import DATABASES, Stage
from tests.programs import environment

PATIENCE_SECONDS = 30
CHAT = [str(Path(sys.executable).with_name("stadtdialog")), "chat"]
PASS = [sys.executable, "-c", "pass"]
SQLALCHEMY = [sys.executable, "-c", "import sqlalchemy"]
WORDS = b"/events\n"


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases, which exist already and hold the example events."""
    for command in ([CHAT[0], "--help"], PASS, SQLALCHEMY):
        _timed(command, environment(stage.directory / "data", {}))  # fills the caches
    for database in DATABASES:
        yield from _started(stage, plan, database)


def _started(stage: Stage, plan: Plan, database: str) -> Iterator[Figure]:
    url = stage.url(database)
    stage.town(url).announce(example(clock.now()))
    settings = environment(stage.directory / "data", {"DATABASE_URL": url.replace("+psycopg", "")})
    answers, ends, passes, imports = [], [], [], []
    for _ in range(plan.starts):
        answered, ended = _timed(CHAT, settings)
        answers.append(answered)
        ends.append(ended)
        passes.append(_timed(PASS, settings)[1])
        imports.append(_timed(SQLALCHEMY, settings)[1])
    yield Subject("start to first line, against `pass`", database, "ms").compared(answers, passes)
    yield Subject("start to exit, against `pass`", database, "ms").compared(ends, passes)
    name = "start to first line, against `import sqlalchemy`"
    yield Subject(name, database, "ms").compared(answers, imports)


def _timed(command: list[str], settings: dict[str, str]) -> tuple[float, float]:
    """Give the milliseconds to the first line of output, and to the end."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=settings,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            process.stdin.write(WORDS)
            process.stdin.close()
            first = process.stdout.readline()
            answered = time.perf_counter() - start
            process.stdout.read()
            complaints = process.stderr.read()
            status = process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
    ended = time.perf_counter() - start
    if status != 0 or (command is CHAT and not first):
        raise RuntimeError(f"{command[0]} ended with {status}: {complaints.decode()}")
    return 1000 * answered, 1000 * ended
