"""What citizens say on their phones, and every message that they have to read, in order."""

from __future__ import annotations

import re
from functools import cache
from tempfile import TemporaryDirectory

from bot import clock
from bot.channels.attachments import enclosed
from bot.channels.telegram.calls import Call
from bot.channels.telegram.letters import calls
from bot.channels.telegram.texts import units
from bot.dialogue.messages import Incoming, Typed
from bot.store.database import Database
from bot.store.outbox import Letter
from tests.faults.plays import BINDING, LINES, found
from tests.town import Town

SAID = ("/start", *LINES)
"""Everything that one citizen says; once, so that a message that comes again is known as such."""

Sight = tuple[str, str]
"""By what one message is known: its first line and its last one, whatever numbers they hold."""

_NUMBERS = re.compile(r"\d+")
_TAGS = re.compile(r"<[^>]*>")


def sight(text: str) -> Sight:
    """Say what is seen of a text."""
    lines = _NUMBERS.sub("#", text).splitlines()
    return lines[0].strip(), lines[-1].strip()


def is_binding(number: int) -> bool:
    """Tell whether something that is said answers a question that has to be read first."""
    return number == 0 or (number - 1) % len(LINES) in BINDING


@cache
def answers() -> tuple[tuple[Sight, ...], ...]:
    """Say which messages answer each line, by having the play once undisturbed."""
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/rehearsal.sqlite"
        found(url)
        town = Town(Database(url), clock.now())
        heard = []
        for number, line in enumerate(SAID):
            incoming = Incoming("telegram", "1", "1", f"1:{number}", Typed(line), clock.now(), "en")
            letters = town.take(incoming)
            heard.append(tuple(_seen(call) for each in letters for call in _carried(town, each)))
        town.database.close()
    seen = [each for row in heard for each in row]
    assert len(set(seen)) == len(seen), "two messages look the same"
    return tuple(heard)


def _carried(town: Town, letter: Letter) -> list[Call]:
    with town.database.transaction() as tx:
        return calls(letter, enclosed(tx, letter, clock.now()))


def _seen(call: Call) -> Sight:
    if call.file is not None:
        return sight(call.file.name)
    text = _TAGS.sub("", call.parameters["text"])
    assert units(text) < 4096
    return sight(text)
