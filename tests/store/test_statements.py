"""Statements that go to the driver as they are behave as those of SQLAlchemy do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError, StatementError
from sqlalchemy.sql.dml import Update

from bot.store import tables
from bot.store.database import Database, is_unstorable
from bot.store.statements import ForEach, Given, Statement, storing
from tests.journeys import counted
from tests.sample import NOW, opened, person

_c = tables.conversations.c
STORE = storing(_c.channel, _c.chat, _c.person_id, _c.state, _c.updated_at, gives=[_c.id])
READ = Statement(
    select(_c.chat, _c.state, _c.updated_at)
    .where(_c.channel == bindparam("channel"))
    .order_by(_c.id)
)


def _changing(given: Given, _dialect: str) -> Update:
    return (
        update(tables.conversations)
        .where(_c.chat == given.chat)
        .values(state=given.state, language=bindparam("spoken"))
    )


CHANGE = ForEach(_changing, _c.chat, _c.state)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def row(owner: int, chat: str, state: object = None) -> dict[str, object]:
    return {
        "channel": "terminal",
        "chat": chat,
        "person_id": owner,
        "state": state,
        "updated_at": NOW.astimezone(timezone(timedelta(hours=2))),
    }


def test_what_is_stored_is_read_again_with_its_types(database: Database) -> None:
    bag = [{"answers": {"name": "Änne “Ä” \\ '; --"}, "said": [1, 2.5, None, True]}]
    with database.transaction() as tx:
        STORE(tx, [row(person(tx), "anna", bag)])

        ((chat, state, at),) = READ(tx, channel="terminal")

    assert (chat, state, at) == ("anna", bag, NOW)
    assert at.tzinfo is NOW.tzinfo


def test_rows_are_numbered_in_the_order_in_which_they_are_given(database: Database) -> None:
    chats = [f"chat {number * 7 % 40}" for number in range(40)]
    with database.transaction() as tx:
        owner = person(tx)
        ids = [number for (number,) in STORE(tx, [row(owner, chat) for chat in chats])]

        assert ids == sorted(ids)
        assert [chat for chat, _state, _at in READ(tx, channel="terminal")] == chats


def test_each_row_is_changed_with_its_own_values_and_with_those_of_all(database: Database) -> None:
    with database.transaction() as tx:
        owner = person(tx)
        STORE(tx, [row(owner, "anna", [1]), row(owner, "bert", [2]), row(owner, "cem", [3])])
        CHANGE(tx, [{"chat": "anna", "state": None}, {"chat": "bert", "state": [4]}], spoken="de")

        found = tx.execute(select(_c.chat, _c.state, _c.language).order_by(_c.id)).all()

    assert found == [("anna", None, "de"), ("bert", [4], "de"), ("cem", [3], None)]


def test_without_rows_nothing_happens(database: Database) -> None:
    with database.transaction() as tx:
        assert STORE(tx, []) == []
        CHANGE(tx, [], spoken="de")
        assert READ(tx, channel="terminal") == []


def test_many_rows_are_one_journey_to_postgresql(postgres_url: str) -> None:
    with opened(postgres_url) as database, database.transaction() as tx:
        owner = person(tx)
        with counted(tx) as statements:
            STORE(tx, [row(owner, f"chat {number}") for number in range(20)])

    assert len(statements) == 1


def test_errors_are_those_of_every_other_statement_and_quote_nothing(database: Database) -> None:
    with database.transaction() as tx:
        owner = person(tx)
        STORE(tx, [row(owner, "anna")])
    with pytest.raises(IntegrityError) as twice, database.transaction() as tx:
        STORE(tx, [row(owner, "anna", ["a secret"])])

    assert "a secret" not in str(twice.value)
    with database.transaction() as tx:
        assert len(READ(tx, channel="terminal")) == 1


def test_half_a_character_can_be_stored_nowhere(database: Database) -> None:
    with (
        pytest.raises((StatementError, UnicodeEncodeError)) as refused,
        database.transaction() as tx,
    ):
        STORE(tx, [row(person(tx), "\ud800")])

    assert is_unstorable(refused.value)


def test_a_value_that_is_missing_is_a_fault(database: Database) -> None:
    with pytest.raises((ProgrammingError, KeyError)), database.transaction() as tx:
        READ(tx)
