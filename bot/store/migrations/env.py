"""Called by Alembic: runs migrations on the program's own connection.

In a checkout, `alembic -x url=sqlite:///new.sqlite revision --autogenerate` compares a database.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from bot.store.database import Database
from bot.store.tables import Instant, metadata


def spelt_out(kind: str, item: Any, _: Any) -> str | Literal[False]:  # noqa: ANN401  # Alembic's
    """Write types of the program into a new migration as what they are in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def migrate(connection: Connection) -> None:
    """Run what was asked for; SQLite changes a table by copying it."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=spelt_out,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(context.get_x_argument(as_dictionary=True)["url"])
    with database.transaction() as tx:
        migrate(tx)
    database.close()
