"""Delivery: sends what the outbox holds, in order within each chat, and tries again."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot import clock
from bot.store import outbox
from bot.store.database import Database, is_outage
from bot.store.outbox import Letter

T = TypeVar("T")

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a letter belongs to the program that swept it up."""

AHEAD = timedelta(days=2)
"""Further ahead than any letter is leased or put off."""

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sent:
    """The network has taken the letter."""


@dataclass(frozen=True, slots=True)
class Later:
    """The network asks to try again after a while."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Rejected:
    """The network will never take this letter; the reason names no person."""

    reason: str


Attempt = Sent | Later | Rejected


class Sender(Protocol):
    """How one network takes letters."""

    channel: str

    async def send(self, letter: Letter) -> Attempt:
        """Try once to send a letter."""
        ...


class Delivery:
    """Sends the letters of one channel; `chat` limits it to one chat (a terminal)."""

    def __init__(
        self,
        database: Database,
        database_thread: Executor,
        sender: Sender,
        *,
        chat: str | None = None,
    ) -> None:
        self._database = database
        self._thread = database_thread
        self._sender = sender
        self._chat = chat
        self._queues: dict[str, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: list[int] = []
        self._noting = asyncio.Lock()
        self._in_hand: set[int] = set()
        """Letters that are being sent, or have arrived and are not yet noted as such."""

    def post(self, letters: Sequence[Letter]) -> None:
        """Send letters that this program has just written or swept up."""
        for letter in letters:
            if letter.channel != self._sender.channel or self._chat not in {None, letter.chat}:
                continue
            if letter.id in self._in_hand:
                continue  # it was swept up although it is being sent
            self._in_hand.add(letter.id)
            queue = self._queues.get(letter.chat)
            if queue is None:
                self._queues[letter.chat] = deque([letter])
                self._spawn(letter.chat)
            else:
                queue.append(letter)

    async def sweep(self, *, alone: bool = False) -> int:
        """Take up what a crash or another program has left behind; says how many letters.

        `alone` is for the start of the only program on a database: whatever waits is left behind.
        """
        now = clock.now()
        due = now + AHEAD if alone else now

        def claim() -> list[Letter]:
            with self._database.transaction() as tx:
                return outbox.claim(tx, self._sender.channel, due, now + LEASE, chat=self._chat)

        letters = await self._unless_away(claim) or []
        self.post(letters)
        return len(letters)

    async def sent(self) -> None:
        """Wait until everything posted so far is sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def settled(self) -> None:
        """Wait until everything posted so far is sent and noted as sent."""
        await self.sent()
        await self.note()

    async def note(self) -> None:
        """Write down which letters have arrived; returns when all of them are written down."""
        async with self._noting:
            await self._note()

    async def _note(self) -> None:
        arrived, self._arrived = self._arrived, []
        if not arrived:
            return

        def mark() -> None:
            with self._database.transaction() as tx:
                outbox.mark_sent(tx, arrived)

        try:
            await self._in_thread(mark)
        except Exception as error:
            if not is_outage(error):
                raise
            self._arrived.extend(arrived)  # at worst a letter reaches its person twice
        else:
            self._in_hand.difference_update(arrived)

    def _spawn(self, chat: str) -> None:
        task = asyncio.create_task(self._drain(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat: str) -> None:
        queue = self._queues[chat]
        while queue:
            await self._send(queue[0])
            queue.popleft()
        del self._queues[chat]

    async def _send(self, letter: Letter) -> None:
        pause = FIRST_PAUSE
        for _attempt in range(MOST_ATTEMPTS):
            match await self._attempt(letter):
                case Sent():
                    self._arrived.append(letter.id)
                    return
                case Rejected(reason):
                    await self._give_up(letter, reason)
                    return
                case Later(after):
                    wait = max(after, pause)
                    await self._keep(letter, clock.now() + wait + LEASE)
                    await asyncio.sleep(wait.total_seconds())
                    pause = min(2 * pause, LONGEST_PAUSE)
        await self._give_up(letter, "no success after several attempts")

    async def _attempt(self, letter: Letter) -> Attempt:
        try:
            return await self._sender.send(letter)
        except Exception as error:  # noqa: BLE001 (the one place that catches what a network throws)
            log.error("letter %d: %s", letter.id, type(error).__name__)
            return Later(FIRST_PAUSE)

    async def _give_up(self, letter: Letter, reason: str) -> None:
        log.error("letter %d is set aside: %s", letter.id, reason)

        def give_up() -> None:
            with self._database.transaction() as tx:
                outbox.give_up(tx, letter.id, reason)

        try:
            await self._unless_away(give_up)  # otherwise it is swept up and tried once more
        finally:
            self._in_hand.discard(letter.id)

    async def _keep(self, letter: Letter, until: datetime) -> None:
        """See to it that nobody sweeps up a letter while it waits here for the next attempt."""

        def postpone() -> None:
            with self._database.transaction() as tx:
                outbox.postpone(tx, letter.id, until)

        await self._unless_away(postpone)

    async def _unless_away(self, work: Callable[[], T]) -> T | None:
        """Do what can wait as well: if the database is away, nothing happens."""
        try:
            return await self._in_thread(work)
        except Exception as error:
            if not is_outage(error):
                raise
            return None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
