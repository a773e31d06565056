"""Connections and transactions, tuned for each of the two databases."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import orjson
from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, make_url, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, DBAPIError, OperationalError

Transaction = Connection
"""One transaction; services receive it, and whoever opened it ends it."""

BUSY_TIMEOUT_SECONDS = 30
CLEAN_UP_WAITS_MILLISECONDS = 1000
"""A reader may delay the clean-up, but not the program: there is another one in a minute."""


class DatabaseDamaged(Exception):
    """Pages of the database are no longer what was written; the first fault that was found."""


class Database:
    """A database that is opened once by the composition root and shared by the whole program."""

    def __init__(self, url: str) -> None:
        self._engine = (
            _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url)
        )

    @property
    def is_sqlite(self) -> bool:
        """Tell whether one process owns this database as a file of its own."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that may write; commit at the end, roll back on an error."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def rehearsal(self) -> Iterator[Transaction]:
        """Open a transaction of which nothing stays, to see what would come of something."""
        with self._engine.connect() as connection:
            yield connection

    def answers(self) -> bool:
        """Tell whether the database can be asked anything at this moment; raises on damage."""
        try:
            with self.transaction() as tx:
                tx.execute(_ANYTHING)
        except DBAPIError as error:
            if is_damage(error):
                raise
            return False
        return True

    def examine(self) -> None:
        """Look at every page of SQLite's file; raises what `is_damage` recognises.

        A connection of its own sees what lies on the disk, not what others have in memory; it holds
        nobody up. PostgreSQL looks at a page whenever it reads one.
        """
        if not self.is_sqlite:
            return
        file = Path(self._engine.url.database or "").absolute()
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            [(found,)] = connection.execute("PRAGMA quick_check(1)")
        if found != _WHOLE:
            raise DatabaseDamaged(found)

    def clean_up(self, *, rebuild: bool = False) -> bool:
        """Let no bytes of what was deleted stay in SQLite's files; False if a reader is in the way.

        The log of changes (-wal) is emptied into the file, in which deleted content is overwritten.
        Pages that were reordered may still hold remains: only a file that is rebuilt holds none.
        Call it outside a transaction. PostgreSQL does this by itself, as its operator decides.
        """
        if not self.is_sqlite:
            return True
        pooled = self._engine.raw_connection()
        cursor = pooled.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {CLEAN_UP_WAITS_MILLISECONDS}")
            if rebuild:
                cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(busy, _pages, _moved)] = cursor.fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {1000 * BUSY_TIMEOUT_SECONDS}")
            cursor.close()
            pooled.close()
        return not busy

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


_ANYTHING = select(1)
_WHOLE = "ok"


@cache
def insert_unless_there(table: Table, dialect: str) -> Insert:
    """Insert rows, and leave out those that a unique constraint already knows."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (slow, and useless on SQLite)

    return postgresql.insert(table).on_conflict_do_nothing()


def is_damage(error: Exception) -> bool:
    """Tell whether what is stored is damaged: trying on would not help, and writing could harm."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        is_no_text = str(cause).startswith(_NO_TEXT)
        return code & 0xFF in _SQLITE_DAMAGES or code in _SQLITE_BAD_READS or is_no_text
    is_postgresql_damage = getattr(cause, "sqlstate", None) in _POSTGRESQL_DAMAGES
    return is_postgresql_damage or isinstance(cause, DatabaseDamaged)


def is_outage(error: Exception) -> bool:
    """Tell whether the database itself failed (gone, full, locked), not what it was asked."""
    if not isinstance(error, DBAPIError) or is_damage(error):
        return False
    if isinstance(error.orig, sqlite3.Error):
        # Extended codes carry the primary one in their lowest byte.
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_OUTAGES
    if getattr(error.orig, "sqlstate", None) == _READ_ONLY:
        return True
    return error.connection_invalidated or isinstance(error, OperationalError)


def is_unstorable(error: Exception) -> bool:
    """Tell whether a text has characters that no database can hold (NUL, half a surrogate pair)."""
    return isinstance(error, (DataError, UnicodeEncodeError))


_READ_ONLY = "25006"
"""What PostgreSQL says while a standby has not yet taken over, or its disk is being rescued."""

_SQLITE_DAMAGES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SQLITE_BAD_READS = {sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR | 32 << 8}
"""What the file system, or a checksum, says of pages (SQLITE_IOERR_DATA has no name here)."""

_NO_TEXT = "Could not decode to UTF-8"
"""What the driver says of a text that is none; nothing else is ever stored."""

_POSTGRESQL_DAMAGES = {"XX001", "XX002", "58P01"}
"""Data or an index is damaged, or a file of the server is missing (appendix A of its manual)."""

_SQLITE_OUTAGES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}


def _dumps(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        json.dumps(value, ensure_ascii=False, default=str).encode()  # half a pair: says just that
        raise


def _sqlite(url: str) -> Engine:
    path = Path(make_url(url).database or "")
    if not path.exists() and path.parent.is_dir():
        path.touch(mode=0o600)  # it will hold personal data
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # they are personal data, and errors are logged
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver shall not open transactions by itself
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL may lose the last commits when the power fails
        "foreign_keys = ON",
        "secure_delete = ON",  # what is erased leaves no bytes behind
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: str) -> Engine:
    return create_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,
    )
