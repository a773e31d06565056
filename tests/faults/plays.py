"""What citizens say in these tests: the same acts for ever, so that all numbers are foretold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryDirectory

from bot import clock
from bot.dialogue.messages import Typed
from bot.services.events import load_file
from bot.services.examples import example
from bot.store import schema
from bot.store.database import Database
from tests.town import Town

CANARY = "Kanarienvogel"
"""Part of every name and every idea; no log may hold it."""

ENOUGH = 100_000

REGISTER = ("/register auftakt", "1", "1", f"Anna {CANARY}", "1", "1", "alone", "1", "yes")
IDEA = ("/idea", "1", f"More lamps for {CANARY}", "1", "yes")
CANCEL = ("/mine", "1", "cancel my registration", "yes")
LINES = (*REGISTER, *IDEA, *CANCEL)
"""A citizen takes a seat, hands in an idea, and gives the seat back; then everything again."""

SEATED, THANKED, RELEASED = (
    len(REGISTER) - 1,
    len(REGISTER) + len(IDEA) - 1,
    len(LINES) - 1,
)
BINDING = {2, SEATED, THANKED}
"""The consent to the broadcast, and the final yes to a seat and to an idea."""

RECEIPTS = {
    SEATED: "Your seat is confirmed",
    THANKED: "Your idea has arrived",
    RELEASED: "Your seat is given back",
}
"""With which message each act ends, and what its receipt says."""


@dataclass(frozen=True, order=True)
class Update:
    """One message of a citizen, with the number that their network gave it."""

    chat: str
    number: int

    @property
    def id(self) -> str:
        """Name it as a network does: the same every time that it is sent."""
        return f"{self.chat}:{self.number}"

    @property
    def step(self) -> int:
        """Tell which of the lines it is."""
        return self.number % len(LINES)

    @property
    def is_binding(self) -> bool:
        """Tell whether it answers a question that has to be read first."""
        return self.step in BINDING

    @property
    def text(self) -> str:
        """Give what the citizen types."""
        return LINES[self.step]

    @classmethod
    def of(cls, update_id: str) -> Update:
        """Read a name back."""
        chat, _, number = update_id.rpartition(":")
        return cls(chat, int(number))


@cache
def answers() -> tuple[int, ...]:
    """Tell how many letters answer each of the lines, by having the play once undisturbed."""
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/rehearsal.sqlite"
        found(url)
        town = Town(Database(url), clock.now())
        citizen = town.citizen("rehearsing")
        letters = [town.take(town.incoming(citizen, Typed(line))) for line in LINES]
        town.database.close()
    for step, words in RECEIPTS.items():
        assert words in letters[step][-1].payload["text"], "the play no longer fits the flows"
    return tuple(map(len, letters))


def found(url: str, capacity: int = ENOUGH) -> None:
    """Open a town whose two events lie ahead, with this many seats in the hall."""
    database = Database(url)
    schema.migrate(database)
    now = clock.now()
    events = example(now).replace("capacity = 12 ", f"capacity = {capacity} ")
    with database.transaction() as tx:
        load_file(tx, events.encode(), "events.toml", now)
    database.close()
