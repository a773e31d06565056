"""The references on Telegram: bots that only echo, on python-telegram-bot and on aiogram."""

from __future__ import annotations

import json
from typing import TypeVar

import aiogram
import telegram as ptb
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods.base import TelegramMethod
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from tests.bench.answers import answer
from tests.bench.bots import TOKEN
from tests.bench.echo_bot import with_echo

T = TypeVar("T")


class Stub(BaseRequest):
    """Takes what the HTTP client would take, and answers at once."""

    @property
    def read_timeout(self) -> float:
        """Be as patient as the library."""
        return 5.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 (the library decides)
        request_data: RequestData | None = None,
        *_timeouts: object,
        **_more: object,
    ) -> tuple[int, bytes]:
        """Write the form as the default transport does, and answer."""
        assert request_data is None or request_data.json_parameters is not None
        return 200, answer(url)


class LibraryEcho:
    """The echo on python-telegram-bot, with its own application and handlers."""

    def __init__(self) -> None:
        bot = ptb.Bot(TOKEN, request=Stub(), get_updates_request=Stub())
        self._application = with_echo(ApplicationBuilder().bot(bot).updater(None).build())

    async def open(self) -> None:
        """Make ready."""
        await self._application.initialize()

    async def converse(self, body: bytes, _chat: int, _replies: int) -> bytes:
        """Take an update as the library's webhook does, and carry it out at once."""
        update = ptb.Update.de_json(json.loads(body), self._application.bot)
        await self._application.process_update(update)
        return b""

    async def settle(self) -> None:
        """Everything is done."""

    async def close(self) -> None:
        """End."""
        await self._application.shutdown()


class Session(AiohttpSession):
    """Writes the form as aiogram does, and answers at once."""

    async def make_request(
        self,
        bot: aiogram.Bot,
        method: TelegramMethod[T],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109 (the library decides)
    ) -> T:
        """Carry out a method."""
        self.build_form_data(bot=bot, method=method)
        content = answer(method.__api_method__).decode()
        found = self.check_response(bot=bot, method=method, status_code=200, content=content)
        result: T = found.result  # type: ignore[assignment]
        return result


class OtherEcho:
    """The echo on aiogram."""

    def __init__(self) -> None:
        self._bot = aiogram.Bot(TOKEN, session=Session())
        self._dispatcher = aiogram.Dispatcher()
        self._dispatcher.message()(self._echo)
        self._dispatcher.callback_query()(self._echo_tap)

    async def open(self) -> None:
        """Make ready."""

    async def converse(self, body: bytes, _chat: int, _replies: int) -> bytes:
        """Take an update as aiogram's webhook does, and carry it out at once."""
        await self._dispatcher.feed_raw_update(self._bot, json.loads(body))
        return b""

    async def settle(self) -> None:
        """Everything is done."""

    async def close(self) -> None:
        """Nothing is open."""

    @staticmethod
    async def _echo(message: aiogram.types.Message) -> None:
        await message.answer(message.text or "")

    @staticmethod
    async def _echo_tap(query: aiogram.types.CallbackQuery, bot: aiogram.Bot) -> None:
        await bot.send_message(query.from_user.id, query.data or "")
