"""A town in which a whole dialogue can be played: the two example events, citizens, and a clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.channels.terminal.markup import Style
from bot.channels.terminal.replies import written
from bot.dialogue.messages import Content, Incoming, Tapped, Typed
from bot.dialogue.state import State
from bot.domain.facts import City
from bot.flows.book import FLOWS
from bot.services.commands import Office
from bot.services.events import load_file
from bot.services.examples import as_published
from bot.services.facts import Snapshot
from bot.store import conversations, outbox, schema
from bot.store.calendar import Events
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import House, Turns, letters_for
from tests.answering import MOST_QUESTIONS, Registering

SUMMER = datetime(2020, 8, 10, 10, tzinfo=UTC)
"""A week after the press release, and a week before registration closes."""

HOUSE = House(
    flows=FLOWS,
    city=City("Castrop-Rauxel", "02305 / 106-2101", "digitalisierung@castrop-rauxel.de"),
    office=Office("CR"),
    language="de",
)


@dataclass
class Town:
    """The town hall: takes what citizens say, and keeps what it answers."""

    database: Database
    now: datetime = SUMMER
    letters: list[Letter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = HOUSE
        self.turns = Turns(self.database, HOUSE, lambda: self.now)
        self._updates = count(1)

    @classmethod
    def founded(cls, url: str, events: str | None = None) -> Town:
        """Open the doors: an empty database gets its tables and the events of a file."""
        town = cls(Database(url))
        schema.migrate(town.database)
        town.announce(as_published() if events is None else events)
        return town

    def announce(self, events: str) -> None:
        """Load events, as staff do it with a file."""
        with self.database.transaction() as tx:
            told = load_file(tx, events.encode(), "events.toml", self.now).notices
            snapshot = Snapshot(tx, Events(), HOUSE.city, (), self.now)
            letters = letters_for(tx, told, snapshot, HOUSE.language, self.now)
            self.letters.extend(outbox.put(tx, letters, self.now, self.now))

    def citizen(self, name: str, language: str = "en") -> Citizen:
        """Meet somebody."""
        return Citizen(self, name, language)

    def incoming(self, citizen: Citizen, content: Content, update: str | None = None) -> Incoming:
        """Make a message as a channel would."""
        update = update or f"{citizen.name}-{next(self._updates)}"
        return Incoming(
            "terminal", citizen.name, citizen.name, update, content, self.now, citizen.language
        )

    def take(self, *messages: Incoming) -> list[Letter]:
        """Carry out messages as one batch."""
        letters = self.turns.take(messages)
        self.letters.extend(letters)
        return letters

    def passes(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


@dataclass(eq=False)
class Citizen:
    """Somebody with a chat of their own."""

    town: Town
    name: str
    language: str = "en"

    def says(self, *texts: str) -> str:
        """Type something, one message after the other; gives what the last one is answered."""
        answer = ""
        for text in texts:
            answer = self.sends(Typed(text))
        return answer

    def sends(self, content: Content) -> str:
        """Send anything; gives what this citizen is answered."""
        letters = self.town.take(self.town.incoming(self, content))
        return spoken(letter for letter in letters if letter.chat == self.name)

    def taps(self, label: str) -> str:
        """Tap a button among everything that was ever written to this citizen, latest first."""
        for letter in reversed(self.town.letters):
            if letter.chat == self.name:
                for shown, button in letter.payload.get("choices", ()):
                    if shown == label:
                        return self.sends(Tapped(button))
        raise LookupError(label)

    def registers(
        self,
        event: str = "auftakt",
        *,
        companions: Sequence[str] = (),
        children: Sequence[str] = (),
        until: str | None = None,
        **answers: str,
    ) -> str:
        """Register, answering by question; what is not named is answered as briefly as possible.

        `until` is the key of a question that is left open: `until="sure"` ends at the summary.
        Gives what the last answer is answered.
        """
        said = self.says(f"/register {event}")
        return self.goes_on(Registering(companions, children, answers), until=until) or said

    def goes_on(self, wishes: Registering | None = None, *, until: str | None = None) -> str:
        """Answer a registration from where one stands, to its end or `until` a question."""
        wishes, said = wishes or Registering(), ""
        began = self.standing.active
        for _question in range(MOST_QUESTIONS):
            frame = self.standing.active
            if began is None or frame is None or frame.run != began.run or frame.pending == until:
                return said
            said = self.sends(wishes.answer(frame))
        message = f"no end in sight: {self.asked}"
        raise AssertionError(message)

    @property
    def asked(self) -> str | None:
        """Name the question that is open, by its key."""
        active = self.standing.active
        return None if active is None else active.pending

    @property
    def standing(self) -> State:
        """Look up what the bot remembers of the conversation."""
        key = ("terminal", self.name)
        with self.town.database.transaction() as tx:
            return State.load(conversations.lock(tx, [key], self.town.now)[key].state)

    @property
    def mail(self) -> str:
        """Read everything that was ever written to this citizen."""
        return spoken(letter for letter in self.town.letters if letter.chat == self.name)


def spoken(letters: Iterable[Letter]) -> str:
    """Read letters as somebody at a narrow terminal does."""
    style = Style(columns=60)
    return "\n".join(written(letter.payload, (), style).rstrip() for letter in letters)
