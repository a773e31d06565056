"""Groups: the bot explains itself once, whatever number the group goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store import groups, schema, tables
from bot.store.database import Database, Transaction
from tests.town import SUMMER

LATER = SUMMER + timedelta(days=1)


@pytest.fixture
def tx(database_url: str) -> Iterator[Transaction]:
    database = Database(database_url)
    schema.migrate(database)
    with database.transaction() as tx:
        yield tx
    database.close()


def test_a_group_is_noted_once(tx: Transaction) -> None:
    assert groups.note(tx, "telegram", "-1", SUMMER)
    assert not groups.note(tx, "telegram", "-1", LATER)
    assert groups.note(tx, "telegram", "-2", LATER)
    assert groups.note(tx, "matrix", "-1", LATER)


def known(tx: Transaction) -> list[tuple[str, object]]:
    rows = tx.execute(select(tables.groups.c.chat, tables.groups.c.explained_at))
    return [(row.chat, row.explained_at) for row in rows]


def test_a_group_that_goes_by_another_number_is_still_known(tx: Transaction) -> None:
    groups.note(tx, "telegram", "-1", SUMMER)
    groups.rename(tx, "telegram", "-1", "-100")

    assert known(tx) == [("-100", SUMMER)]
    assert not groups.note(tx, "telegram", "-100", LATER)


@pytest.mark.parametrize(("old_at", "new_at"), [(SUMMER, LATER), (LATER, SUMMER)])
def test_of_two_notes_the_earlier_one_is_kept(
    tx: Transaction, old_at: datetime, new_at: datetime
) -> None:
    groups.note(tx, "telegram", "-1", old_at)
    groups.note(tx, "telegram", "-100", new_at)
    groups.rename(tx, "telegram", "-1", "-100")

    assert known(tx) == [("-100", SUMMER)]


def test_renaming_again_or_what_nobody_knows_changes_nothing(tx: Transaction) -> None:
    groups.rename(tx, "telegram", "-1", "-100")
    assert known(tx) == []

    groups.note(tx, "telegram", "-1", SUMMER)
    groups.rename(tx, "telegram", "-1", "-100")
    groups.rename(tx, "telegram", "-1", "-100")
    assert known(tx) == [("-100", SUMMER)]
