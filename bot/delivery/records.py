"""What delivery has to write into the outbox: what became of letters, and whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot import clock
from bot.outages import PatientDatabase
from bot.store import outbox, people
from bot.store.database import Database, Transaction
from bot.store.outbox import Letter

LEASE = timedelta(seconds=60)
"""How long a letter belongs to the program that has it in hand, unless it says so again."""

HELD = timedelta(days=30)
"""How long letters wait for a person who cannot be reached; further ahead than `AHEAD`."""

_AT_ONCE = 1000
"""How many letters are written to in one transaction: others want to write as well."""


@dataclass
class _Page:
    """What happened since the last note."""

    arrived: list[int] = field(default_factory=list)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    held: dict[str, list[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.arrived or self.set_aside or self.held)

    def letters(self) -> set[int]:
        ids = {*self.arrived, *(letter for letter, _reason in self.set_aside)}
        return ids.union(*self.held.values())


class Records:
    """The outbox of one channel; if the database is away, what is to be noted is kept."""

    def __init__(self, database: Database, database_thread: Executor, channel: str) -> None:
        self._database = PatientDatabase(database, database_thread)
        self._channel = channel
        self._page = _Page()
        self._noting, self._leasing = asyncio.Lock(), asyncio.Lock()
        self.news = asyncio.Event()
        """Set while there is something to note."""
        self.is_behind = False
        """Whether the last note could not be written."""
        self._damage: Exception | None = None

    def met(self, damage: Exception) -> None:
        """Remember that the database is damaged, for whoever looks next."""
        self._damage = damage
        self.news.set()

    def refuse_damage(self) -> None:
        """Raise the damage that was met, if there is any."""
        if self._damage is not None:
            raise self._damage

    def arrived(self, letter: int) -> None:
        """Remember that a letter has arrived."""
        self._page.arrived.append(letter)
        self.news.set()

    def set_aside(self, letter: int, reason: str) -> None:
        """Remember that a letter cannot be delivered, and why."""
        self._page.set_aside.append((letter, reason))
        self.news.set()

    def held(self, chat: str, letters: Collection[int]) -> None:
        """Remember that nothing reaches a chat any more, and which letters were in hand for it."""
        self._page.held.setdefault(chat, []).extend(letters)
        self.news.set()

    async def note(self) -> set[int]:
        """Write down everything in one transaction; gives the letters that are dealt with.

        Raises the damage that was met in the meantime.
        """
        self.refuse_damage()
        async with self._noting:
            page, self._page = self._page, _Page()
            self.news.clear()
            self.is_behind = bool(page) and not await self._database.unless_away(
                lambda tx: self._write(tx, page)
            )
            if self.is_behind:
                self._keep(page)
                return set()
            return page.letters()

    async def claim(self, chat: str | None) -> list[Letter]:
        """Take letters whose lease has ended; they are leased to this program."""
        now = clock.now()
        found = await self._database.unless_away(
            lambda tx: outbox.claim(tx, self._channel, now, now + LEASE, chat)
        )
        return found or []

    async def free(self, chat: str | None) -> None:
        """Let the leases of programs end that are there no more."""
        now = clock.now()
        await self._database.unless_away(lambda tx: outbox.free(tx, self._channel, now, chat))

    async def extend(self, letters: Collection[int]) -> set[int]:
        """Say again that letters belong to this program; gives those that are owed no more."""
        return await self._lease(letters, LEASE)

    async def release(self, letters: Collection[int]) -> None:
        """Leave letters to whoever looks for some next."""
        await self._lease(letters, timedelta())

    async def _lease(self, letters: Collection[int], time: timedelta) -> set[int]:
        ordered = sorted(letters)
        dropped: set[int] = set()
        async with self._leasing:  # what is released is not extended afterwards
            for start in range(0, len(ordered), _AT_ONCE):
                portion, until = ordered[start : start + _AT_ONCE], clock.now() + time
                owed = await self._database.unless_away(
                    partial(outbox.lease, letters=portion, until=until)
                )
                if owed is not None:
                    dropped |= set(portion) - owed
        return dropped

    def _write(self, tx: Transaction, page: _Page) -> bool:
        now = clock.now()
        people.lose(tx, self._channel, page.held, now)
        for chat in sorted(page.held):
            outbox.hold(tx, self._channel, chat, now, HELD)
        for letter, reason in page.set_aside:
            outbox.give_up(tx, letter, reason)
        outbox.mark_sent(tx, sorted(page.arrived))
        return True

    def _keep(self, page: _Page) -> None:
        """Go on with a page that could not be written; at worst a letter arrives twice."""
        page.arrived += self._page.arrived
        page.set_aside += self._page.set_aside
        for chat, letters in self._page.held.items():
            page.held.setdefault(chat, []).extend(letters)
        self._page = page
        self.news.set()
