"""A crowd of citizens who register, and the rows that one registration leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Protocol

from sqlalchemy import text

from bot.dialogue.messages import Incoming, Typed
from tests.town import Town

CHANNEL = "terminal"
MOMENT = timedelta(milliseconds=1)
SCRIPT = (
    "Digitalisierung 31.08.",
    "1",  # online
    "Anna Anders",
    "1",  # for herself
    "anna.anders@example.org",
    "1",  # alone
    "Platz für einen Rollstuhl",
    "1",  # this may be kept
    "9",  # yes, register
)
"""What everybody says, from the first word to the final yes."""

LAST = len(SCRIPT) - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One message: which line of the script, in which chat."""

    chat: str
    number: int

    @property
    def update(self) -> str:
        """Give the network's number of the message."""
        return f"{self.chat}-{self.number}"

    def incoming(self, now: datetime) -> Incoming:
        """Make the message as a channel would that receives it now."""
        said = Typed(SCRIPT[self.number])
        return Incoming(CHANNEL, self.chat, self.chat, self.update, said, now, "de")


class Contestant(Protocol):
    """Somebody who carries out batches: the program, or the floor."""

    def take(self, batch: Sequence[Step]) -> None:
        """Carry out one batch in one transaction."""
        ...


class Program:
    """The program itself; a millisecond of the town's time passes with each batch."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def take(self, batch: Sequence[Step]) -> None:
        """Carry out one batch in one transaction."""
        self._town.passes(MOMENT)
        self._town.turns.take([step.incoming(self._town.now) for step in batch])


def crowd(name: str, size: int, contestant: Contestant) -> Iterator[list[Step]]:
    """Yield batches of `size` chats at once, each at another line of the script than its neighbour.

    Whoever is done makes room for somebody new. The batches until everybody is there are carried
    out here: they are the warm-up.
    """
    for tick in count():
        batch = [
            Step(f"{name}-{size:03}-{place:03}-{beginning:06}", number)
            for place in range(size)
            for number in [(tick - place) % len(SCRIPT)]
            for beginning in [tick - number]
            if beginning >= 0
        ]
        if tick < 2 * len(SCRIPT):
            contestant.take(batch)
        else:
            yield batch


def upcoming(batches: Iterator[list[Step]], number: int) -> list[list[Step]]:
    """Make the next batches, so that making them is not measured."""
    return list(islice(batches, number))


@dataclass(frozen=True)
class Specimen:
    """What one registration leaves behind, as the program wrote it; JSON is text."""

    language: str
    states: tuple[str | None, ...]
    letters: tuple[tuple[str, ...], ...]
    registration: dict[str, object]
    consents: tuple[dict[str, object], ...]
    audit: tuple[dict[str, object], ...]


def specimen(town: Town) -> Specimen:
    """Let one citizen of an empty town register, and look at the rows after each step."""
    states, letters = [], []
    for number in range(len(SCRIPT)):
        before = _rows(town, "SELECT max(id) AS id FROM outbox")[0]["id"] or 0
        Program(town).take([Step("specimen-000-000000", number)])
        (conversation,) = _rows(town, "SELECT language, state FROM conversations")
        states.append(conversation["state"])
        written = _rows(town, f"SELECT payload FROM outbox WHERE id > {before} ORDER BY id")  # noqa: S608
        letters.append(tuple(str(row["payload"]) for row in written))
    (registration,) = _rows(town, "SELECT * FROM registrations")
    return Specimen(
        language=str(conversation["language"]),
        states=tuple(None if state is None else str(state) for state in states),
        letters=tuple(letters),
        registration=registration,
        consents=tuple(_rows(town, "SELECT * FROM consents")),
        audit=tuple(_rows(town, "SELECT * FROM audit WHERE registration_id IS NOT NULL")),
    )


def _rows(town: Town, statement: str) -> list[dict[str, object]]:
    with town.database.transaction() as tx:
        return [dict(row) for row in tx.execute(text(statement)).mappings()]
