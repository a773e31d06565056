"""The program on Telegram without a network: put together as its service does it."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from bot.app.duties import WEB
from bot.app.houses import Premises
from bot.app.telegram import Telegram
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.intake import Allowance, Intake
from bot.settings import Settings
from bot.store.database import Database
from bot.turns import Turns
from tests.bench.answers import answer
from tests.bench.recordings import RUN_SENT
from tests.town import HOUSE

TOKEN = "123456789:AAbcdefghijklmnopqrstuvwxyz0123456"
ADDRESS = "https://bot.example/telegram"
_CHAT = re.compile(rb'"chat_id":(\d+)')


class Bot(Protocol):
    """Somebody who takes updates and answers them."""

    async def open(self) -> None:
        """Make ready."""

    async def converse(self, body: bytes, chat: int, replies: int) -> bytes:
        """Take an update, and return when it has led to so many messages in the chat.

        Gives the run to which the buttons below them belong; empty if there are none.
        """
        ...

    async def settle(self) -> None:
        """Bring to an end what was begun."""

    async def close(self) -> None:
        """End."""


@dataclass(slots=True)
class _Exchange:
    answered: asyncio.Future[bytes]
    missing: int
    run: bytes = b""


class _Canned(Transport):
    """Takes requests where the network would, and tells chats what they are answered."""

    def __init__(self) -> None:
        super().__init__()
        self.open: dict[int, _Exchange] = {}

    async def _exchange(
        self, _method: str, url: str, data: object, *_about: object
    ) -> tuple[int, bytes]:
        if url.endswith("sendMessage") and isinstance(data, bytes):
            self._note(data)
        return HTTPStatus.OK, answer(url)

    def _note(self, data: bytes) -> None:
        found = _CHAT.search(data)
        exchange = self.open.get(int(found[1])) if found else None
        if exchange is None:
            return
        if run := RUN_SENT.search(data):
            exchange.run = run[1]
        exchange.missing -= 1
        if exchange.missing == 0:
            exchange.answered.set_result(exchange.run)


class Program:
    """The program with everything it promises, from the body of a webhook to the request."""

    def __init__(self, database: Database) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        settings = Settings(telegram_token=TOKEN, telegram_webhook_url=ADDRESS)
        telegram = Telegram(TOKEN, Premises(settings, database, self._thread), WEB)
        account = telegram._account  # noqa: SLF001 (the one thing that is not as in the service)
        self._transport = account.transport = _Canned()
        self._headers = {SECRET_HEADER: account.secret}
        self._delivery = telegram._delivery  # noqa: SLF001 (it runs without signing in)
        turns = Turns(database, HOUSE)
        self._intake = Intake(turns, self._thread, telegram.post, allowance=Allowance())
        (self._take,) = telegram.takers(self._intake).values()
        self._working: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to work."""
        self._working = [
            asyncio.create_task(work) for work in (self._intake.run(), self._delivery.run())
        ]

    async def converse(self, body: bytes, chat: int, replies: int) -> bytes:
        """Take an update as the web server does; it is answered when the requests are out."""
        exchange = _Exchange(asyncio.get_running_loop().create_future(), replies)
        self._transport.open[chat] = exchange

        async def read() -> bytes:
            return body

        status = await self._take(self._headers, read)
        assert status == HTTPStatus.OK
        run = await exchange.answered
        del self._transport.open[chat]
        return run

    async def settle(self) -> None:
        """Send what is left to send, and note as sent what was sent."""
        await self._delivery.settled()

    async def close(self) -> None:
        """End."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        self._thread.shutdown()
