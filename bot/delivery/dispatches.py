"""The dispatch of letters: which one goes when, and what becomes of it. Knows no database."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

from bot.delivery.attempts import Attempt, Away, Gone, Later, Rejected, Sender, Sent
from bot.delivery.gates import Gate
from bot.delivery.paces import ChatLimit, ChatPaces, Pace, pause
from bot.delivery.queues import Queues
from bot.delivery.records import Records
from bot.store.database import is_damage
from bot.store.outbox import Letter

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
"""How often a letter may fail through its own fault."""

DAMAGE_LASTS = timedelta(minutes=1)
"""How long a letter waits that could not be sent because the database is damaged."""

SHORTEST_PAUSE_SECONDS = 0.05
"""Even if a network asks to wait for no time at all."""


@dataclass(frozen=True)
class Limits:
    """How many letters are sent at once, and how many in a second: of bulk, and to one chat."""

    in_flight: int = 64
    bulk_per_second: float = 25.0
    chat: ChatLimit | None = None

    @property
    def bulk_in_flight(self) -> int:
        """Say how many places bulk letters may take, so that replies always find one."""
        return max(1, self.in_flight // 2)


class Dispatch:
    """Sends letters as fast as limits and the network allow, and tells the records about them."""

    def __init__(self, sender: Sender, records: Records, limits: Limits) -> None:
        self._sender = sender
        self._records = records
        self._limits = limits
        self._queues = Queues()
        self._gate = Gate(sender.channel)
        self._pace = Pace(limits.bulk_per_second)
        self._paces = ChatPaces(limits.chat)
        self._failures: Counter[int] = Counter()
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._bulk_sending: set[int] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._is_closing = self._is_closed = False
        self.idle = asyncio.Event()
        """Set while no letter waits here or is being sent."""
        self.idle.set()

    def add(self, letter: Letter) -> None:
        """Put a letter to those that wait; `go_on` sends it."""
        self._queues.add(letter)
        self.idle.clear()

    def discard(self, letters: Collection[int]) -> None:
        """Forget letters that are owed no more; one that is being sent is not called back."""
        self._queues.discard(letters)
        self.go_on()

    @property
    def chats(self) -> int:
        """Count the chats that are owed something here."""
        return len(self._queues)

    def go_on(self) -> None:
        """Send whatever may be sent now."""
        while (letter := self._next()) is not None:
            self._gate.passes(letter.id)
            if letter.bulk:
                self._bulk_sending.add(letter.id)
            self._sending[letter.id] = asyncio.create_task(self._send(letter))
        if not self._queues:
            self.idle.set()

    async def close(self, seconds: float) -> None:
        """Finish what is being sent and the replies that can go at once, then send nothing more.

        Whatever takes longer than so many seconds is broken off; it may have arrived.
        """
        self._is_closing = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._sending and (left := deadline - loop.time()) > 0:
            sending = self._sending.values()
            await asyncio.wait(sending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        self._is_closed = True
        broken_off = list(self._sending.values())
        for task in broken_off:
            task.cancel()
        await asyncio.gather(*broken_off, return_exceptions=True)

    def _next(self) -> Letter | None:
        bulk = not self._queues.has_ready(bulk=False)
        if not self._has_place(bulk=bulk) or not self._queues.has_ready(bulk=bulk):
            return None
        now = asyncio.get_running_loop().time()
        wait = max(self._gate.opens_in(now), self._pace.wait(now) if bulk else 0.0)
        if wait > 0:
            self._wake_in(wait)
            return None
        if bulk:
            self._pace.step(now)
        return self._queues.take(bulk=bulk)

    def _has_place(self, *, bulk: bool) -> bool:
        if self._is_closed or (bulk and self._is_closing):
            return False
        if bulk and len(self._bulk_sending) >= self._limits.bulk_in_flight:
            return False
        return len(self._sending) < self._limits.in_flight

    def _wake_in(self, seconds: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if isfinite(seconds):
            self._alarm = asyncio.get_running_loop().call_later(seconds, self.go_on)

    async def _send(self, letter: Letter) -> None:
        try:
            attempt = await self._attempt(letter)
        finally:
            del self._sending[letter.id]
            self._bulk_sending.discard(letter.id)
        self._conclude(letter, attempt)
        self.go_on()

    async def _attempt(self, letter: Letter) -> Attempt | None:
        try:
            return await self._sender.send(letter)
        except Exception as error:  # noqa: BLE001 (the one place that catches what a sender throws)
            log.error("letter %d: %s", letter.id, type(error).__name__)
            if not is_damage(error):
                return None
            self._records.met(error)
            self.idle.set()
            return Later(DAMAGE_LASTS)  # the letter is not to blame, and the program ends soon

    def _conclude(self, letter: Letter, attempt: Attempt | None) -> None:
        """Act on what came of an attempt; none is a fault of the program."""
        match attempt:
            case None:
                self._gate.returned(letter.id)
                self._fail(letter)
            case Away(reason):
                self._gate.without_answer(letter.id, reason, asyncio.get_running_loop().time())
                failures = self._failures[letter.id] + self._gate.failures_of(letter.id)
                self._rest(letter, pause(failures))
            case Sent() | Rejected() | Gone() | Later():
                self._accept(letter, attempt)
                self._blame(self._gate.answered(letter.id))

    def _accept(self, letter: Letter, answer: Sent | Rejected | Gone | Later) -> None:
        now = asyncio.get_running_loop().time()
        match answer:
            case Sent(messages):
                self._gate.arrived()
                self._records.arrived(letter.id)
                self._dismiss(letter, self._paces.sent(letter.chat, messages, now))
            case Rejected(reason):
                self._set_aside(letter.id, reason)
                self._dismiss(letter)
            case Gone(reason):
                log.info("letter %d is held: %s", letter.id, reason)
                others = self._queues.empty(letter.chat)
                self._records.held(letter.chat, [letter.id, *(other.id for other in others)])
                self._dismiss(letter)
            case Later(after, everybody):
                if everybody:
                    self._gate.close_until(now + everybody.total_seconds())
                self._paces.used_up(letter.chat, now)
                self._rest(letter, max(after.total_seconds(), SHORTEST_PAUSE_SECONDS))

    def _fail(self, letter: Letter) -> None:
        self._failures[letter.id] += 1
        if self._failures[letter.id] < MOST_ATTEMPTS:
            self._rest(letter, pause(self._failures[letter.id]))
        else:
            self._set_aside(letter.id, "no success after several attempts")
            self._dismiss(letter)

    def _blame(self, letter: int | None) -> None:
        """Count it against a letter that it alone was not answered; it waits for its next turn."""
        if letter is None:
            return
        self._failures[letter] += 1
        if self._failures[letter] >= MOST_ATTEMPTS and letter not in self._sending:
            self._set_aside(letter, "the network fails whenever it is sent")
            self._queues.discard({letter})

    def _set_aside(self, letter: int, reason: str) -> None:
        log.error("letter %d is set aside: %s", letter, reason)
        self._records.set_aside(letter, reason)
        self._failures.pop(letter, None)

    def _dismiss(self, letter: Letter, seconds: float = 0.0) -> None:
        """Let the chat of a letter that is dealt with go on, after a while if it is too fast."""
        self._failures.pop(letter.id, None)
        if seconds > 0:
            asyncio.get_running_loop().call_later(seconds, self._resume, letter.chat)
        else:
            self._queues.free(letter.chat)

    def _rest(self, letter: Letter, seconds: float) -> None:
        """Put a letter back; its chat goes on after a while."""
        self._queues.add(letter)
        asyncio.get_running_loop().call_later(seconds, self._resume, letter.chat)

    def _resume(self, chat: str) -> None:
        self._queues.free(chat)
        self.go_on()
