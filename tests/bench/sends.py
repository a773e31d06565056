"""How many letters a second go out over HTTP, by how many requests are under way at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from itertools import count

import telegram as ptb

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.sending import CHANNEL, TelegramSender
from bot.delivery import Sent
from bot.store.database import Database
from bot.store.outbox import Letter
from tests.bench.bots import TOKEN
from tests.bench.figures import Figure, Goal, Subject
from tests.bench.plans import Plan
from tests.bench.sinks import Sink, sinking
from tests.bench.stages import Stage

GOALS = {64: Goal(20)}
CHAT = 6_000_000_000
TEXT = "Wie heißen Sie? Bitte mit Vor- und Nachnamen."
OURS_FOR_ONE = 10
"""So many letters we send while the reference sends one, so that both rounds can be measured."""

Send = Callable[[int], Awaitable[object]]


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure one sink, to which both send in turn."""
    with ExitStack() as stack:
        sink = stack.enter_context(sinking())
        runner = stack.enter_context(asyncio.Runner())
        database = stage.town(stage.url("SQLite")).database
        for at_once in plan.in_flight:
            ours, theirs = runner.run(_in_turn(sink, database, plan, at_once))
            name = f"Telegram, sending, {at_once} in flight, against the library"
            subject = Subject(name, "none", "letters/s", GOALS.get(at_once))
            yield subject.compared(ours, theirs)


async def _in_turn(
    sink: Sink, database: Database, plan: Plan, at_once: int
) -> tuple[list[float], list[float]]:
    ours, theirs = list[float](), list[float]()
    async with AsyncExitStack() as stack:
        send = await _program(stack, sink, database)
        echo = await _library(stack, sink)
        for number in range(1 + plan.rounds):
            mine = await _rate(send, at_once, OURS_FOR_ONE * plan.sends)
            its = await _rate(echo, at_once, plan.sends)
            if number:  # the first opens the connections
                ours.append(mine)
                theirs.append(its)
    return ours, theirs


async def _program(stack: AsyncExitStack, sink: Sink, database: Database) -> Send:
    """Send as the delivery does."""
    account = await stack.enter_async_context(Account(TOKEN, sink.url))
    thread = stack.enter_context(ThreadPoolExecutor(max_workers=1))
    sender = TelegramSender(account, database, thread)

    async def send(number: int) -> None:
        letter = Letter(number, CHANNEL, str(CHAT + number), {"text": TEXT, "language": "de"})
        assert await sender.send(letter) == Sent()

    return send


async def _library(stack: AsyncExitStack, sink: Sink) -> Send:
    """Send as any bot on python-telegram-bot does, with its default transport."""
    bot = await stack.enter_async_context(ptb.Bot(TOKEN, base_url=f"{sink.url}/bot"))

    async def send(number: int) -> None:
        await bot.send_message(CHAT + number, TEXT)

    return send


async def _rate(send: Send, at_once: int, total: int) -> float:
    numbers = count(1)

    async def one_after_the_other() -> None:
        for _ in range(total // at_once):
            await send(next(numbers))

    start = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return (total // at_once) * at_once / (time.perf_counter() - start)
