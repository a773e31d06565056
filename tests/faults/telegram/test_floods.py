"""One person sends thousands of messages: the others do not notice, and the bot does not grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest

from tests.faults.patience import PATIENCE_SECONDS
from tests.faults.telegram.fates import PEOPLE, Fate, at_the_mercy
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

SHOWER, FLOOD, PORTION = 1_000, 5_000, 50
HEARD, PER_SECOND, ANSWERS = 60, 1, 2
"""So many messages are heard; each is answered by help and the question before."""

TOLD = "more than I can read at once"
CALM_UPDATES = 100
MOST_MEGABYTES = 100
MEGABYTE = 1024 * 1024


def pour(flooder: Phone, flood: int) -> threading.Thread:
    """Send everything within a second or two, in a thread of its own."""
    pause = threading.Event()

    def send() -> None:
        for number in range(flood):
            flooder.types("/help")
            if number % PORTION == 0:
                pause.wait(0.01)

    thread = threading.Thread(target=send, name="flood")
    thread.start()
    return thread


@pytest.fixture
def fate(sqlite_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool) -> Iterator[Fate]:
    """Give a town whose citizens wait for an answer before they go on."""
    telegram.checks = False
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=webhook)) as fate:
        fate.square.manners.bursts = False
        yield fate


@pytest.mark.parametrize("flood", [SHOWER, pytest.param(FLOOD, marks=pytest.mark.soak)])
def test_nobody_notices_a_flood(fate: Fate, flood: int, figures: dict[str, int]) -> None:
    telegram = fate.square.telegram
    (program,) = fate.programs
    program.starts(ready=True)
    fate.plays(until=lambda: fate.square.said > CALM_UPDATES)
    calm, before = fate.square.latest_waits(), program.bytes_of_memory
    flooder, began = telegram.person("flooder", "en").starts(), time.monotonic()
    begun = len(telegram.calls.of("sendMessage"))
    pouring = pour(flooder, flood)
    fate.plays(until=lambda: told(telegram, flooder) > 0)
    pouring.join(PATIENCE_SECONDS)
    flooded, seconds = fate.square.latest_waits(), time.monotonic() - began
    fate.finishes(seconds=HEARD * ANSWERS * 2)
    grown = program.most_bytes_of_memory - before
    program.ends()

    sent = telegram.calls.of("sendMessage", status=200)[begun:]
    moment = next(number for number, call in enumerate(sent) if TOLD in call.parameters["text"])
    others = {call.chat for call in sent[:moment]} - {str(flooder.id)}
    assert len(others) >= PEOPLE  # before the flooder was told
    assert told(telegram, flooder) == 1
    answers = [call for call in sent if call.chat == str(flooder.id)]
    assert len(answers) <= ANSWERS * (1 + HEARD + PER_SECOND * seconds)
    assert grown < MOST_MEGABYTES * MEGABYTE
    for name, some in (("calm", calm), ("flooded", flooded)):
        cuts = quantiles(some, n=100)
        figures[f"ms p50 {name}"] = round(1000 * cuts[49])
        figures[f"ms p99 {name}"] = round(1000 * cuts[98])
    figures["MB more"] = grown // MEGABYTE


def told(telegram: Telegram, flooder: Phone) -> int:
    """Count how often somebody was told that this is too much."""
    calls = telegram.calls.of("sendMessage", chat=flooder.id, status=200)
    return sum(TOLD in call.parameters["text"] for call in calls)
