"""How long messages on Matrix wait that came while the bot was away, and what memory they take.

The echo is no reference here: its first sync takes them before anything is there to answer them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure, Subject
from tests.bench.matrix_bots import Bot, ours, peak_megabytes
from tests.bench.matrix_crowds import Crowd
from tests.bench.plans import Plan
from tests.bench.stages import Stage
from tests.matrix import Homeserver, homeservers

ASKED = ("!help", "!cancel", "!nothing")
"""Each has another answer, so that their order can be seen."""

Values = defaultdict[str, list[float]]


class Absentee:
    """A bot that comes back after a pause."""

    def __init__(self, bot: Bot, crowd: Crowd) -> None:
        self.ours: Values = defaultdict(list)
        self.references: Values = defaultdict(list)
        self._bot, self._crowd = bot, crowd
        self._answers: dict[str, str] = {}

    async def learns(self) -> None:
        """Find out what is answered to which message."""
        for text in ASKED:
            await self._crowd.converses([[text]])
            [[self._answers[text]]] = await self._crowd.reads([1])
        assert len(set(self._answers.values())) == len(ASKED), self._answers

    async def comes_back(self, number: int, times: int) -> None:
        """Let each write so many messages, start the bot, and see to its answers and their order.

        Then, as the reference, everybody writes so many times and waits for each answer.
        """
        people = len(self._crowd.people)
        texts = [random.choices(ASKED, k=number) for _ in range(people)]  # noqa: S311
        await self._crowd.leaves_behind(texts)
        await self._crowd.reads([0] * people)  # a sync later on would be too much at once
        start = time.monotonic()
        with self._bot.running() as process:
            last, read = await asyncio.gather(
                self._crowd.waits_for([number] * people), self._crowd.reads([number] * people)
            )
            seconds, peak = last - start, peak_megabytes(process)
            self._check(texts, read)
            usual = await self._crowd.converses([[ASKED[0]] * times] * people)
            await self._crowd.reads([times] * people)
        with self._bot.running() as process:
            await self._crowd.converses([[ASKED[0]] * times] * people)
            await self._crowd.reads([times] * people)
            self.references["memory"].append(peak_megabytes(process))
        self.ours["memory"].append(peak)
        self.ours["seconds"].append(seconds)
        self.references["seconds"].append(number * people / usual.rate)
        self.ours["rate"].append(number * people / seconds)
        self.references["rate"].append(usual.rate)

    def _check(self, texts: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> None:
        for asked, answers in zip(texts, read, strict=True):
            expected = [self._answers[text] for text in asked]
            assert list(answers) == expected, "the answers are not in order"


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure the program on SQLite, against itself without a pause."""
    with homeservers.running() as homeserver:
        absentee = asyncio.run(_absent(stage, homeserver, plan))
    name = f"Matrix, {plan.backlog * plan.absent:,} messages after a pause"
    for key, about, unit in (
        ("seconds", "start to last answer", "s"),
        ("rate", "rate", "messages/s"),
        ("memory", "peak memory", "MB"),
    ):
        subject = Subject(f"{name}, {about}, against no pause", "SQLite", unit)
        yield subject.compared(absentee.ours[key], absentee.references[key])


async def _absent(stage: Stage, homeserver: Homeserver, plan: Plan) -> Absentee:
    bot = ours(stage, homeserver, "SQLite")
    with bot.running():
        crowd = await Crowd.gathered(homeserver, bot, plan.absent)
        absentee = Absentee(bot, crowd)
        await absentee.learns()
    try:
        for _ in range(plan.backlogs):
            await absentee.comes_back(plan.backlog, plan.messages)
    finally:
        await crowd.ends()
    return absentee
