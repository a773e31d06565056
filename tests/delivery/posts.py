"""A post office for tests: a network that does as it is told, and letters for many chats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot import clock
from bot.delivery import Attempt, Delivery, Limits, Sent
from bot.dialogue.messages import Typed
from bot.store import outbox, tables
from bot.store.database import Database
from bot.store.outbox import Letter
from tests.town import Town

Answer = Attempt | Exception
USUAL = Limits()
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


class Postbox:
    """A network that takes letters, unless it is told to do something else.

    First it does what `attempts` say, then what `rule` says of a letter. Each letter takes some
    seconds; what was taken is kept with the time.
    """

    channel = "terminal"

    def __init__(
        self,
        *attempts: Answer,
        rule: Callable[[Letter], Answer] = lambda _letter: Sent(),
        seconds: float = 0.0,
    ) -> None:
        self.attempts = list(attempts)
        self.rule = rule
        self.seconds = seconds
        self.tried: list[tuple[float, int]] = []
        self.taken: list[Letter] = []
        self.times: dict[int, float] = {}
        self.at_once = self.most_at_once = 0
        self.chats: set[str] = set()

    async def send(self, letter: Letter) -> Attempt:
        """Take a letter, or do as told."""
        assert letter.chat not in self.chats, "two letters of one chat at the same time"
        now = asyncio.get_running_loop().time
        self.tried.append((now(), letter.id))
        self.chats.add(letter.chat)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await asyncio.sleep(self.seconds)
            attempt = self.attempts.pop(0) if self.attempts else self.rule(letter)
        finally:
            self.at_once -= 1
            self.chats.discard(letter.chat)
        if isinstance(attempt, Exception):
            raise attempt
        if isinstance(attempt, Sent):
            self.taken.append(letter)
            self.times[letter.id] = now()
        return attempt

    @property
    def numbers(self) -> list[int]:
        """Give the ids of what was taken, in order."""
        return [letter.id for letter in self.taken]


@asynccontextmanager
async def open_delivery(
    database: Database, postbox: Postbox, limits: Limits = USUAL, *, running: bool = False
) -> AsyncIterator[Delivery]:
    """Open a delivery; `running` with its activity in the background."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        delivery = Delivery(database, thread, postbox, limits=limits)
        activity = asyncio.create_task(delivery.run()) if running else None
        try:
            yield delivery
        finally:
            if activity is not None:
                activity.cancel()
                with suppress(asyncio.CancelledError):
                    await activity


def written(town: Town, chats: Iterable[str], *, bulk: bool = False) -> list[Letter]:
    """Write a letter to each of these chats into the outbox."""
    letters = [Letter(0, Postbox.channel, chat, {"text": "Hello"}, bulk) for chat in chats]
    now = clock.now()
    with town.database.transaction() as tx:
        return outbox.put(tx, letters, now, now + timedelta(seconds=30))


def owed(town: Town, *texts: str) -> list[Letter]:
    """Let Anna say something; gives what she is owed."""
    anna = town.citizen("anna")
    return [letter for text in texts for letter in town.take(town.incoming(anna, Typed(text)))]


def stored(town: Town) -> list[dict[str, Any]]:
    """Read the outbox."""
    with town.database.transaction() as tx:
        rows = tx.execute(select(tables.outbox).order_by(tables.outbox.c.id))
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 (its public name)


def states(town: Town) -> list[str]:
    """Read the states of the letters in the outbox."""
    return [row["state"] for row in stored(town)]


def leases_end(town: Town) -> None:
    """Let all leases end."""
    with town.database.transaction() as tx:
        past = clock.now() - timedelta(seconds=1)
        tx.execute(update(tables.outbox).values(not_before=past))


def is_sorted(numbers: Sequence[int]) -> bool:
    """Tell whether numbers stand in their order."""
    return list(numbers) == sorted(numbers)
