"""Where messages wait: fair batches, nothing acknowledged before it is committed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.exc import OperationalError

from bot.dialogue.messages import Incoming, Typed
from bot.intake import LARGEST_BATCH, Intake
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.town import Town


class WatchedTurns(Turns):
    """Turns that remember their batches, and whose database fails as often as it is told to."""

    def watch(self, outages: int = 0) -> None:
        self.batches: list[list[str]] = []
        self.outages = outages

    def take(self, batch: Sequence[Incoming]) -> list[Letter]:
        if self.outages:
            self.outages -= 1
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError("insert", {}, full)
        self.batches.append([incoming.chat for incoming in batch])
        return super().take(batch)


@asynccontextmanager
async def open_intake(
    town: Town, outages: int = 0
) -> AsyncIterator[tuple[Intake, WatchedTurns, list[Letter]]]:
    turns = WatchedTurns(town.database, town.house, lambda: town.now)
    turns.watch(outages)
    sent: list[Letter] = []
    with ThreadPoolExecutor(max_workers=1) as thread:
        intake = Intake(turns, thread, sent.extend)
        running = asyncio.create_task(intake.run())
        try:
            yield intake, turns, sent
        finally:
            running.cancel()


def help_for(town: Town, name: str, text: str = "/help") -> Incoming:
    return town.incoming(town.citizen(name), Typed(text))


async def test_a_message_is_acknowledged_after_its_letters_are_committed(town: Town) -> None:
    async with open_intake(town) as (intake, turns, sent):
        await intake.submit(help_for(town, "anna"))

        assert turns.batches == [["anna"]]
        assert [letter.chat for letter in sent] == ["anna"]


async def test_what_waits_is_carried_out_as_one_batch(town: Town) -> None:
    async with open_intake(town) as (intake, turns, _sent):
        names = [f"citizen {number}" for number in range(40)]
        await asyncio.gather(*(intake.submit(help_for(town, name)) for name in names))

        assert turns.batches == [names]


async def test_a_batch_has_its_limit(town: Town) -> None:
    async with open_intake(town) as (intake, turns, _sent):
        names = [f"citizen {number}" for number in range(LARGEST_BATCH + 5)]
        await asyncio.gather(*(intake.submit(help_for(town, name)) for name in names))

        assert [len(batch) for batch in turns.batches] == [LARGEST_BATCH, 5]


async def test_somebody_who_writes_a_lot_waits_behind_themselves(town: Town) -> None:
    async with open_intake(town) as (intake, turns, _sent):
        flood = [intake.submit(help_for(town, "flooder")) for _ in range(20)]
        await asyncio.gather(*flood, intake.submit(help_for(town, "anna")))

        assert turns.batches == [["flooder", "anna"], *[["flooder"]] * 19]


async def test_messages_of_one_chat_keep_their_order(town: Town) -> None:
    async with open_intake(town) as (intake, _turns, sent):
        words = ["/register auftakt", "1", "1", "Anna Beispiel"]
        await asyncio.gather(*(intake.submit(help_for(town, "anna", word)) for word in words))

        assert "For whom are you coming?" in sent[-1].payload["text"]


async def test_while_the_database_is_away_messages_wait_and_nothing_is_lost(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_intake(town, outages=3) as (intake, _turns, sent):
        await asyncio.wait_for(intake.submit(help_for(town, "anna")), timeout=10)

        assert [letter.chat for letter in sent] == ["anna"]
        assert caplog.text.count("the database does not answer") == 1


async def test_somebody_who_hangs_up_while_waiting_holds_up_nobody(town: Town) -> None:
    async with open_intake(town) as (intake, _turns, sent):
        impatient = asyncio.create_task(intake.submit(help_for(town, "impatient")))
        await asyncio.sleep(0)
        impatient.cancel()
        await intake.submit(help_for(town, "anna"))

        assert {letter.chat for letter in sent} == {"impatient", "anna"}
