"""What waits for a picture that has to be fetched first: kept, and carried out chat by chat.

The network need not wait for it meanwhile, and so nobody else does. What a program leaves behind is
taken up by the next one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot import clock
from bot.outages import PatientDatabase
from bot.store import postponed
from bot.store.postponed import Postponed

LEFT_BEHIND = timedelta(minutes=2)
"""After this long, another program may take up what was not carried out."""

LOOK_SECONDS = 60.0

CarryOut = Callable[[Postponed, int], Awaitable[None]]
"""Carries a message out; it was begun so many times, this time included."""


@dataclass
class _Waiting:
    what: Postponed
    is_kept: asyncio.Event = field(default_factory=asyncio.Event)


class Postponing:
    """The messages of one channel that wait, each behind the others of its chat."""

    def __init__(self, channel: str, database: PatientDatabase, carry_out: CarryOut) -> None:
        self._channel = channel
        self._database = database
        self._carry_out = carry_out
        self._chats: dict[str, deque[_Waiting]] = {}
        self._in_hand: set[str] = set()
        self._workers: set[asyncio.Task[None]] = set()
        self._failure: asyncio.Future[None] | None = None
        self._is_ended = False

    def holds(self, chat: str) -> bool:
        """Tell whether something of a chat waits, so that what comes now waits behind it."""
        return chat in self._chats

    async def keep(self, what: Postponed) -> None:
        """Keep a message; when this returns, it is not lost any more."""
        waiting = self._line_up(what)
        await self._database.insist(lambda tx: postponed.keep(tx, what, clock.now()))
        if waiting is not None:
            waiting.is_kept.set()

    async def run(self, *, alone: bool) -> None:
        """Take up what was left behind, until cancelled; `alone` on a database, all of it at once.

        Raises what a message has raised, and breaks off whatever is under way in the end.
        """
        failure = self._failure = asyncio.get_running_loop().create_future()
        try:
            await self._take_up(timedelta() if alone else LEFT_BEHIND)
            while not failure.done():
                await asyncio.wait({failure}, timeout=LOOK_SECONDS)
                await self._take_up(LEFT_BEHIND)
            failure.result()
        finally:
            self._is_ended = True
            workers = list(self._workers)
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _take_up(self, age: timedelta) -> None:
        before = clock.now() - age
        for what in await self._database.insist(
            partial(postponed.left_behind, channel=self._channel, before=before)
        ):
            if (waiting := self._line_up(what)) is not None:
                waiting.is_kept.set()

    def _line_up(self, what: Postponed) -> _Waiting | None:
        """Put a message behind the others of its chat, unless it is in hand already."""
        if self._is_ended or what.update_id in self._in_hand:
            return None
        self._in_hand.add(what.update_id)
        waiting = _Waiting(what)
        if what.chat in self._chats:
            self._chats[what.chat].append(waiting)
        else:
            self._chats[what.chat] = deque([waiting])
            worker = asyncio.create_task(self._work(what.chat))
            self._workers.add(worker)
            worker.add_done_callback(self._ended)
        return waiting

    async def _work(self, chat: str) -> None:
        waiting = self._chats[chat]
        while waiting:
            what = waiting[0].what
            await waiting[0].is_kept.wait()
            attempts = await self._database.insist(partial(postponed.begin, what=what))
            if attempts is not None:  # otherwise its person was forgotten
                await self._carry_out(what, attempts)
                await self._database.insist(partial(postponed.drop, what=what))
            waiting.popleft()
            self._in_hand.discard(what.update_id)
        del self._chats[chat]

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        error = None if worker.cancelled() else worker.exception()
        if error is not None and self._failure is not None and not self._failure.done():
            self._failure.set_exception(error)
