"""What makes it nicer, but what nobody depends on: it is tried once, beside everything else."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import TelegramError

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.calls import Call

log = logging.getLogger(__name__)


class Courtesies:
    """Makes such calls."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tasks: set[asyncio.Task[None]] = set()

    def make(self, call: Call) -> None:
        """Begin with a call, and wait for nothing."""
        task = asyncio.create_task(self._made(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _made(self, call: Call) -> None:
        try:
            await self._account.make(call)
        except (TelegramError, TypeError) as error:  # or a number that no JSON can hold
            log.info("%s: %s", call.method, type(error).__name__)
