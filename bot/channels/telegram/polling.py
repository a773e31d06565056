"""Long polling: asks Telegram for updates; the offset moves on only after the commit.

One program polls at a time; the lease that decides which is held by the composition root.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import Conflict, NetworkError, TelegramError

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.calls import Call
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.transport import SlowDown
from bot.channels.telegram.updates import KINDS
from bot.delivery.paces import pause

log = logging.getLogger(__name__)

WAIT_SECONDS = 25
MOST_UPDATES = 100
BY_WEBHOOK = "webhook"

SLOW_SECONDS = 0.5
"""After this long, nobody else waits for an update that is still under way (a large picture)."""


class UnderWay:
    """Updates that are being carried out; before `offset` everything is committed."""

    def __init__(self, take: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        self.offset = 0
        self._take = take
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, found: list[dict[str, Any]]) -> None:
        """Begin with updates; those that are under way already are given again by Telegram."""
        for update in found:
            number = update["update_id"]
            if number not in self._tasks:
                self._tasks[number] = asyncio.create_task(self._take(update))

    async def wait(self) -> None:
        """Wait for what is under way, but not for long, and move the offset on."""
        if not self._tasks:
            return
        await asyncio.wait(self._tasks.values(), timeout=SLOW_SECONDS)
        done = {number: task for number, task in self._tasks.items() if task.done()}
        for task in done.values():
            task.result()
        self.offset = min(self._tasks.keys() - done.keys(), default=max(self._tasks) + 1)
        for number in done:
            if number < self.offset:
                del self._tasks[number]

    async def break_off(self) -> None:
        """Leave what is not committed to whoever asks for it next."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


class Poller:
    """Asks for updates and hands them in, until cancelled."""

    def __init__(self, account: Account, receiver: Receiver, reports: Reports) -> None:
        self._account = account
        self._receiver = receiver
        self._reports = reports

    async def run(self) -> None:
        """Poll; whatever goes wrong at Telegram is waited out."""
        await self._end_webhook()
        under_way = UnderWay(self._receiver.take)
        try:
            await self._poll(under_way)
        finally:
            await under_way.break_off()

    async def _poll(self, under_way: UnderWay) -> None:
        failures = 0
        while True:
            try:
                found = await self._updates(under_way.offset)
            except TelegramError as error:
                failures += 1
                await self._trouble(error, pause(failures))
                continue
            self._reports.fine()
            failures = 0
            under_way.begin(found)
            await under_way.wait()

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        parameters = {
            "offset": offset,
            "limit": MOST_UPDATES,
            "timeout": WAIT_SECONDS,
            "allowed_updates": KINDS,
        }
        found = await self._account.make(Call("getUpdates", parameters), wait=WAIT_SECONDS)
        if not isinstance(found, list):
            raise NetworkError("the answer is no list of updates")
        return [each for each in found if isinstance(each.get("update_id"), int)]

    async def _end_webhook(self) -> None:
        """Take down a webhook of an earlier time; Telegram gives updates one way only."""
        try:
            await self._account.bot.delete_webhook()
        except TelegramError as error:
            log.info("deleteWebhook: %s", type(error).__name__)

    async def _trouble(self, error: TelegramError, seconds: float) -> None:
        if isinstance(error, SlowDown):
            await asyncio.sleep(max(error.seconds, seconds))
            return
        if isinstance(error, Conflict):
            self._reports.conflict()
            if BY_WEBHOOK in error.message:
                await self._end_webhook()
        else:
            self._reports.away(error)
        await asyncio.sleep(seconds)
