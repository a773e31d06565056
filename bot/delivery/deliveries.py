"""The delivery of one channel: takes letters in hand, and keeps the outbox true about them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor

from bot.activities import until_the_first_ends
from bot.delivery.attempts import Sender
from bot.delivery.dispatches import Dispatch, Limits
from bot.delivery.records import LEASE, Records
from bot.store.database import Database
from bot.store.outbox import Letter

NOTING_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 5.0
LOOK_SECONDS = 1.0

MOST_CHATS = 1000
"""With so many chats in hand nothing more is swept up: other programs may have time for it.

Letters are not counted: a few people who are owed a lot, slowly, would keep it from everybody.
"""

USUAL = Limits()


class Delivery:
    """Sends the letters of one channel; `chat` limits it to one chat (a terminal).

    Within a chat a letter follows when the one before it was dealt with, replies before bulk.
    """

    def __init__(
        self,
        database: Database,
        database_thread: Executor,
        sender: Sender,
        *,
        chat: str | None = None,
        limits: Limits = USUAL,
    ) -> None:
        self._channel = sender.channel
        self._chat = chat
        self._records = Records(database, database_thread, sender.channel)
        self._dispatch = Dispatch(sender, self._records, limits)
        self._is_stopping = self._is_stopped = False
        self._in_hand: set[int] = set()
        """Letters that wait, are being sent, or were dealt with and are not yet noted as such."""

    def post(self, letters: Sequence[Letter]) -> None:
        """Send letters that this program has just written or swept up."""
        for letter in letters:
            if letter.channel != self._channel or self._chat not in {None, letter.chat}:
                continue
            # It may have been swept up although it is being sent.
            if letter.id not in self._in_hand and not self._is_stopped:
                self._in_hand.add(letter.id)
                self._dispatch.add(letter)
        self._dispatch.go_on()

    async def sweep(self, *, alone: bool = False) -> int:
        """Take up what a crash or another program has left behind; says how many letters.

        `alone` is for the start of the only program on a database: whatever waits is left behind,
        and all of it is taken up before anything newer can overtake it.
        """
        if alone:
            await self._records.free(self._chat)
        taken = 0
        while not self._is_stopping and (letters := await self._records.claim(self._chat)):
            if self._is_stopped:  # in the meantime
                await self._records.release([letter.id for letter in letters])
                break
            self.post(letters)
            taken += len(letters)
            if not alone or self._dispatch.chats >= MOST_CHATS:
                break
        return taken

    async def run(self) -> None:
        """Note what arrives, keep what waits here, sweep up what is left behind; until cancelled.

        Without it letters are sent all the same, but `note` has to be called, and a letter that
        waits for longer than its lease may be sent by others as well.
        """
        await until_the_first_ends(
            self._note_regularly(), self._keep_regularly(), self._sweep_regularly()
        )

    async def sent(self) -> None:
        """Wait until everything posted so far is sent, or raise the damage that prevents it."""
        await self._dispatch.idle.wait()
        self._records.refuse_damage()

    async def settled(self) -> None:
        """Wait until everything posted so far is sent and noted as sent."""
        await self.sent()
        await self.note()

    async def note(self) -> None:
        """Write down what became of letters; returns when all of it is written down."""
        self._in_hand -= await self._records.note()

    async def stop(self, seconds: float) -> None:
        """Finish what is being sent, and the replies that can go at once; leave the rest to others.

        Whatever takes longer than so many seconds is broken off; it may reach its person twice.
        """
        self._is_stopping = True
        await self._dispatch.close(seconds)
        self._is_stopped = True
        await self.note()
        released, self._in_hand = self._in_hand, set()
        await self._records.release(released)

    async def _note_regularly(self) -> None:
        pause = NOTING_SECONDS
        while True:
            await self._records.news.wait()
            await asyncio.sleep(pause)
            await self.note()
            is_behind = self._records.is_behind
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS) if is_behind else NOTING_SECONDS

    async def _keep_regularly(self) -> None:
        """See to it that nobody sweeps up what waits here, and that nothing waits in vain."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            dropped = await self._records.extend(self._in_hand)
            self._in_hand -= dropped
            self._dispatch.discard(dropped)

    async def _sweep_regularly(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            while self._dispatch.chats < MOST_CHATS and await self.sweep():
                pass
