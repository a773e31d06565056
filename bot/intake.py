"""Where messages wait: gathers them into batches and keeps trying while the database is away."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from bot.dialogue.messages import Incoming
from bot.store.database import is_outage
from bot.store.outbox import Letter
from bot.turns import Turns

log = logging.getLogger(__name__)

LARGEST_BATCH = 128
"""More messages in one transaction make it longer, but hardly faster."""

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(slots=True)
class _Waiting:
    incoming: Incoming
    committed: asyncio.Future[None]


class Intake:
    """Takes messages from channels; `submit` returns when a message is safely committed.

    A batch holds at most one message of each chat: whoever writes a lot waits behind oneself,
    not in front of others.
    """

    def __init__(
        self,
        turns: Turns,
        database_thread: Executor,
        deliver: Callable[[Sequence[Letter]], None],
    ) -> None:
        self._turns = turns
        self._thread = database_thread
        self._deliver = deliver
        self._chats: dict[tuple[str, str], deque[_Waiting]] = {}
        self._arrival = asyncio.Event()

    async def submit(self, incoming: Incoming) -> None:
        """Hand in a message and wait until what it led to is committed."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        chat = (incoming.channel, incoming.chat)
        self._chats.setdefault(chat, deque()).append(_Waiting(incoming, committed))
        self._arrival.set()
        await committed

    async def run(self) -> None:
        """Work through what arrives, until cancelled."""
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            while batch := self._next_batch():
                await self._carry_out(batch)

    def _next_batch(self) -> list[_Waiting]:
        batch = []
        for chat in list(self._chats)[:LARGEST_BATCH]:
            waiting = self._chats.pop(chat)
            batch.append(waiting.popleft())
            if waiting:
                self._chats[chat] = waiting  # behind everybody else
        return batch

    async def _carry_out(self, batch: list[_Waiting]) -> None:
        letters = await self._until_committed([waiting.incoming for waiting in batch])
        self._deliver(letters)
        for waiting in batch:
            if not waiting.committed.done():
                waiting.committed.set_result(None)

    async def _until_committed(self, batch: list[Incoming]) -> list[Letter]:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await loop.run_in_executor(self._thread, self._turns.take, batch)
            except Exception as error:
                if not is_outage(error):
                    raise
                if pause == FIRST_PAUSE_SECONDS:
                    log.error("the database does not answer (%s); trying on", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
