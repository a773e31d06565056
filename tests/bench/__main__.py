"""`make bench`: measure, print the table, and write it for programs."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import psycopg

from tests.bench import (
    confirmations,
    launches,
    matrix_backlogs,
    matrix_rounds,
    sends,
    starts,
    steps,
    updates,
    webhooks,
)
from tests.bench.figures import Figure, table
from tests.bench.plans import FULL, QUICK, Plan
from tests.bench.stages import Stage, staged, sync_milliseconds

PARTS: dict[str, Callable[[Stage, Plan], Iterator[Figure]]] = {
    "confirmations": confirmations.figures,
    "start": starts.figures,
    "updates": updates.figures,
    "sends": sends.figures,
    "webhooks": webhooks.figures,
    "launches": launches.figures,
    "rounds": matrix_rounds.figures,
    "backlogs": matrix_backlogs.figures,
}
NAMES = ["steps", "gain", *PARTS]


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), help="How often everything is repeated.")
@click.option("--quick", is_flag=True, help="Measure little, to see that it works.")
@click.option(
    "--only", "names", type=click.Choice(NAMES), multiple=True, help="Measure this part alone."
)
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write everything into this file as well.",
)
def main(rounds: int | None, names: Sequence[str], file: Path | None, *, quick: bool) -> None:
    """Measure the program beside references, in turn with them, and print medians."""
    plan = QUICK if quick else FULL
    if rounds is not None:
        plan = replace(plan, rounds=rounds, starts=rounds)
    begun = time.monotonic()
    with staged() as stage:
        machine = _machine(stage)
        click.echo(", ".join(f"{name} {value}" for name, value in machine.items()))
        figures = list(_measured(stage, plan, names or NAMES))
    click.echo(f"{plan.rounds} rounds, {time.monotonic() - begun:.0f} s\n\n{table(figures)}")
    if file is not None:
        records = {"machine": machine, "figures": [figure.record() for figure in figures]}
        file.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def _measured(stage: Stage, plan: Plan, names: Sequence[str]) -> Iterator[Figure]:
    if "steps" in names or "gain" in names:
        yield from steps.figures(stage, plan, names)
    for name, measure in PARTS.items():
        if name in names:
            yield from measure(stage, plan)


def _machine(stage: Stage) -> dict[str, Any]:
    with stage.server.connect() as connection:
        postgresql = connection.info.server_version // 10_000
    return {
        "cores": os.cpu_count(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": postgresql,
        "psycopg": psycopg.__version__,
        "fdatasync (ms)": round(sync_milliseconds(stage.directory), 3),
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
