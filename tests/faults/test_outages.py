"""The database is gone for a while: everybody is answered afterwards, in order, once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import postgres
from tests.faults.conversations import SORRY, conversation
from tests.faults.fates import Fate
from tests.faults.plays import REGISTER, found
from tests.faults.servers import FAST, IMMEDIATE, Server, switchable

pytestmark = pytest.mark.slow

APART_SECONDS = 0.4


@pytest.fixture
def server() -> Iterator[Server]:
    with switchable() as server:
        yield server


@pytest.mark.parametrize("how", [FAST, IMMEDIATE])
def test_the_server_is_stopped_and_started(server: Server, how: int, tmp_path: Path) -> None:
    def away() -> None:
        server.stops(FAST if how == FAST else IMMEDIATE)
        time.sleep(APART_SECONDS)
        server.starts()

    Fate(server.starts().fresh(), tmp_path).is_disturbed_by(away, away)


def test_the_server_crashes_and_recovers(server: Server, tmp_path: Path) -> None:
    fate = Fate(server.starts().fresh(), tmp_path)

    fate.is_disturbed_by(server.crashes, server.crashes)


@contextmanager
def occupied(url: str) -> Iterator[None]:
    """Let another program write into a file, and take its time."""
    file = sqlite3.connect(make_url(url).database or "", timeout=30, isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        file.rollback()
        file.close()


def test_the_file_is_locked_for_longer_than_the_program_waits(
    sqlite_url: str, tmp_path: Path
) -> None:
    def away() -> None:
        with occupied(sqlite_url):
            time.sleep(2 * APART_SECONDS)

    Fate(sqlite_url, tmp_path, busy_seconds=0.05).is_disturbed_by(away, away)


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Let a server accept no changes, as a standby does that has not yet taken over."""
    address = make_url(url)
    server = postgres.Server(Path(str(address.query["host"])))
    name = address.database or ""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with server.connect() as connection:
        change = f"ALTER DATABASE {name} SET default_transaction_read_only"
        connection.execute(f"{change} = on".encode())
        connection.execute(cut, [name])
        yield
        connection.execute(f"{change} = off".encode())
        connection.execute(cut, [name])


def test_the_server_takes_no_changes_for_a_while(postgres_url: str, tmp_path: Path) -> None:
    def away() -> None:
        with read_only(postgres_url):
            time.sleep(APART_SECONDS)

    Fate(postgres_url, tmp_path).is_disturbed_by(away)


def test_somebody_at_a_terminal_is_told_once_and_answered_later(
    server: Server, tmp_path: Path
) -> None:
    url = server.starts().fresh()
    found(url)
    with conversation(url, tmp_path) as talk:
        talk.says(*REGISTER[:-1])
        talk.waits_for(b"Is everything right?")
        server.stops(IMMEDIATE)
        talk.says("yes")
        talk.waits_for(SORRY)
        server.starts()
        talk.waits_for(b"Your seat is confirmed")

        talk.was_told_once()


def test_somebody_at_a_terminal_waits_for_another_program_on_the_file(
    sqlite_url: str, tmp_path: Path
) -> None:
    found(sqlite_url)
    with conversation(sqlite_url, tmp_path) as talk:
        talk.says(*REGISTER[:-1])
        talk.waits_for(b"Is everything right?")
        with occupied(sqlite_url):
            talk.says("yes")
            talk.waits_for(SORRY)
        talk.waits_for(b"Your seat is confirmed")

        talk.was_told_once()
