"""Where it is measured: towns on SQLite files and on a PostgreSQL that really syncs."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import func, select, text

from bot import clock
from bot.services.examples import example
from bot.store.database import Database
from bot.store.tables import inbox, metadata
from tests import postgres
from tests.bench.crowds import Contestant, Specimen, specimen
from tests.bench.postgres_floors import PostgresFloor
from tests.bench.sqlite_floors import SqliteFloor, connect
from tests.town import Town

DATABASES = ("SQLite", "PostgreSQL")
SYNCS = 200


@dataclass
class Stage:
    """A directory and a server, with a founded town to copy on each; seats for everybody."""

    directory: Path
    server: postgres.Server
    specimen: Specimen
    _numbers: Iterator[int] = field(default_factory=count)
    _close: ExitStack = field(default_factory=ExitStack)
    _template: str = ""

    def url(self, database: str) -> str:
        """Copy the town; give its address."""
        if database == "SQLite":
            copy = self.directory / f"town_{next(self._numbers)}.sqlite"
            return f"sqlite:///{shutil.copy(self.directory / 'founded.sqlite', copy)}"
        if not self._template:
            url = self.server.fresh()
            _found(url).close()
            self._template = urlsplit(url).path.strip("/")
        return self.server.fresh(self._template)

    def town(self, url: str) -> Town:
        """Open a town until the end."""
        town = Town(Database(url))
        self._close.callback(town.database.close)
        return town

    def ahead(self, database: str) -> tuple[str, str]:
        """Copy the town, with events that lie ahead; give its address, and the last keyword."""
        url, events = self.url(database), example(clock.now())
        town = Town(Database(url))
        town.announce(events)
        _enlarge(town)
        town.database.close()
        return url, re.findall(r'(?m)^keyword = "(.+)"', events)[-1]

    def floor(self, url: str) -> Contestant:
        """Open a town by hand until the end."""
        if url.startswith("sqlite"):
            file = self._close.enter_context(_closing(connect(Path(file_of(url)))))
            return SqliteFloor(file, self.specimen)
        connection = psycopg.connect(address(url), autocommit=True)
        return PostgresFloor(self._close.enter_context(connection), self.specimen)

    def close(self) -> None:
        """Close every connection."""
        self._close.close()


def file_of(url: str) -> str:
    """Name the file of a SQLite address."""
    return url.removeprefix("sqlite:///")


def address(url: str) -> str:
    """Turn an address of SQLAlchemy's into one of PostgreSQL's."""
    return url.replace("postgresql+psycopg:", "postgresql:")


@contextmanager
def staged() -> Iterator[Stage]:
    """Build the stage, and take it down."""
    with TemporaryDirectory(prefix="bench-") as name, postgres.running(syncs=True) as server:
        directory = Path(name)
        _found(f"sqlite:///{directory / 'founded.sqlite'}").close()
        model = Database(
            f"sqlite:///{shutil.copy(directory / 'founded.sqlite', directory / 'model.sqlite')}"
        )
        recorded = specimen(Town(model))
        model.close()
        stage = Stage(directory, server, recorded)
        try:
            yield stage
        finally:
            stage.close()


def rows(town: Town) -> dict[str, int]:
    """Count the rows of each table; nothing may have been set aside."""
    with town.database.transaction() as tx:
        refused = select(func.count()).where(inbox.c.set_aside.is_not(None))
        if tx.execute(refused).scalar_one():
            raise RuntimeError("the program could not carry out what it was measured with")
        return {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def sync_milliseconds(directory: Path) -> float:
    """Measure how long the disk takes to keep four kilobytes: the price of one commit."""
    taken = []
    with (directory / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - start)
    return 1000 * median(taken)


def _found(url: str) -> Database:
    town = Town.founded(url)
    _enlarge(town)
    return town.database


def _enlarge(town: Town) -> None:
    with town.database.transaction() as tx:
        tx.execute(text("UPDATE places SET capacity = 1000000 WHERE capacity IS NOT NULL"))


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    yield connection
    connection.close()
