"""Outages of the database: what must not be dropped is tried again, what can wait is left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TypeVar

from bot.store.database import Database, Transaction, is_outage

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 5.0

LONG_SECONDS = 5.0
"""So long nothing takes that is well, but for the clean-up at night."""

LOOK_SECONDS = 1.0


async def insist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try something until the database is not away while it is done; says once that it waits."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not is_outage(error):
                raise
            if pause == FIRST_PAUSE_SECONDS:
                log.error("the database does not answer (%s); trying on", type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def notice_hangs(thread: Executor) -> None:
    """Say once when the thread of the database has been busy for long, until cancelled.

    A server that hangs raises nothing: whoever waits for it learns nothing either.
    """
    loop = asyncio.get_running_loop()
    while True:
        turn = loop.run_in_executor(thread, lambda: None)
        await asyncio.wait({turn}, timeout=LONG_SECONDS)
        if not turn.done():
            log.error("the database has been busy for %d seconds; messages wait", LONG_SECONDS)
            await turn
            log.warning("the database works again")
        await asyncio.sleep(LOOK_SECONDS)


class PatientDatabase:
    """A database with the one thread in which this program uses it."""

    def __init__(self, database: Database, thread: Executor) -> None:
        self._database = database
        self._thread = thread

    async def insist(self, work: Callable[[Transaction], T]) -> T:
        """Do something in a transaction; while the database is away, wait and try again."""
        return await insist(lambda: self.once(work))

    async def unless_away(self, work: Callable[[Transaction], T]) -> T | None:
        """Do something in a transaction; if the database is away, nothing happens: None."""
        try:
            return await self.once(work)
        except Exception as error:
            if not is_outage(error):
                raise
            return None

    async def once(self, work: Callable[[Transaction], T]) -> T:
        """Do something in a transaction; raises what `is_outage` recognises."""

        def transact() -> T:
            with self._database.transaction() as tx:
                return work(tx)

        return await asyncio.get_running_loop().run_in_executor(self._thread, transact)
