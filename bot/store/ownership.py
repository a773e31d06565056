"""Whose a SQLite file is: one running program at a time, held by a lock of the operating system."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

_HEADER = b"SQLite format 3\x00"
"""How every SQLite file begins (https://www.sqlite.org/fileformat2.html, 1.3)."""


class Owned(Exception):
    """Another program owns the file; `process` is its number, if it can be told."""

    def __init__(self, file: Path, process: int | None) -> None:
        super().__init__(file, process)
        self.file = file
        self.process = process


def file_of(url: str) -> Path | None:
    """Name the file of a SQLite database; None for a database on a server."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def is_database(file: Path) -> bool:
    """Tell whether the file can be a database: it is one, or empty, or not there yet."""
    if not file.exists():
        return True
    with file.open("rb") as content:
        return content.read(len(_HEADER)) in {b"", _HEADER}


def is_filled(file: Path) -> bool:
    """Tell whether there is anything in the file."""
    return file.exists() and file.stat().st_size > 0


@contextmanager
def owned(file: Path) -> Iterator[None]:
    """Own a SQLite file; the lock vanishes with the process, whatever ends it.

    A file of its own holds the number of the process. It may be deleted by hand, so the database is
    locked as well, whatever it is called: no connection of this process may be open before or
    afterwards, because closing a handle of the database drops SQLite's own locks.

    Raises Owned if another program is first, and OSError if the directory cannot be written.
    """
    with ExitStack() as stack:
        lock = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        stack.callback(os.close, lock)
        _lock(lock, lock, file)
        if file.exists():
            database = os.open(file, os.O_RDONLY)
            stack.callback(os.close, database)
            _lock(database, lock, file)
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        yield


def _lock(handle: int, lock: int, file: Path) -> None:
    """Lock a file by its handle, or say who has; their number stands in the file behind `lock`."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        written = os.read(lock, 20)
        raise Owned(file, int(written) if written.isdigit() else None) from error
