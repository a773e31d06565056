"""How many statements go to a database, however they get there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bot.store.database import Transaction


@contextmanager
def counted(tx: Transaction) -> Iterator[list[str]]:
    """Collect the statements of a transaction from here on."""
    statements: list[str] = []

    class Watched(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Watched:  # noqa: ANN401
            statements.append(query)
            return super().execute(query, *args, **kwargs)

    connection: Any = tx.connection.dbapi_connection
    if tx.dialect.name == "sqlite":
        connection.set_trace_callback(statements.append)
        yield statements
        connection.set_trace_callback(None)
    else:
        before, connection.cursor_factory = connection.cursor_factory, Watched
        yield statements
        connection.cursor_factory = before
