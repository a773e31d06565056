"""The tables of the program and what the migrations make of an empty database are the same."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from bot.store import schema, tables
from bot.store.database import Database
from bot.store.schema import Schema
from bot.store.seats import order_of
from bot.store.tables import metadata
from tests.sample import add


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_tables_and_migrations_agree(database: Database) -> None:
    schema.migrate(database)
    with database.transaction() as tx:
        differences = compare_metadata(MigrationContext.configure(tx), metadata)

    assert differences == []


def plain(value: object) -> object:
    """Write the text of a condition, which is an object of its own, as words."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return str(value)


def rules(database: Database) -> dict[str, object]:
    """Read what compare_metadata does not look at: conditions of checks, indexes and keys."""
    with database.transaction() as tx:
        found = inspect(tx)
        return {
            name: sorted(
                str([(key, plain(value)) for key, value in sorted(each.items())])
                for each in [
                    *found.get_check_constraints(name),
                    *found.get_indexes(name),
                    *found.get_unique_constraints(name),
                    *found.get_foreign_keys(name),
                ]
            )
            for name in metadata.tables
        }


def test_checks_and_conditions_of_indexes_agree_too(database: Database) -> None:
    with database.transaction() as tx:
        metadata.create_all(tx)
    wanted = rules(database)
    with database.transaction() as tx:
        metadata.drop_all(tx)
    schema.migrate(database)

    assert "tolerated" in str(wanted["places"])
    assert rules(database) == wanted


def test_an_empty_database_is_missing_its_schema(database: Database) -> None:
    assert schema.check(database) is Schema.MISSING


def test_a_migrated_database_is_current_and_migrating_again_does_nothing(
    database: Database,
) -> None:
    schema.migrate(database)
    schema.migrate(database)

    assert schema.check(database) is Schema.CURRENT


@pytest.mark.parametrize(("version", "expected"), [("0000", Schema.OLDER), ("9999", Schema.NEWER)])
def test_other_versions_are_told_apart(database: Database, version: str, expected: Schema) -> None:
    schema.migrate(database)
    with database.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    assert schema.check(database) is expected


def test_the_newest_migration_is_the_head_that_the_start_looks_for() -> None:
    assert scripts().get_heads() == [schema.HEAD]


def test_the_names_of_migrations_compare_like_their_order() -> None:
    revisions = [revision.revision for revision in scripts().walk_revisions("base", "heads")]

    assert revisions == sorted(revisions, reverse=True)
    assert {len(revision) for revision in revisions} == {len(schema.HEAD)}


def test_everybody_stands_where_they_stood_before_the_line_was_ordered_by_numbers(
    database: Database,
) -> None:
    upgrade(database, "0010")
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    minutes = {1: 0, 2: 10, 3: 5, 4: 20, 5: 5, 6: -60, 7: 20, 8: 30, 9: 10}
    with database.transaction() as tx:
        add(tx, "persons", created_at=noon)
        tx.execute(text(EVENT), {"now": noon.replace(tzinfo=None)})
        tx.execute(text(PLACE), {"now": noon.replace(tzinfo=None)})
        for number, minute in minutes.items():
            at = noon.replace(tzinfo=None) + timedelta(minutes=minute)
            tx.execute(text(REGISTRATION), {"number": number, "at": at})

    upgrade(database, "head")

    with database.transaction() as tx:
        line = tables.registrations
        rows = tx.execute(select(line.c.arrival_number).order_by(*order_of(line))).scalars()
        assert list(rows) == sorted(minutes, key=lambda number: (minutes[number], number))


def upgrade(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.transaction() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, to)


EVENT = """
    INSERT INTO events (id, slug, keyword, revision, definition, starts_at, ends_at, zone,
    cancelled, arrivals) VALUES (1, 'e', 'e', 1, '{}', :now, :now, 'UTC', false, 9)
"""
PLACE = """
    INSERT INTO places (id, event_id, slug, rank, tolerated, taken, waiting, deadline)
    VALUES (1, 1, 'p', 1, 0, 0, 9, :now)
"""
REGISTRATION = """
    INSERT INTO registrations (event_id, place_id, person_id, arrival_number, arrived_at, state,
    party_size, channel, name, contact_kind, contact, organisation, needs, sequence)
    VALUES (1, 1, 1, :number, :at, 'cancelled', 1, 'chat', '', 'chat', '', '', '', 0)
"""
