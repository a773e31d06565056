"""Writers who confirm seats on one hot event: by the service of the seats, or by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psycopg
from sqlalchemy import text

from bot.domain.events import EventId, PlaceId
from bot.domain.outcomes import Seated
from bot.domain.people import PersonId
from bot.domain.seats import Register
from bot.services import seats
from bot.services.acts import Actor
from bot.store.database import Database
from tests.bench.by_hand import ByHand, ByHandOnPostgres, ByHandOnSqlite, Place
from tests.bench.sqlite_floors import connect
from tests.bench.stages import address, file_of
from tests.town import SUMMER

PATIENCE_SECONDS = 60
OURS, THEIRS = "zoom", "saal"
"""The hot place of the program, and the one of the reference, at another event."""

Confirm = Callable[[int], None]
"""Gives one person a seat, in a transaction of its own."""


def place(database: Database, slug: str) -> Place:
    """Find a place."""
    with database.transaction() as tx:
        query = text("SELECT event_id, id FROM places WHERE slug = :slug")
        return Place(*tx.execute(query, {"slug": slug}).one())


def service(database: Database, hot: Place) -> Confirm:
    """Confirm as the program does: lock, re-read, decide, write."""

    def confirm(person: int) -> None:
        command = Register(EventId(hot.event), PlaceId(hot.id), "Anna Anders")
        with database.transaction() as tx:
            seats.lock(tx, [command.event])
            result = seats.carry_out(tx, command, Actor(PersonId(person), "terminal", SUMMER))
        if not isinstance(result.outcome, Seated):
            raise TypeError(result.outcome)

    return confirm


def both(url: str, stack: ExitStack) -> tuple[Confirm, ByHand]:
    """Open a town twice: for the service, and for the reference."""
    database = Database(url)
    stack.callback(database.close)
    ours, theirs = place(database, OURS), place(database, THEIRS)
    if database.is_sqlite:
        file = connect(Path(file_of(url)))
        stack.callback(file.close)
        return service(database, ours), ByHandOnSqlite(file, theirs)
    connection = stack.enter_context(psycopg.connect(address(url), autocommit=True))
    return service(database, ours), ByHandOnPostgres(connection, theirs)


def write(url: str, shares: Sequence[Sequence[int]], phase: Barrier) -> None:
    """Be one of several processes: confirm a share in each round, in step with the others."""
    with ExitStack() as stack:
        stack.push(lambda error, *_: phase.abort() if error else None)  # nobody waits in vain
        by_service, by_hand = both(url, stack)
        for share in shares:
            for confirm in (by_service, by_hand.confirm):
                phase.wait(PATIENCE_SECONDS)
                for person in share:
                    confirm(person)
                phase.wait(PATIENCE_SECONDS)
