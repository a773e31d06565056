"""A town hall in a process of its own, with a network that behaves as networks do.

The network sends a message again, with the same number, until it was acknowledged; now and then it
sends one twice. What citizens know is in the journal, the rest is in the database.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot import clock
from bot.delivery import Attempt, Delivery, Sent
from bot.dialogue.messages import Incoming, Typed
from bot.intake import Intake
from bot.store import database
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.faults.deaths import plant
from tests.faults.journals import Journal, Pen
from tests.faults.plays import Update
from tests.town import HOUSE

NOTING_SECONDS = 0.01


@dataclass(frozen=True)
class Plan:
    """What a town hall has to do.

    Citizens say everything up to `last`, or until the file `closing` appears, or for ever.
    """

    url: str
    journal: Path
    log: Path
    citizens: tuple[str, ...]
    seed: int
    last: int = sys.maxsize
    closing: Path | None = None
    dies: str | None = None
    busy_seconds: float = database.BUSY_TIMEOUT_SECONDS


class Postbox:
    """A network that takes every letter and lets its reader note it."""

    channel = "test"

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    async def send(self, letter: Letter) -> Attempt:
        """Hand over a letter; a network takes its time."""
        await asyncio.sleep(0)
        self._pen.read(letter.id, letter.chat, letter.payload["text"])
        return Sent()


class Network:
    """Citizens who say their lines, and a network that repeats what was not acknowledged."""

    def __init__(self, intake: Intake, pen: Pen, plan: Plan) -> None:
        self._intake, self._pen, self._plan = intake, pen, plan
        self._chance = random.Random(plan.seed)  # noqa: S311 (a seed for a test, no secret)

    async def play(self, chat: str, number: int) -> None:
        """Say one line after the other, sometimes two or three in a burst.

        What has to be read before it is answered begins a burst of its own.
        """
        while number <= self._plan.last and not self._closing():
            last = min(number + self._chance.randint(0, 2), self._plan.last)
            while any(Update(chat, each).is_binding for each in range(number + 1, last + 1)):
                last -= 1
            burst = [Update(chat, each) for each in range(number, last + 1)]
            if self._chance.random() < 0.2:
                burst.append(Update(chat, self._chance.randint(0, number)))
            await asyncio.gather(*(self._send(update) for update in burst))
            number = last + 1

    def _closing(self) -> bool:
        return self._plan.closing is not None and self._plan.closing.exists()

    async def _send(self, update: Update) -> None:
        now, chat = clock.now(), update.chat
        content = Typed(update.text)
        await self._intake.submit(Incoming("test", chat, chat, update.id, content, now, "en"))
        self._pen.acknowledged(update.id)


def open_doors(plan: Plan) -> None:
    """Serve citizens until killed, or until everybody has said everything; a child's main."""
    log = os.open(plan.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, sys.stderr.fileno())
    logging.basicConfig(level="DEBUG" if plan.dies is None else "INFO", stream=sys.stderr)
    database.BUSY_TIMEOUT_SECONDS = plan.busy_seconds  # type: ignore[assignment]  # int
    if plan.dies is not None:
        plant(plan.dies)
    asyncio.run(_serve(plan))


async def _serve(plan: Plan) -> None:
    pen, journal, store = Pen(plan.journal), Journal.of(plan.journal), Database(plan.url)
    with ThreadPoolExecutor(max_workers=1) as thread:
        delivery = Delivery(store, thread, Postbox(pen))
        intake = Intake(Turns(store, HOUSE), thread, delivery.post)
        while await delivery.sweep(alone=True):
            await delivery.settled()
        network = Network(intake, pen, plan)
        housekeeping = [
            asyncio.create_task(intake.run()),
            asyncio.create_task(_note_for_ever(delivery)),
        ]
        await asyncio.gather(
            *(network.play(chat, journal.next_number(chat)) for chat in plan.citizens)
        )
        await delivery.settled()
        for task in housekeeping:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    store.close()
    pen.close()


async def _note_for_ever(delivery: Delivery) -> None:
    while True:
        await asyncio.sleep(NOTING_SECONDS)
        await delivery.note()
