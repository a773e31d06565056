"""How fast encrypted messages are answered on Matrix, beside an echo on the same homeserver."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles

from tests.bench.figures import Figure, Goal, Subject
from tests.bench.matrix_bots import Bot, echo, ours, processor_seconds
from tests.bench.matrix_crowds import Crowd, Load
from tests.bench.plans import Plan
from tests.bench.stages import DATABASES, Stage
from tests.matrix import Homeserver, homeservers

RATE, P95 = Goal(0.8), Goal(1.25, is_upper=True)
PLAIN, MENU = "!help", "!start"

REST_SECONDS = 1.0
"""Receipts and reactions of a round are not to disturb the next one."""


@dataclass
class Contestant:
    """A bot that runs, its crowd, and what was measured."""

    bot: Bot
    crowd: Crowd
    process_id: int
    homeserver: Homeserver
    values: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def round(self, plan: Plan) -> None:
        """Measure everything once."""
        alone = await self._load(PLAIN, 1, plan.alone)
        self.values["p50 alone"].append(1000 * median(alone.waits))
        self.values["p95 alone"].append(1000 * p95(alone.waits))
        bot, server = self._worked()
        together = await self._load(PLAIN, plan.people, plan.messages)
        bot_after, server_after = self._worked()
        messages = len(together.waits)
        self.values["rate"].append(together.rate)
        self.values["p95"].append(1000 * p95(together.waits))
        self.values["own"].append(1000 * (bot_after - bot) / messages)
        self.values["server"].append(1000 * (server_after - server) / messages)
        self.values["load"].append(together.own_seconds / together.seconds)
        menus = await self._load(MENU, plan.people, plan.menus)
        self.values["menus"].append(menus.rate)

    async def _load(self, text: str, people: int, times: int) -> Load:
        load = await self.crowd.converses([[text] * times] * people)
        await self.crowd.reads([times] * people)
        await asyncio.sleep(REST_SECONDS)
        return load

    def _worked(self) -> tuple[float, float]:
        server = self.homeserver.process_id
        return processor_seconds(self.process_id), processor_seconds(server)


def p95(values: list[float]) -> float:
    """Give the value that one in twenty exceeds."""
    return quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases against the echo, in turn."""
    for database in DATABASES:
        with homeservers.running() as homeserver, ExitStack() as stack:
            bots = ours(stage, homeserver, database), echo(stage, homeserver)
            ids = [stack.enter_context(bot.running()).pid for bot in bots]
            mine, its = asyncio.run(_in_turn(homeserver, bots, ids, plan))
        yield from _rows(database, plan, mine.values, its.values)


async def _in_turn(
    homeserver: Homeserver, bots: tuple[Bot, Bot], ids: list[int], plan: Plan
) -> list[Contestant]:
    found = []
    for bot, process_id in zip(bots, ids, strict=True):
        crowd = await Crowd.gathered(homeserver, bot, plan.people)
        found.append(Contestant(bot, crowd, process_id, homeserver))
    try:
        for number in range(plan.rounds):
            for each in found if number % 2 else reversed(found):
                await each.round(plan)
    finally:
        for each in found:
            await each.crowd.ends()
    return found


def _rows(
    database: str, plan: Plan, mine: dict[str, list[float]], its: dict[str, list[float]]
) -> Iterator[Figure]:
    many = f"Matrix, {plan.people} citizens at once"
    for key, name, unit, goal in (
        ("p50 alone", "Matrix, one citizen, p50", "ms", None),
        ("p95 alone", "Matrix, one citizen, p95", "ms", P95),
        ("rate", many, "messages/s", RATE),
        ("p95", f"{many}, p95", "ms", P95),
        ("own", f"{many}, processor", "ms/message", None),
        ("server", f"{many}, the homeserver's processor", "ms/message", None),
        ("load", f"{many}, processor of the load itself", "cores", None),
        ("menus", f"{many}, menus", "messages/s", None),
    ):
        yield Subject(f"{name}, against an echo", database, unit, goal).compared(
            mine[key], its[key]
        )
