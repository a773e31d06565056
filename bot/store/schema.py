"""The version of the database's schema: checked at every start; an SQLite file is migrated then."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from sqlalchemy import inspect, text

from bot.store.database import Database

HEAD = "0012"
"""The newest migration. Their names are numbers of the same length, so that they compare."""

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = text("SELECT version_num FROM alembic_version")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(8208311800)")


class Schema(StrEnum):
    """How the database relates to this program."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def check(database: Database) -> Schema:
    """Compare the database with what this program expects."""
    with database.transaction() as tx:
        known = inspect(tx).has_table("alembic_version")
        version: str | None = tx.execute(_VERSION).scalar_one_or_none() if known else None
    if version is None:
        return Schema.MISSING
    if version == HEAD:
        return Schema.CURRENT
    return Schema.OLDER if version < HEAD else Schema.NEWER


def migrate(database: Database) -> None:
    """Bring the database to the newest version, in one transaction; several may try at once."""
    from alembic import command  # noqa: PLC0415  # takes long to import, and is rarely needed
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.transaction() as tx:
        if not database.is_sqlite:
            tx.execute(_ONE_AT_A_TIME)
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
