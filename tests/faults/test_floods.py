"""Somebody who sends thousands of messages waits behind themselves; nobody else notices."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.dialogue.messages import Incoming, Typed
from bot.intake import Intake
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.faults.plays import found
from tests.town import HOUSE, Town

pytestmark = pytest.mark.slow

FLOOD = 5000
SHOWER = 400
LONGEST_MESSAGE = 4096
MOST_BYTES_EACH = 10_000
"""What one waiting message may take: its own words, and a little more."""


class WatchedTurns(Turns):
    """Turns that remember who was in which batch."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, HOUSE)
        self.batches: list[list[str]] = []

    def take(self, batch: Sequence[Incoming]) -> list[Letter]:
        self.batches.append([incoming.chat for incoming in batch])
        return super().take(batch)


@pytest.mark.parametrize("flood", [SHOWER, pytest.param(FLOOD, marks=pytest.mark.soak)])
async def test_nobody_notices_a_flood(flood: int, sqlite_url: str) -> None:
    found(sqlite_url)
    town = Town(Database(sqlite_url))
    flooder, others = town.citizen("flooder"), [town.citizen(name) for name in ("anna", "bert")]
    turns, sent = WatchedTurns(town.database), list[Letter]()
    met: dict[str, int] = {}
    with ThreadPoolExecutor(max_workers=1) as thread:
        intake = Intake(turns, thread, sent.extend)
        running = asyncio.create_task(intake.run())
        pouring = [
            asyncio.create_task(intake.submit(town.incoming(flooder, Typed("/help"))))
            for _ in range(flood)
        ]
        for number in range(40):
            for other in others:
                before = len(turns.batches)
                await intake.submit(town.incoming(other, Typed("/help")))
                met[f"{other.name} {number}"] = _first(turns.batches, before, other.name)
        await asyncio.gather(*pouring)
        running.cancel()
    town.database.close()

    assert max(met.values()) <= 1, "somebody had to wait for more than the batch that was running"
    assert len(turns.batches) >= flood
    assert sum(batch.count("flooder") for batch in turns.batches) == flood
    assert sum(letter.chat == "flooder" for letter in sent) >= flood


def _first(batches: list[list[str]], start: int, name: str) -> int:
    """Count the batches that went before the one with this citizen."""
    return next(n for n, batch in enumerate(batches[start:]) if name in batch)


async def test_a_message_that_waits_takes_little_more_than_its_words(sqlite_url: str) -> None:
    found(sqlite_url)
    town = Town(Database(sqlite_url))
    flooder = town.citizen("flooder")
    with ThreadPoolExecutor(max_workers=1) as thread:
        intake = Intake(town.turns, thread, lambda _letters: None)  # it does not run
        tracemalloc.start()
        flood = []
        for number in range(FLOOD):
            words = Typed(f"{number:{LONGEST_MESSAGE}}")
            flood.append(asyncio.create_task(intake.submit(town.incoming(flooder, words))))
        await asyncio.sleep(0)
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        for task in flood:
            task.cancel()
        await asyncio.gather(*flood, return_exceptions=True)
    town.database.close()

    assert used < FLOOD * MOST_BYTES_EACH
