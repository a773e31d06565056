"""What every program of an installation shares: its house, its debts to people, its housework."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from bot import clock, jobs
from bot.domain.facts import City
from bot.domain.privacy import PrivacyNotice
from bot.flows.book import FLOWS
from bot.outages import PatientDatabase
from bot.services.acts import Notice
from bot.services.commands import Office
from bot.services.facts import Snapshot
from bot.settings import Settings
from bot.store import deletions, outbox
from bot.store.calendar import Events
from bot.store.database import Database, Transaction
from bot.turns import House, letters_for
from bot.web.servers import Health

FIRST_ROUND_SECONDS, ROUND_SECONDS = 2.0, 60.0
WATCH_SECONDS = 3600.0


@dataclass(frozen=True)
class Premises:
    """Where a program works: its settings, and the database with the one thread that uses it."""

    settings: Settings
    database: Database
    thread: Executor

    @property
    def patient(self) -> PatientDatabase:
        """Give the database to those who wait for it."""
        return PatientDatabase(self.database, self.thread)

    def examined(self) -> Health:
        """Find out, in the thread of the database, how the program is; raises on damage."""
        if not self.database.answers():
            return Health(well=False)
        with self.database.transaction() as tx:
            return Health(well=True, deletions=len(deletions.announced(tx)))


def house(settings: Settings) -> House:
    """Say what every turn needs to know of this installation."""
    return House(
        flows=FLOWS,
        city=City(settings.city, settings.telephone, settings.email, _notice(settings)),
        office=Office(settings.reference_prefix),
        language=settings.language,
    )


def _notice(settings: Settings) -> PrivacyNotice:
    if settings.privacy_notice is None:
        return PrivacyNotice()
    # Takes time to import, and most cities use the template.
    from bot.services.noticefiles import read  # noqa: PLC0415

    return read(settings.privacy_notice)


def owe(tx: Transaction, told: Sequence[Notice], settings: Settings) -> int:
    """Put what a command line call means for other people into the outbox, to be sent at once.

    Gives how many of the notices are for people without a chat, whom somebody has to call.
    """
    now, home = clock.now(), house(settings)
    snapshot = Snapshot(tx, Events(), home.city, [notice.person for notice in told], now)
    letters = letters_for(tx, told, snapshot, home.language, now)
    outbox.put(tx, letters, now, now)
    return len(told) - len(letters)


async def watch(database: Database) -> None:
    """Look at every page once in a while, beside everything else; raises on damage."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        await asyncio.to_thread(database.examine)


async def keep(database: Database, database_thread: Executor, home: House) -> None:
    """Do what the clock demands, for the first time soon after the start."""
    pause = FIRST_ROUND_SECONDS
    while True:
        await asyncio.sleep(pause)
        await asyncio.get_running_loop().run_in_executor(
            database_thread, jobs.due, database, home, clock.now()
        )
        pause = ROUND_SECONDS
