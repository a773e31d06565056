"""A migration that is killed leaves the database as it was, and the next one finishes it."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.store import schema
from bot.store.database import Database
from bot.store.schema import Schema
from tests.faults.fates import context
from tests.faults.patience import nobody_is_connected

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 30


def migrate_and_die(url: str, statements: int) -> None:
    """Migrate, and be killed before a statement."""
    executed = 0

    def count(*_of_no_interest: Any) -> None:  # noqa: ANN401  # SQLAlchemy's signature
        nonlocal executed
        executed += 1
        if executed == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", lambda _connection: count())
    database = Database(url)
    schema.migrate(database)
    database.close()


def found(url: str) -> Schema:
    """Look at a database as the next program will find it."""
    database = Database(url)
    try:
        return schema.check(database)
    finally:
        database.close()


def killed_at(url: str, statements: int) -> bool:
    """Migrate in a process of its own; tell whether it was killed before its end."""
    process = context().Process(target=migrate_and_die, args=(url, statements))
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode in {0, -signal.SIGKILL}
    nobody_is_connected(url)
    return process.exitcode != 0


def test_a_migration_is_whole_or_has_not_been(database_url: str) -> None:
    for statements in (1, 3, 8, 20):
        assert killed_at(database_url, statements)
        assert found(database_url) is Schema.MISSING

    assert not killed_at(database_url, 10_000)
    assert found(database_url) is Schema.CURRENT


@pytest.mark.soak
def test_a_migration_is_killed_before_each_of_its_statements(
    database_url: str, figures: dict[str, int]
) -> None:
    statements = 1
    while killed_at(database_url, statements):
        assert found(database_url) is Schema.MISSING
        statements += 1

    assert found(database_url) is Schema.CURRENT
    figures["kills"] = statements - 1
