"""A crowd wants the 75 seats of the video conference: first come, first served, to the last one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import pytest

from tests.channels.telegram.serving import environment
from tests.faults.patience import nobody_is_connected
from tests.faults.telegram.crowds import Crowd, announce, nobody_is_oversold
from tests.faults.telegram.programs import Program
from tests.faults.verdicts import Town, nothing_personal_is_in
from tests.telegram import Telegram

pytestmark = pytest.mark.slow

FEW, MANY = 120, 10_000
SECONDS, MINUTE = 1.0, 60.0
MOST_MEGABYTES = 150
"""By how much the memory of the bot may grow, however many come."""

MEGABYTE = 1024 * 1024


@contextmanager
def program(url: str, directory: Path, telegram: Telegram, *, webhook: bool) -> Iterator[Program]:
    """Run the bot for a crowd."""
    announce(url)
    settings = environment(telegram, url, webhook=webhook)
    settings |= {"STADTDIALOG_DATA_DIR": str(directory), "STADTDIALOG_LANGUAGE": "en"}
    running = Program("run", settings, directory / "log")
    running.starts(ready=True)
    try:
        yield running
    finally:
        running.gives_up()


def comes(crowd: Crowd, running: Program, patience_seconds: float) -> dict[str, int]:
    """Let a crowd come; gives figures."""
    before = running.bytes_of_memory
    crowd.comes(patience_seconds)
    crowd.telegram.waits_until_read(60)
    most, after = running.most_bytes_of_memory, running.bytes_of_memory
    assert most - before < MOST_MEGABYTES * MEGABYTE
    running.ends()
    cuts = quantiles(crowd.waits, n=100)
    return {
        "citizens": len(crowd.guests),
        "updates": crowd.updates,
        "seconds": round(crowd.seconds),
        "updates per second": round(crowd.updates / crowd.seconds),
        "ms for half of the answers (p50)": round(1000 * cuts[49]),
        "ms for 99 of 100 (p99)": round(1000 * cuts[98]),
        "MB before": before // MEGABYTE,
        "MB at most": most // MEGABYTE,
        "MB afterwards": after // MEGABYTE,
    }


def is_well(crowd: Crowd, running: Program, url: str) -> None:
    """Look at seats, letters and the log."""
    nobody_is_connected(url)
    nobody_is_oversold(crowd, url)
    assert {row["state"] for row in Town(url).rows("outbox")} == {"sent"}
    nothing_personal_is_in(running.log)
    assert running.log.count("\n") <= 2
    assert crowd.telegram.defects == []


def in_order_of_updates(crowd: Crowd) -> bool:
    """Tell whether arrival numbers follow the order in which Telegram got the final yes."""
    guests = sorted(crowd.guests.values(), key=lambda guest: guest.last_update)
    return all(one.number < other.number for one, other in pairwise(guests))


SIZES = [
    (FEW, SECONDS),
    pytest.param((MANY, MINUTE), marks=pytest.mark.soak),
]


@pytest.mark.parametrize("size", SIZES)
def test_everybody_comes_by_webhook(
    postgres_url: str,
    tmp_path: Path,
    telegram: Telegram,
    figures: dict[str, int],
    size: tuple[int, float],
) -> None:
    people, seconds = size
    crowd = Crowd(telegram, people, seconds)
    with program(postgres_url, tmp_path, telegram, webhook=True) as running:
        figures.update(comes(crowd, running, 60 + 10 * seconds))

    is_well(crowd, running, postgres_url)


@pytest.mark.parametrize("size", SIZES)
def test_everybody_comes_by_polling(
    sqlite_url: str,
    tmp_path: Path,
    telegram: Telegram,
    figures: dict[str, int],
    size: tuple[int, float],
) -> None:
    people, seconds = size
    crowd = Crowd(telegram, people, seconds)
    with program(sqlite_url, tmp_path, telegram, webhook=False) as running:
        time.sleep(0.2)
        figures.update(comes(crowd, running, 60 + 10 * seconds))

    is_well(crowd, running, sqlite_url)
    assert in_order_of_updates(crowd)
