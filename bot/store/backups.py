"""Copies of a SQLite file, made while a program runs, and whether a file is whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

MOST_FAULTS = 10
_COMPANIONS = ("", "-wal", "-shm")
"""What belongs to a SQLite file, by the end of its name."""


class Damaged(Exception):
    """A copy is not whole, because what was copied is not; `faults` says where."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("\n".join(found))


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment; only the owner may read the copy.

    It gets its name only when it was opened and found whole. Raises Damaged otherwise, OSError, and
    sqlite3.Error for a source that cannot be read.
    """
    new = target.with_name(f"{target.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _reading(source) as original, closing(sqlite3.connect(new)) as made:
            original.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        if found := faults(new):
            raise Damaged(found)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def faults(file: Path) -> list[str]:
    """Say what is damaged in a file, briefly and without its contents; nothing if it is whole."""
    try:
        with _reading(file) as database:
            found = [
                str(row[0])
                for row in database.execute(f"PRAGMA integrity_check({MOST_FAULTS})")
                if row[0] != "ok"
            ]
            orphans = database.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
            found += [f"{table}: row {row} belongs to nothing" for table, row, *_more in orphans]
            version = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        return [str(error)]
    return found if version else [*found, "it has no version"]


def set_aside(file: Path) -> Path:
    """Give a database, with all that belongs to it, another name."""
    aside = file.with_name(f"{file.name}.replaced")
    for end in _COMPANIONS:
        companion, named = Path(f"{file}{end}"), Path(f"{aside}{end}")
        named.unlink(missing_ok=True)
        if companion.exists():
            companion.replace(named)
    return aside


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        yield database
