"""How many updates a second go the whole way, from the body of a webhook to the reply request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from tests.bench.bots import Bot, Program
from tests.bench.echoes import LibraryEcho, OtherEcho
from tests.bench.figures import Figure, Goal, Subject
from tests.bench.plans import Plan
from tests.bench.recordings import NO_RUN, TAPPED, Line, recorded
from tests.bench.stages import DATABASES, Stage, rows

GOALS = {"SQLite": Goal(1.0), "PostgreSQL": Goal(0.9)}
FIRST_CHAT, FIRST_UPDATE = 6_000_000_000, 800_000_000
BUSY = 32
"""With so many chats at once the processor time is told as well."""


@dataclass
class Chat:
    """A place in which one citizen after the other registers."""

    citizens: Iterator[int]
    updates: Iterator[int]
    line: int = 0
    id: int = 0
    run: bytes = NO_RUN

    async def speak(self, bot: Bot, lines: Sequence[Line], number: int) -> None:
        """Say the next lines; whoever is done makes room for somebody new."""
        for _ in range(number):
            if self.line == 0:
                self.id, self.run = next(self.citizens), NO_RUN
            line = lines[self.line]
            body = line.body(next(self.updates), self.id, self.run)
            self.run = await bot.converse(body, self.id, line.replies) or self.run
            self.line = (self.line + 1) % len(lines)


@dataclass
class Series:
    """What a bot achieves: updates a second, and processor time for each, by rounds."""

    bot: Bot
    lines: Sequence[Line]
    chats: Sequence[Chat]
    runner: asyncio.Runner
    rates: list[float] = field(default_factory=list)
    microseconds: list[float] = field(default_factory=list)

    def begin(self) -> None:
        """Warm up, and bring each chat to another line than its neighbour."""
        whole = len(self.lines)
        self._speak([whole + place % whole for place in range(len(self.chats))])

    def run(self, conversations: int) -> None:
        """Carry out one round: so many conversations in each place."""
        each = conversations * len(self.lines)
        start, used = time.perf_counter(), time.process_time()
        self._speak([each for _ in self.chats])
        updates = each * len(self.chats)
        self.rates.append(updates / (time.perf_counter() - start))
        self.microseconds.append(1e6 * (time.process_time() - used) / updates)

    def _speak(self, numbers: Sequence[int]) -> None:
        async def speak() -> None:
            together = zip(self.chats, numbers, strict=True)
            await asyncio.gather(*(chat.speak(self.bot, self.lines, n) for chat, n in together))
            await self.bot.settle()

        self.runner.run(speak())


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases."""
    for database in DATABASES:
        recording, keyword = stage.ahead("SQLite")
        lines = recorded(recording, keyword, *TAPPED)
        url, _keyword = stage.ahead(database)
        town = stage.town(url)
        with ExitStack() as stack:
            bots = [
                _opened(bot, stack) for bot in (Program(town.database), LibraryEcho(), OtherEcho())
            ]
            numbers = count(FIRST_CHAT), count(FIRST_UPDATE)
            for size, conversations in plan.conversations.items():
                matches = [
                    Series(bot, lines, [Chat(*numbers) for _ in range(size)], runner)
                    for bot, runner in bots
                ]
                for series in matches:
                    series.begin()
                for _ in range(plan.rounds):
                    for series in matches:
                        series.run(conversations)
                yield from _compared(matches, size, database)
        rows(town)


def _opened(bot: Bot, stack: ExitStack) -> tuple[Bot, asyncio.Runner]:
    """Open a bot in a loop of its own, which stands still while others run."""
    runner = stack.enter_context(asyncio.Runner())
    stack.callback(lambda: runner.run(bot.close()))
    runner.run(bot.open())
    return bot, runner


def _compared(matches: Sequence[Series], size: int, database: str) -> Iterator[Figure]:
    ours, library, other = matches
    chats = f"Telegram, {size} chat{'s' if size > 1 else ''} at once"
    goal = GOALS[database]
    echo = Subject(f"{chats}, against an echo", database, "updates/s", goal)
    yield echo.compared(ours.rates, library.rates)
    if size == BUSY:
        processor = Subject(f"{chats}, processor, against an echo", database, "µs/update")
        yield processor.compared(ours.microseconds, library.microseconds)
    echo = Subject(f"{chats}, against an echo on aiogram", database, "updates/s")
    yield echo.compared(ours.rates, other.rates)
