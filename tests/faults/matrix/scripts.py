"""What citizens say on Matrix, and every message that they have to read, in order."""

from __future__ import annotations

import re
from functools import cache
from tempfile import TemporaryDirectory

from bot import clock
from bot.channels.attachments import enclosed
from bot.channels.matrix.letters import File, parts
from bot.dialogue.messages import Incoming, Typed
from bot.store.database import Database
from bot.store.outbox import Letter
from tests.faults.plays import REGISTER, found
from tests.town import Town

SAID = ("/start", *REGISTER)
"""Everything that one citizen says; the first is said by inviting the bot."""

Sight = tuple[str, str]
"""By what a message is known: its first line and its last one, whatever numbers they hold."""

_NUMBERS = re.compile(r"\d+")


def sight(text: str) -> Sight:
    """Say what is seen of a text."""
    lines = _NUMBERS.sub("#", text).splitlines()
    return lines[0].strip(), lines[-1].strip()


@cache
def answers(said: tuple[str, ...] = SAID) -> tuple[tuple[Sight, ...], ...]:
    """Say which messages answer each line, by having the play once undisturbed."""
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/rehearsal.sqlite"
        found(url)
        town = Town(Database(url), clock.now())
        heard = []
        for number, line in enumerate(said):
            incoming = Incoming(
                "matrix", "@a:b", "@a:b", f"{number}", Typed(line), clock.now(), "en"
            )
            letters = town.take(incoming)
            heard.append(tuple(seen for each in letters for seen in _seen(town, each)))
        town.database.close()
    return tuple(heard)


def _seen(town: Town, letter: Letter) -> list[Sight]:
    with town.database.transaction() as tx:
        contents = parts(letter, enclosed(tx, letter, clock.now()))
    return [sight(each.caption if isinstance(each, File) else each["body"]) for each in contents]
