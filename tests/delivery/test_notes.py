"""What the outbox says of letters in hand: noted soon and together, kept, and left in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot import clock
from bot.delivery import Away, Later, Sent
from bot.delivery.records import LEASE
from bot.store import outbox, tables
from bot.store.database import Database, Transaction
from tests.delivery.posts import (
    MORNING,
    Postbox,
    leases_end,
    open_delivery,
    states,
    stored,
    written,
)
from tests.town import Town
from tests.virtual import in_virtual_time


class Counting(Database):
    """A database that counts its transactions."""

    transactions = 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        type(self).transactions += 1
        with super().transaction() as tx:
            yield tx


@pytest.fixture
def counting(town: Town) -> Counting:
    """Let every transaction of the delivery be counted."""
    Counting.transactions = 0
    counting = Counting.__new__(Counting)
    counting.__dict__ = town.database.__dict__
    return counting


@pytest.fixture(autouse=True)
def clock_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock go with virtual time, so that leases do."""

    def now() -> object:
        try:
            seconds = asyncio.get_running_loop().time()
        except RuntimeError:
            seconds = now.last  # type: ignore[attr-defined]  # in a thread it stands still
        now.last = seconds  # type: ignore[attr-defined]
        return MORNING + timedelta(seconds=seconds)

    now.last = 0.0  # type: ignore[attr-defined]
    monkeypatch.setattr(clock, "now", now)


def crowd(size: int) -> list[str]:
    return [f"citizen {number}" for number in range(size)]


@in_virtual_time
async def test_arrivals_are_noted_soon_and_together(town: Town, counting: Counting) -> None:
    letters = written(town, crowd(500))
    postbox = Postbox(seconds=0.001)
    async with open_delivery(counting, postbox, running=True) as delivery:
        delivery.post(letters)
        await delivery.sent()
        await asyncio.sleep(0.06)

        assert set(states(town)) == {"sent"}
        assert counting.transactions <= 3


@in_virtual_time
async def test_whoever_has_nothing_to_do_writes_nothing(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.deliveries.LOOK_SECONDS", 1e9)
    async with open_delivery(counting, Postbox(), running=True):
        await asyncio.sleep(3600)

        assert counting.transactions == 0


@in_virtual_time
async def test_what_others_leave_behind_is_swept_up(town: Town) -> None:
    postbox = Postbox()
    async with open_delivery(town.database, postbox, running=True):
        written(town, crowd(350))
        leases_end(town)
        await asyncio.sleep(5)

        assert len(postbox.taken) == 350


@pytest.mark.slow
@in_virtual_time
async def test_letters_in_hand_are_swept_up_by_nobody_during_an_hour_long_outage(
    town: Town,
) -> None:
    letters = written(town, crowd(2000))
    mine, theirs = Postbox(rule=lambda _: Away("ConnectError")), Postbox()
    async with (
        open_delivery(town.database, mine, running=True) as delivery,
        open_delivery(town.database, theirs) as other,
    ):
        delivery.post(letters)
        for _ in range(60):
            await asyncio.sleep(60)
            assert await other.sweep() == 0

        mine.rule = lambda _: Sent()
        await delivery.settled()
        assert len(mine.taken) == 2000


@pytest.mark.slow
@in_virtual_time
async def test_ten_thousand_letters_keep_their_lease_in_a_few_statements(
    town: Town, counting: Counting
) -> None:
    letters = written(town, crowd(10_000))
    postbox = Postbox(rule=lambda _: Away("ConnectError"))
    async with open_delivery(counting, postbox, running=True) as delivery:
        delivery.post(letters)
        await asyncio.sleep(LEASE.total_seconds() / 3 + 0.01)

        assert counting.transactions <= 10
        due = clock.now() + LEASE - timedelta(seconds=1)
        assert all(row["not_before"] > due for row in stored(town))


@in_virtual_time
async def test_a_letter_that_is_owed_no_more_is_not_sent_from_memory(town: Town) -> None:
    letters = written(town, ["anna", "bert"])
    postbox = Postbox(rule=lambda _: Away("ConnectError"))
    async with open_delivery(town.database, postbox, running=True) as delivery:
        delivery.post(letters)
        with town.database.transaction() as tx:  # as "Forget me" does
            tx.execute(delete(tables.outbox).where(tables.outbox.c.chat == "anna"))
        await asyncio.sleep(120)
        postbox.rule = lambda _: Sent()
        await delivery.settled()

    assert [letter.chat for letter in postbox.taken] == ["bert"]


class TestTheEnd:
    @in_virtual_time
    async def test_what_is_being_sent_is_finished_and_noted(self, town: Town) -> None:
        letters = written(town, crowd(64))
        postbox = Postbox(seconds=2)
        async with open_delivery(town.database, postbox) as delivery:
            delivery.post(letters)
            await asyncio.sleep(1)
            await delivery.stop(10)

            assert set(states(town)) == {"sent"}
            assert asyncio.get_running_loop().time() == 2

    @in_virtual_time
    async def test_what_takes_too_long_and_what_remains_is_left_to_others_at_once(
        self, town: Town
    ) -> None:
        letters = written(town, crowd(100))
        mine, theirs = Postbox(seconds=60), Postbox()
        async with (
            open_delivery(town.database, mine) as delivery,
            open_delivery(town.database, theirs) as other,
        ):
            delivery.post(letters)
            await asyncio.sleep(1)
            await delivery.stop(5)
            assert asyncio.get_running_loop().time() == 6

            assert await other.sweep() == 100
            await other.sent()
            assert (len(mine.taken), len(theirs.taken)) == (0, 100)

    @in_virtual_time
    async def test_whatever_goes_on_at_the_end_takes_nothing_back(self, town: Town) -> None:
        letters = written(town, crowd(50))
        mine, theirs = Postbox(seconds=600), Postbox()
        async with (
            open_delivery(town.database, mine, running=True) as delivery,
            open_delivery(town.database, theirs) as other,
        ):
            delivery.post(letters)
            written(town, crowd(20))
            leases_end(town)
            await asyncio.sleep(25)
            await delivery.stop(1)
            written(town, crowd(30))
            leases_end(town)
            await asyncio.sleep(30)

            assert await other.sweep() == 100

    @in_virtual_time
    async def test_replies_go_out_first_and_bulk_letters_stay(self, town: Town) -> None:
        bulk = written(town, crowd(1000), bulk=True)
        replies = written(town, ["anna", "anna", "anna"])
        postbox = Postbox(seconds=0.5)
        async with open_delivery(town.database, postbox) as delivery:
            delivery.post([*bulk, *replies])
            await asyncio.sleep(0.1)
            await delivery.stop(10)

            taken = {letter.id for letter in postbox.taken}
            assert {letter.id for letter in replies} <= taken
            assert len(taken) < 20
            with town.database.transaction() as tx:
                now = clock.now()
                assert len(outbox.claim(tx, "terminal", now, now + LEASE)) == 100

    @in_virtual_time
    async def test_nothing_is_sent_after_the_end(self, town: Town) -> None:
        first, second, third = written(town, ["anna", "anna", "bert"])
        postbox = Postbox(Later(timedelta(seconds=5)))
        async with open_delivery(town.database, postbox) as delivery:
            delivery.post([first, second])
            await asyncio.sleep(1)
            await delivery.stop(1)
            delivery.post([third])
            await asyncio.sleep(60)

            assert postbox.taken == []
