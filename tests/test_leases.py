"""One at a time: who holds a lease works, who waits takes over, and never both at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy import select, update

from bot.leases import Lease, Rhythm
from bot.store import leases, schema, tables
from bot.store.database import Database
from bot.store.leases import Held
from tests.faults.fickle import Fickle
from tests.virtual import in_virtual_time

NAME = "telegram 1234"
QUICK = Rhythm(beat=0.02, stop=0.045, expiry=0.06, look=0.01)


class Candidate:
    """A program that wants to work, and notes when it does."""

    def __init__(
        self, database: Database, others: list[Candidate], thread: ThreadPoolExecutor
    ) -> None:
        self.lease = Lease(database, thread, NAME)
        self.others = others
        others.append(self)
        self.is_working = False
        self.spells = 0
        self.begins = asyncio.Event()
        self.ends = asyncio.Event()

    async def work(self) -> None:
        """Work until broken off; at most one works."""
        assert not any(other.is_working for other in self.others), "two work at the same time"
        self.is_working = True
        self.spells += 1
        self.begins.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_working = False
            self.ends.set()


@pytest.fixture
def database(database_url: str) -> Iterator[Fickle]:
    database = Fickle(database_url)
    schema.migrate(database)
    yield database
    database.close()


class Offices:
    """Candidates on one database, each with its own thread, as programs have."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.all: list[Candidate] = []
        self.threads: list[ThreadPoolExecutor] = []
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> tuple[Candidate, asyncio.Task[None]]:
        """Let one more candidate try."""
        self.threads.append(ThreadPoolExecutor(max_workers=1))
        candidate = Candidate(self.database, self.all, self.threads[-1])
        self.tasks.append(asyncio.create_task(candidate.lease.hold(candidate.work)))
        return candidate, self.tasks[-1]


@asynccontextmanager
async def offices(database: Database) -> AsyncIterator[Offices]:
    found = Offices(database)
    try:
        yield found
    finally:
        for task in found.tasks:
            task.cancel()
        await asyncio.gather(*found.tasks, return_exceptions=True)
        for thread in found.threads:
            thread.shutdown()


def now() -> float:
    return asyncio.get_running_loop().time()


@in_virtual_time
async def test_only_one_of_two_works_however_long_it_takes(database: Fickle) -> None:
    async with offices(database) as found:
        one, _ = found.open()
        await one.begins.wait()
        other, _ = found.open()
        await asyncio.sleep(120)

        assert (one.spells, other.spells) == (1, 0)


@in_virtual_time
async def test_who_ends_lets_the_next_one_begin_at_its_next_look(database: Fickle) -> None:
    async with offices(database) as found:
        one, holding = found.open()
        await one.begins.wait()
        other, _ = found.open()
        await asyncio.sleep(30)
        holding.cancel()
        ended = now()
        await other.begins.wait()

        assert now() - ended <= 1.0
        assert not one.is_working


@contextmanager
def unable_to_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let programs end as those do that are killed."""
    with monkeypatch.context() as killed:
        killed.setattr(leases, "release", lambda *_: None)
        yield


@in_virtual_time
async def test_who_is_killed_is_followed_within_ten_seconds(
    database: Fickle, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with offices(database) as found:
        one, holding = found.open()
        await one.begins.wait()
        other, _ = found.open()
        await asyncio.sleep(30)
        with unable_to_release(monkeypatch):
            holding.cancel()
            await asyncio.wait({holding})
        killed = now()
        await other.begins.wait()

        assert 4.0 <= now() - killed <= 10


@in_virtual_time
async def test_who_cannot_count_stops_before_anybody_takes_over(database: Fickle) -> None:
    async with offices(database) as found:
        one, _ = found.open()
        await one.begins.wait()
        other, _ = found.open()
        await asyncio.sleep(30)
        database.before = 1_000_000
        away_since = now()
        await one.ends.wait()
        stopped = now()
        await asyncio.sleep(60)

        assert stopped - away_since <= 4.5
        assert other.spells == 0
        database.before = 0
        await asyncio.sleep(10)
        assert one.is_working != other.is_working


@in_virtual_time
async def test_a_holder_that_others_have_replaced_stops(database: Fickle) -> None:
    async with offices(database) as found:
        one, _ = found.open()
        await one.begins.wait()
        with database.transaction() as tx:
            tx.execute(update(tables.leases).values(holder="somebody else"))
        await one.ends.wait()

        assert now() <= 2.1


@in_virtual_time
async def test_a_program_that_stood_still_stops_when_it_wakes_up(database: Fickle) -> None:
    async with offices(database) as found:
        one, _ = found.open()
        await one.begins.wait()
        await asyncio.sleep(1)
        asyncio.get_running_loop().leap(60)  # type: ignore[attr-defined]
        woken = now()
        await one.ends.wait()

        assert now() - woken <= 2.0


@in_virtual_time
async def test_who_is_alone_begins_at_once_whatever_is_left_in_the_table(database: Fickle) -> None:
    with database.transaction() as tx:
        leases.take(tx, NAME, "a program that was killed", None)
    worked = asyncio.Event()

    async def work() -> None:
        worked.set()

    with ThreadPoolExecutor(max_workers=1) as thread:
        await Lease(database, thread, NAME, alone=True).hold(work)

    assert worked.is_set()
    assert now() == 0


@in_virtual_time
async def test_work_that_ends_ends_the_lease_and_its_error_is_told(database: Fickle) -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with ThreadPoolExecutor(max_workers=1) as thread, pytest.raises(ZeroDivisionError):
        await Lease(database, thread, NAME).hold(work)

    with database.transaction() as tx:
        assert leases.held(tx, NAME) is None


@in_virtual_time
async def test_different_leases_do_not_meet(database: Fickle) -> None:
    with database.transaction() as tx:
        leases.take(tx, "another name", "somebody else", None)
    async with offices(database) as found:
        one, _ = found.open()
        await one.begins.wait()

        assert now() == 0


async def test_it_works_in_real_time_too(database: Fickle) -> None:
    begun = {"one": asyncio.Event(), "other": asyncio.Event()}

    async def work(name: str) -> None:
        begun[name].set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(max_workers=1) as one, ThreadPoolExecutor(max_workers=1) as other:
        holding = asyncio.create_task(Lease(database, one, NAME).hold(lambda: work("one")))
        await asyncio.wait_for(begun["one"].wait(), 10)
        second = Lease(database, other, NAME, rhythm=QUICK)
        waiting = asyncio.create_task(second.hold(lambda: work("other")))
        await asyncio.sleep(0)
        holding.cancel()
        await asyncio.wait_for(begun["other"].wait(), 10)
        waiting.cancel()
        await asyncio.gather(holding, waiting, return_exceptions=True)

    assert holding.cancelled()


def test_of_two_who_saw_the_same_only_one_takes_over(database: Fickle) -> None:
    with database.transaction() as tx:
        leases.take(tx, NAME, "dead", None)
    seen = Held("dead", 0)
    with database.transaction() as tx:
        assert leases.held(tx, NAME) == seen
        assert leases.take(tx, NAME, "one", seen)
        assert not leases.take(tx, NAME, "other", seen)
        assert not leases.take(tx, NAME, "other", None)
        assert tx.execute(select(tables.leases.c.holder)).scalars().all() == ["one"]
