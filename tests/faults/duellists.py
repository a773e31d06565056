"""Processes that serve the same chats, and say everything again and in another order."""

from __future__ import annotations

import logging
import os
import random
import sys
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bot import clock
from bot.dialogue.messages import Incoming, Typed
from bot.store.database import Database, is_outage
from bot.turns import Turns
from tests.faults.journals import Pen
from tests.faults.patience import PATIENCE_SECONDS
from tests.faults.plays import CANARY, REGISTER
from tests.services.seats.test_contest import Contest, compete
from tests.town import HOUSE

CHATS = [f"chat {number}" for number in range(12)]
OTHER_EVENT = tuple(line.replace("auftakt", "videokonferenz") for line in REGISTER)
SCRIPTS = (
    REGISTER,
    OTHER_EVENT,
    ("/mine", "1", "cancel my registration", "yes"),
    ("/idea", "1", f"More lamps for {CANARY}", "1", "yes"),
    ("/back", "/help", "nonsense", "/cancel"),
    ("/privacy", "1"),
)


@dataclass(frozen=True)
class Duel:
    """What one of several processes has to do; all of them serve the same updates."""

    url: str
    journal: Path
    log: Path
    scripts: int
    seed: int


def updates(scripts: int) -> list[list[tuple[str, str, str]]]:
    """Write down what every citizen says: chat, number of the update, words."""
    chance = random.Random(31)  # noqa: S311 (a seed for a test, no secret)
    said = []
    for chat in CHATS:
        lines = [line for _ in range(scripts) for line in chance.choice(SCRIPTS)]
        said.append([(chat, f"{chat}:{n}", line) for n, line in enumerate(lines)])
    return said


def fight(duel: Duel, start: Barrier) -> None:
    """Serve all updates, in random batches, some of them again and some too early."""
    log = os.open(duel.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, sys.stderr.fileno())
    logging.basicConfig(level="INFO", stream=sys.stderr)
    chance = random.Random(duel.seed)  # noqa: S311 (a seed for a test, no secret)
    database, pen = Database(duel.url), Pen(duel.journal)
    turns, waiting = Turns(database, HOUSE), [list(said) for said in updates(duel.scripts)]
    start.wait(PATIENCE_SECONDS)
    while any(waiting):
        batch = _batch(waiting, chance)
        for letter in _taken(turns, batch):
            pen.read(letter, "", "")
    database.close()
    pen.close()


def _batch(waiting: list[list[tuple[str, str, str]]], chance: random.Random) -> list[Incoming]:
    chosen = chance.sample([said for said in waiting if said], k=min(6, sum(map(bool, waiting))))
    batch = []
    for said in chosen:
        ahead = chance.randrange(min(3, len(said))) if chance.random() < 0.1 else 0
        again = chance.random() < 0.1
        chat, update, words = said[ahead] if again else said.pop(ahead)
        batch.append(Incoming("test", chat, chat, update, Typed(words), clock.now(), "en"))
    return batch


def _taken(turns: Turns, batch: list[Incoming]) -> list[int]:
    """Carry out a batch as the intake does: an outage is a reason to try again, and is logged."""
    while True:
        try:
            return [letter.id for letter in turns.take(batch)]
        except Exception as error:
            if not is_outage(error):
                raise
            logging.getLogger(__name__).error("outage: %s", type(error).__name__)


def contend(contests: list[Contest], start: Barrier) -> None:
    """Compete in many contests, one after the other, with all others at the same moment."""
    for contest in contests:
        compete(contest, start)
