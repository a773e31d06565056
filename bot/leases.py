"""Leases: one program at a time does something; when it ends or dies, another one goes on.

No clocks are compared. Whoever holds a lease counts up in the database; who waits for it takes it
when the count has stood still for long enough, and by then the former holder has stopped by itself.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.outages import PatientDatabase
from bot.store import leases
from bot.store.database import Database, Transaction
from bot.store.leases import Held

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, object]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """How often a holder counts, when it gives up, and when others take over, in seconds.

    Between `stop` and `expiry` lies the time in which the work of a former holder has to end.
    """

    beat: float = 2.0
    stop: float = 4.5
    expiry: float = 6.0
    look: float = 1.0


USUAL = Rhythm()

FREE = Held("", 0)
"""A lease that nobody holds."""


class Lease:
    """The right to do what `name` says; the name is stored and logged, so it must hold no secret.

    `alone` tells that no other program can run on this database: there is nothing to wait for.
    """

    def __init__(
        self,
        database: Database,
        database_thread: Executor,
        name: str,
        *,
        alone: bool = False,
        rhythm: Rhythm = USUAL,
    ) -> None:
        self._database = PatientDatabase(database, database_thread)
        self._name = name
        self._alone = alone
        self._rhythm = rhythm
        self._holder = secrets.token_hex(8)

    async def hold(self, work: Work) -> None:
        """Do the work while the lease is held; wait for it before, and again when it is lost.

        Ends when the work does, with its error if it has one. Outages of the database are survived.
        """
        if self._alone:
            await work()
            return
        try:
            while not await self._work_until_lost(work, await self._acquired()):
                log.info("this program no longer does “%s”", self._name)
        finally:
            await self._database.unless_away(
                lambda tx: leases.release(tx, self._name, self._holder)
            )

    async def _acquired(self) -> float:
        """Wait for the lease; gives a moment at which it was not held by anybody else."""
        clock = asyncio.get_running_loop().time
        seen, since = FREE, clock()
        while True:
            found, now = await self._database.unless_away(self._look), clock()
            if found is not None:
                if found != seen:
                    if self._may_take(seen) and not self._may_take(found):
                        log.info("another program does “%s”; this one stands by", self._name)
                    seen, since = found, now
                is_expired = now - since >= self._rhythm.expiry
                if (self._may_take(found) or is_expired) and await self._taken(found):
                    log.info("this program does “%s” from now on", self._name)
                    return now
            await asyncio.sleep(self._rhythm.look)

    async def _work_until_lost(self, work: Work, held_at: float) -> bool:
        """Do the work; false if it was broken off because the lease was lost."""
        working = asyncio.ensure_future(work())
        keeping = asyncio.create_task(self._keep(held_at))
        try:
            await asyncio.wait({working, keeping}, return_when=asyncio.FIRST_COMPLETED)
            is_done = working.done()
        finally:
            await _end(keeping)
            await _end(working)
        if not keeping.cancelled():
            keeping.result()
        if is_done or not working.cancelled():
            working.result()
        return is_done

    async def _keep(self, held_at: float) -> None:
        """Count, until the lease is lost or nothing could be counted for too long."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self._rhythm.beat)
            is_held = None
            while is_held is None:  # the database is away
                asked = clock()
                try:
                    async with asyncio.timeout_at(held_at + self._rhythm.stop):
                        is_held = await self._database.unless_away(self._beat)
                        if is_held is None:
                            await asyncio.sleep(self._rhythm.look / 4)
                except TimeoutError:
                    return
            if not is_held:
                return
            held_at = asked

    def _may_take(self, found: Held) -> bool:
        return found.holder in {FREE.holder, self._holder}

    def _look(self, tx: Transaction) -> Held:
        return leases.held(tx, self._name) or FREE

    async def _taken(self, found: Held) -> bool:
        seen = None if found == FREE else found
        taken = await self._database.unless_away(
            lambda tx: leases.take(tx, self._name, self._holder, seen)
        )
        return bool(taken)

    def _beat(self, tx: Transaction) -> bool:
        return leases.beat(tx, self._name, self._holder)


async def _end(task: asyncio.Future[T]) -> None:
    """Break a task off, unless it has ended, and wait for its end."""
    task.cancel()
    await asyncio.wait({task})
