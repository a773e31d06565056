"""Webhooks: a secret, several at once, again until they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import telegram as ptb
from aiohttp import web
from telegram import error

from tests.telegram import Phone, Telegram


class Receiver:
    """A bot's end of a webhook."""

    def __init__(self) -> None:
        self.url, self.secrets = "", set[str | None]()
        self.updates: list[int] = []
        self.texts: list[str] = []
        self.at_once = self.most_at_once = 0
        self.answer: Callable[[], Awaitable[web.Response]] = self.accept

    async def accept(self) -> web.Response:
        """Say that it has arrived."""
        return web.Response()

    async def receive(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take one delivery."""
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        update = await request.json()
        self.updates.append(update["update_id"])
        self.texts.append(update.get("message", {}).get("text", ""))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        try:
            return await self.answer()
        finally:
            self.at_once -= 1


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Run the bot's end."""
    receiver = Receiver()
    server = web.Server(receiver.receive)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/hook"
    yield receiver
    listening.close()
    await server.shutdown(0.01)
    await listening.wait_closed()


async def all_read(telegram: Telegram) -> None:
    """Wait until everything has arrived."""
    await asyncio.to_thread(telegram.waits_until_read)


async def test_updates_are_delivered_with_the_secret(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, secret_token="geheim", max_connections=7)
    anna.types("eins")
    await all_read(telegram)

    assert receiver.texts == ["/start", "eins"]
    assert receiver.secrets == {"geheim"}
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (receiver.url, 7, 0)


async def test_what_failed_comes_again_and_holds_back_its_chat(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    answers = iter([500, 302, 429])

    async def fail_at_first() -> web.Response:
        return web.Response(status=next(answers, 204))

    receiver.answer = fail_at_first
    await bot.set_webhook(receiver.url)
    anna.types("eins")
    await all_read(telegram)

    assert receiver.texts == ["/start"] * 4 + ["eins"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 429 Too Many Requests"


async def test_several_are_under_way_but_not_too_many(
    telegram: Telegram, bot: ptb.Bot, receiver: Receiver
) -> None:
    async def take_time() -> web.Response:
        await asyncio.sleep(0.05)
        return web.Response()

    receiver.answer = take_time
    await bot.set_webhook(receiver.url, max_connections=5)
    for number in range(20):
        telegram.person(f"citizen{number}").starts()
    await all_read(telegram)

    assert receiver.most_at_once == 5
    assert len(set(receiver.updates)) == 20


async def test_one_chat_waits_for_itself_unless_it_need_not(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    async def take_time() -> web.Response:
        await asyncio.sleep(0.02)
        return web.Response()

    receiver.answer = take_time
    await bot.set_webhook(receiver.url)
    for number in range(5):
        anna.types(str(number))
    await all_read(telegram)
    assert receiver.most_at_once == 1

    telegram.weather.in_lines = False
    for number in range(5):
        anna.types(str(number))
    await all_read(telegram)

    assert receiver.most_at_once > 1


async def test_bad_weather(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    weather = telegram.weather
    weather.duplicates = weather.losses = 0.5
    weather.delay_seconds, weather.shuffles, weather.in_lines = 0.05, True, False
    for number in range(30):
        anna.types(str(number))
    await bot.set_webhook(receiver.url)
    await all_read(telegram)
    await asyncio.sleep(0.1)

    assert set(receiver.texts) == {"/start", *map(str, range(30))}
    assert len(receiver.updates) > 31
    assert sorted(receiver.updates) != receiver.updates


async def test_an_answer_may_hold_a_method(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    async def say_hello() -> web.Response:
        return web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "Guten Tag"})

    receiver.answer = say_hello
    await bot.set_webhook(receiver.url)
    await asyncio.to_thread(anna.waits_for, "Guten Tag")

    assert telegram.calls.count("sendMessage", status=200) == 1
    assert telegram.defects == []


async def test_nobody_is_there_until_somebody_is(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, receiver: Receiver
) -> None:
    anna.types("eins")
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    await asyncio.sleep(0.2)
    assert telegram.pending == 2
    telegram.bot.webhook_set_at = 0

    await bot.set_webhook(receiver.url)
    await all_read(telegram)

    assert receiver.texts == ["/start", "eins"]


async def test_what_waits_can_be_dropped(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    anna.types("eins")
    await bot.delete_webhook(drop_pending_updates=True)

    assert telegram.pending == 0


async def test_a_webhook_is_refused(telegram: Telegram, bot: ptb.Bot) -> None:
    for url, secret, words in [
        ("http://example.org", None, "An https url must be provided for webhook"),
        ("https://example.org:8080", None, "ports 80, 88, 443 or 8443"),
        ("https://example.org", "ä", "Secret token contains unallowed characters"),
    ]:
        with pytest.raises(error.BadRequest, match=f"(?i){words}"):
            await bot.set_webhook(url, secret_token=secret)
        telegram.bot.webhook_set_at = 0  # as if a second had passed
    await bot.set_webhook("https://example.org")
    with pytest.raises(error.RetryAfter):
        await bot.set_webhook("https://example.com")
