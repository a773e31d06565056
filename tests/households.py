"""A city with one event ahead, chats that speak with it, and a way to look into every corner."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import inspect, text

from bot import clock
from bot.dialogue.messages import Content, Incoming, Picture, Typed
from bot.domain.facts import City
from bot.domain.people import PersonId
from bot.domain.privacy import ForgetMe, Forgotten
from bot.flows.book import FLOWS
from bot.services.acts import Actor, Notice
from bot.services.books import Books
from bot.services.commands import Command, Office, carry_out, lock, touched
from bot.store import conversations, outbox
from bot.store.database import Database
from bot.turns import House, Turns
from tests.sample import ROOM, STREAM, add
from tests.worlds import ONLINE, Guest, World

HOUSE = House(
    flows=FLOWS,
    city=City("Castrop-Rauxel", "02305 / 106-2101", "digitalisierung@castrop-rauxel.de"),
    office=Office("CR"),
    language="en",
)
DAY = timedelta(days=1)
_updates = count(1)


def ahead(database: Database, *, room: int | None = 1, online: int | None = 5) -> World:
    """Let an event begin in twenty days."""
    now = clock.now()
    start = now + 20 * DAY
    places = tuple(
        replace(place, capacity=capacity, deadline=start - DAY)
        for place, capacity in ((ROOM, room), (ONLINE, online), (STREAM, None))
    )
    world = World.of(database, places=places, starts_at=start, ends_at=start + timedelta(hours=2))
    world.now = now
    return world


def begin(world: World, *, ago: timedelta) -> None:
    """Let the event have begun this long ago, and be over after two hours."""
    start = clock.now() - ago
    world.event = replace(world.event, starts_at=start, ends_at=start + timedelta(hours=2))
    with world.database.transaction() as tx:
        tx.execute(
            text("update events set starts_at = :start, ends_at = :end, revision = revision + 1"),
            {
                "start": _bound(start, tx.dialect.name),
                "end": _bound(world.event.ends_at, tx.dialect.name),
            },
        )
    world.now = clock.now()


def _bound(instant: datetime, dialect: str) -> datetime:
    return instant.replace(tzinfo=None) if dialect == "sqlite" else instant


@dataclass
class Chat:
    """Somebody who writes to the bot in a chat of their own, in English."""

    database: Database
    address: str
    channel: str = "telegram"
    seen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def person(self) -> PersonId:
        """Name the person behind the chat, whom the first message makes."""
        key = (self.channel, self.address)
        with self.database.transaction() as tx:
            return conversations.lock(tx, [key], clock.now())[key].person

    def guest(self, world: World, name: str) -> Guest:
        """Let this person take part in an event."""
        return Guest(world, name, self.person)

    def says(self, *texts: str) -> str:
        """Write messages, and give what the bot said to the last one."""
        for words in texts:
            self.sends(Typed(words))
        return self.heard

    def sends(self, content: Content) -> None:
        """Send anything; what comes back counts as delivered."""
        incoming = Incoming(
            self.channel,
            self.address,
            f"sender of {self.address}",
            f"update-{next(_updates)}",
            content,
            clock.now(),
            "en",
        )
        letters = Turns(self.database, HOUSE).take([incoming])
        self.seen = [letter.payload for letter in letters if letter.chat == self.address]
        with self.database.transaction() as tx:
            outbox.mark_sent(tx, [letter.id for letter in letters])

    @property
    def heard(self) -> str:
        """Give what the bot said last, with the labels of its choices."""
        return "\n".join(
            "\n".join([reply["text"], *(f"[{label}]" for label, _ in reply.get("choices", ()))])
            for reply in self.seen
        )

    def sends_picture(self, content: bytes) -> str:
        """Send a picture and give its id."""
        picture = Picture(secrets.token_hex(8), "image/png", content)
        self.sends(picture)
        return picture.id

    def does(self, command: Command) -> tuple[Any, Sequence[Notice]]:
        """Carry out a command as the end of a conversation would."""
        person = self.person
        actor = Actor(person, self.channel, clock.now(), secrets.token_hex(5), self.address)
        with self.database.transaction() as tx:
            lock(tx, touched(tx, command, person))
            books = Books(tx, [actor.person])
            result = carry_out(books, command, actor, HOUSE.office)
            books.balance()
        return result.outcome, result.notices

    def is_forgotten(self, *, ideas_too: bool = False) -> Forgotten:
        """Have everything erased, without the conversation about it."""
        outcome, _notices = self.does(ForgetMe(ideas_too))
        assert isinstance(outcome, Forgotten)
        return outcome

    def has_answered(self, answers: dict[str, str]) -> None:
        """Let a conversation be unfinished, with these answers."""
        key = (self.channel, self.address)
        with self.database.transaction() as tx:
            conversation = conversations.lock(tx, [key], clock.now())[key]
            frame = {"flow": "register", "run": secrets.token_hex(5), "answers": answers}
            conversation.state = [frame]
            conversations.save(tx, [conversation], clock.now())

    def is_written_to(self, words: str, state: str) -> None:
        """Let a letter to this chat be in the outbox."""
        now = clock.now()
        with self.database.transaction() as tx:
            add(
                tx,
                "outbox",
                channel=self.channel,
                chat=self.address,
                payload={"text": words},
                state=state,
                created_at=now,
                not_before=now,
            )


def columns_with(database: Database, token: str) -> set[str]:
    """Name every column of every table in which something stands, whatever it looks like."""
    found = set()
    with database.transaction() as tx:
        for table in inspect(tx).get_table_names():
            for row in tx.execute(text(f'select * from "{table}"')).mappings():  # noqa: S608
                found |= {f"{table}.{name}" for name, cell in row.items() if _holds(cell, token)}
    return found


def _holds(cell: object, token: str) -> bool:
    match cell:
        case bytes() | memoryview():
            return token.encode() in bytes(cell)
        case dict() | list():
            return token.encode() in orjson.dumps(cell)
        case _:
            return token in str(cell)


def files_with(url: str, token: str) -> set[str]:
    """Name the files of a SQLite database in whose bytes something stands; none on PostgreSQL."""
    if not url.startswith("sqlite"):
        return set()
    main = Path(url.removeprefix("sqlite:///"))
    files = [main.with_name(main.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
    return {
        file.name.removeprefix(main.name)
        for file in files
        if file.exists() and token.encode() in file.read_bytes()
    }
