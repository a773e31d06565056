"""Where messages wait: fair batches, nothing acknowledged before it is committed."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.exc import OperationalError

from bot import intake as intakes
from bot import outages
from bot.dialogue.messages import Incoming, Typed
from bot.intake import (
    LARGEST_BATCH,
    PICTURES,
    TOO_MANY_PICTURES,
    Allowance,
    Floods,
    Intake,
)
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.town import Town
from tests.virtual import in_virtual_time


class WatchedTurns(Turns):
    """Turns that remember their batches, and whose database fails as often as it is told to."""

    def watch(self, outages: int = 0) -> None:
        self.batches: list[list[str]] = []
        self.outages = outages
        self.hangs: threading.Event | None = None

    def take(self, batch: Sequence[Incoming]) -> list[Letter]:
        if self.hangs is not None:
            self.hangs.wait(10)
        if self.outages:
            self.outages -= 1
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError("insert", {}, full)
        self.batches.append([incoming.chat for incoming in batch])
        return super().take(batch)


@asynccontextmanager
async def open_intake(
    town: Town, outages: int = 0, allowance: Allowance | None = None
) -> AsyncIterator[tuple[Intake, WatchedTurns, list[Letter]]]:
    turns = WatchedTurns(town.database, town.house, lambda: town.now)
    turns.watch(outages)
    sent: list[Letter] = []
    with ThreadPoolExecutor(max_workers=1) as thread:
        intake = Intake(turns, thread, sent.extend, allowance=allowance)
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


async def test_what_is_accepted_in_order_is_carried_out_in_order(town: Town) -> None:
    async with open_intake(town) as (intake, _turns, sent):
        words = ["/register auftakt", "1", "1", "Anna Beispiel"]
        committed = [intake.accept(help_for(town, "anna", word)) for word in words]
        await asyncio.gather(*reversed(committed))

        assert "For whom are you coming?" in sent[-1].payload["text"]


async def test_at_the_end_what_was_accepted_is_finished_and_nothing_else_is_taken(
    town: Town,
) -> None:
    async with open_intake(town) as (intake, turns, sent):
        accepted = [intake.accept(help_for(town, "anna")) for _ in range(5)]
        stopping = asyncio.create_task(intake.stop())
        await asyncio.sleep(0)
        late = intake.accept(help_for(town, "bert"))
        await stopping

        assert all(future.done() for future in accepted)
        assert late.cancelled()
        assert len(turns.batches) == len(sent) == 5


async def test_an_idle_intake_ends_at_once(town: Town) -> None:
    async with open_intake(town) as (intake, _turns, _sent):
        await intake.submit(help_for(town, "anna"))
        await asyncio.wait_for(intake.stop(), 10)


class TestFloods:
    @pytest.mark.slow
    @in_virtual_time
    async def test_whoever_floods_is_told_once_and_others_are_answered_meanwhile(
        self, town: Town
    ) -> None:
        async with open_intake(town, allowance=Allowance()) as (intake, turns, sent):
            flood = [intake.accept(help_for(town, "flooder")) for _ in range(5000)]
            await intake.submit(help_for(town, "anna"))
            assert len(turns.batches) <= 2
            await asyncio.gather(*flood)

            told = [letter.payload["text"] for letter in sent if letter.chat == "flooder"]
            assert len([text for text in told if "more than I can read at once" in text]) == 1
            assert "more than I can read at once" in told[-1]
            assert sum("flooder" in batch for batch in turns.batches) == 201

    @pytest.mark.slow
    @in_virtual_time
    async def test_after_a_pause_everybody_is_heard_again(self, town: Town) -> None:
        async with open_intake(town, allowance=Allowance()) as (intake, turns, sent):
            await asyncio.gather(*(intake.accept(help_for(town, "anna")) for _ in range(300)))
            await asyncio.sleep(99)
            await intake.submit(help_for(town, "anna"))
            assert len(turns.batches) == 201
            await asyncio.sleep(1)
            await intake.submit(help_for(town, "anna"))

            assert len(turns.batches) == 202
            assert "more than I can read at once" not in sent[-1].payload["text"]

    @pytest.mark.slow
    @in_virtual_time
    async def test_whoever_writes_fast_but_not_too_fast_is_always_heard(self, town: Town) -> None:
        async with open_intake(town, allowance=Allowance(at_once=20)) as (intake, turns, _sent):
            for _ in range(100):
                await intake.submit(help_for(town, "anna"))
                await asyncio.sleep(0.5)

            assert len(turns.batches) == 100

    @pytest.mark.slow
    @in_virtual_time
    async def test_without_an_allowance_everything_is_read(self, town: Town) -> None:
        async with open_intake(town) as (intake, turns, _sent):
            await asyncio.gather(*(intake.accept(help_for(town, "anna")) for _ in range(300)))

            assert len(turns.batches) == 300

    def test_only_those_who_wrote_lately_are_remembered(self) -> None:
        floods = Floods(Allowance(at_once=10, per_second=2))
        for number in range(10_000):
            floods.judge(("telegram", f"citizen {number}"), now=number / 10)

        assert len(floods) <= 51


@in_virtual_time
async def test_who_sends_very_many_pictures_is_told_once_and_none_is_fetched_meanwhile(
    town: Town,
) -> None:
    async with open_intake(town) as (intake, _turns, _sent):
        anna, bert = ("terminal", "anna"), ("terminal", "bert")
        admitted = [intake.admit(anna, "picture", is_picture=True) for _ in range(50)]

        assert admitted[: PICTURES.at_once] == ["picture"] * PICTURES.at_once
        assert admitted[PICTURES.at_once] == TOO_MANY_PICTURES
        assert admitted[PICTURES.at_once + 1 :] == [None] * (49 - PICTURES.at_once)
        assert intake.admit(bert, "picture", is_picture=True) == "picture"
        assert intake.admit(anna, "words") == "words"
        await asyncio.sleep(301)
        assert intake.admit(anna, "picture", is_picture=True) == "picture"


async def test_while_the_database_hangs_everybody_who_waits_is_told_so_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "LONG_SECONDS", 0.2)
    told: list[str] = []
    hangs = threading.Event()
    async with open_intake(town) as (intake, turns, _sent):
        intake.reassure = lambda incoming: told.append(incoming.chat)
        turns.hangs = hangs
        first = intake.accept(help_for(town, "anna"))
        await asyncio.sleep(0.1)
        at_first = list(told)
        await asyncio.sleep(0.5)
        then = list(told)
        others = [intake.accept(help_for(town, name)) for name in ("bert", "bert", "anna")]
        hangs.set()
        await asyncio.gather(first, *others)

    assert (at_first, then, told) == ([], ["anna"], ["anna", "bert"])


async def test_a_database_that_hangs_is_said_in_the_log_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "LONG_SECONDS", 0.1)
    monkeypatch.setattr(outages, "LOOK_SECONDS", 0.01)
    hangs = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as thread:
        watching = asyncio.create_task(outages.notice_hangs(thread))
        busy = thread.submit(hangs.wait, 10)
        await asyncio.sleep(0.5)
        said = [record.getMessage() for record in caplog.records]
        hangs.set()
        busy.result(10)
        await asyncio.sleep(0.2)
        watching.cancel()

    assert said == ["the database has been busy for 0 seconds; messages wait"]
    assert caplog.records[-1].getMessage() == "the database works again"
    assert len(caplog.records) == 2
