"""A damaged database is no outage: nothing is taken or used up any more, and it is said."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot import jobs
from bot.dialogue.messages import Typed
from bot.intake import Intake
from bot.store.database import Database, DatabaseDamaged, is_damage, is_outage
from bot.turns import Turns
from tests import programs
from tests.town import HOUSE, SUMMER, Town

PAGE_BYTES = 4096
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
READ_BY_EVERY_MESSAGE = ("inbox", "conversations", "identities", "events", "outbox")


def damage(url: str, table: str) -> None:
    """Overwrite the first page of a table, as a failing disk does."""
    file = Path(make_url(url).database or "")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(page,)] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table])
    with file.open("r+b") as content:
        content.seek((page - 1) * PAGE_BYTES)
        content.write(b"\x55" * PAGE_BYTES)


@pytest.fixture
def whole(sqlite_url: str) -> str:
    """Give a database in which Anna has registered."""
    town = Town.founded(sqlite_url)
    town.citizen("anna").registers()
    town.database.close()
    return sqlite_url


@pytest.mark.parametrize("table", READ_BY_EVERY_MESSAGE)
def test_no_message_is_used_up(whole: str, table: str) -> None:
    damage(whole, table)
    town = Town(Database(whole))

    with pytest.raises(DBAPIError) as met:
        town.citizen("ben").says("/help")

    assert is_damage(met.value)
    assert not is_outage(met.value)
    town.database.close()


async def test_what_waits_stays_with_its_network(whole: str) -> None:
    damage(whole, "inbox")
    town = Town(Database(whole))
    with ThreadPoolExecutor(max_workers=1) as thread:
        intake = Intake(Turns(town.database, HOUSE, lambda: SUMMER), thread, lambda _letters: None)
        messages = [town.incoming(town.citizen(name), Typed("/help")) for name in ("ben", "cem")]
        waiting = [intake.accept(each) for each in (*messages, messages[0])]

        with pytest.raises(DBAPIError):
            await intake.run()

        assert all(each.cancelled() for each in waiting)
        assert intake.accept(messages[1]).cancelled()
        await asyncio.wait_for(intake.stop(), 1)
    town.database.close()


@pytest.mark.parametrize("table", ["inbox", "counters", "outbox"])
def test_nothing_is_deleted_any_more(whole: str, table: str) -> None:
    damage(whole, table)
    database = Database(whole)

    with pytest.raises(DBAPIError) as met:
        jobs.due(database, HOUSE, SUMMER)

    assert is_damage(met.value)
    database.close()


def test_the_start_looks_at_every_page(whole: str) -> None:
    Database(whole).examine()
    damage(whole, "pictures")
    database = Database(whole)

    with pytest.raises(DatabaseDamaged):
        database.examine()
    database.close()


@pytest.fixture
def failing(postgres_url: str) -> Iterator[Town]:
    """Give a database on PostgreSQL that finds a page damaged when a message is noted."""
    town = Town.founded(postgres_url)
    address = make_url(postgres_url)
    server = f"postgresql://postgres@/{address.database}?host={address.query['host']}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'XX001'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER damage BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION damage()"
        )
    yield town
    town.database.close()


def test_a_damaged_page_of_postgresql_is_no_outage(failing: Town) -> None:
    with pytest.raises(DBAPIError) as met:
        failing.citizen("anna").says("/help")

    assert is_damage(met.value)
    assert not is_outage(met.value)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["inbox", "alembic_version", "registrations"])
def test_nobody_at_a_terminal_reads_that_all_is_kept(
    whole: str, tmp_path: Path, table: str
) -> None:
    damage(whole, table)

    said = programs.run(
        "chat", "--as", "anna", directory=tmp_path, text="/mine\n", DATABASE_URL=whole
    )

    assert said.returncode == 3, said
    assert "The database is damaged." in said.stderr
    assert "Traceback" not in said.stderr
    for promise in ("Nothing that", "kept everything", "Nothing is lost"):
        assert promise not in said.stdout + said.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("run",), ("jobs",), ("export", "registrations"), ("staff", "list")]
)
def test_every_command_says_so_with_a_code_of_its_own(
    whole: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    for table in ("inbox", "registrations", "staff"):
        damage(whole, table)

    said = programs.run(*command, directory=tmp_path, DATABASE_URL=whole, TELEGRAM_TOKEN=TOKEN)

    assert (said.returncode, said.stdout) == (3, "")
    assert "The database is damaged. Nothing more was taken or changed." in said.stderr
