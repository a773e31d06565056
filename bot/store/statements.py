"""Statements that every batch runs: compiled once, then given to the driver as they are.

What SQLAlchemy does for each execution takes several times as long as the statement itself. That
matters only to the few statements of a step; all others go through `Transaction.execute`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import JSON, Column, Dialect, bindparam, column, func, insert, select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.sql.selectable import ReturnsRows

from bot.store.database import Transaction

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

Given = Any
"""The row that a statement is carried out for; its columns are attributes."""


class Statement:
    """A statement whose text does not depend on its values."""

    def __init__(self, statement: CompilerElement) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def __call__(self, tx: Transaction, **values: object) -> list[Row]:
        """Carry it out; give the rows that it returns."""
        plan = self._plans.get(tx.dialect.name)
        if plan is None:
            plan = self._plans[tx.dialect.name] = _Plan.of(self._statement, tx.dialect)
        with _cursor(tx) as cursor:
            return plan.run(cursor, values)


class ForEach:
    """A statement that is carried out for each of many rows, in their order.

    To PostgreSQL each statement is a journey, so it unpacks all rows from a single parameter. To
    SQLite it is none: there one row comes after the other.
    """

    def __init__(
        self, build: Callable[[Given, str], CompilerElement], *columns: Column[Any]
    ) -> None:
        """Say which columns the rows have, and how a dialect's statement is made with them."""
        self._build = build
        self._columns = {str(each.name): each.type for each in columns}
        self._plans: dict[str, _Plan] = {}

    def __call__(
        self, tx: Transaction, rows: Sequence[Mapping[str, object]], **shared: object
    ) -> list[Row]:
        """Carry it out; give the rows that it returns. The `shared` values belong to each row."""
        plan = self._plans.get(tx.dialect.name)
        if plan is None:
            plan = self._plans[tx.dialect.name] = self._plan(tx.dialect)
        with _cursor(tx) as cursor:
            if tx.dialect.name == "sqlite":
                return plan.run_each(cursor, rows, shared)
            return plan.run(cursor, {_ROWS: rows, **shared})

    def _plan(self, dialect: Dialect) -> _Plan:
        if dialect.name == "sqlite":
            # A bare name would be taken for the column that is set.
            binds = {name: bindparam(_ONE + name, type_=of) for name, of in self._columns.items()}
            return _Plan.of(self._build(SimpleNamespace(**binds), dialect.name), dialect)
        columns = [column(name, of) for name, of in self._columns.items()]
        given = func.json_to_recordset(bindparam(_ROWS, type_=JSON)).table_valued(*columns)
        derived = given.render_derived(name="given", with_types=True)
        return _Plan.of(self._build(derived.c, dialect.name), dialect)


def storing(*columns: Column[Any], gives: Sequence[Column[Any]] = ()) -> ForEach:
    """Make the statement that inserts rows of these columns into their table."""

    def build(given: Given, _dialect: str) -> CompilerElement:
        values = select(*(getattr(given, each.name) for each in columns))
        into = insert(columns[0].table).from_select(columns, values)
        return into.returning(*gives) if gives else into

    return ForEach(build, *columns)


_ROWS = "rows"
_ONE = "given_"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a dialect has made of a statement.

    `order` is that of the values in the text (SQLite); without, the text has their names.
    """

    text: str
    order: Sequence[str] | None
    constants: Mapping[str, object]
    binds: Mapping[str, Convert]
    loads: Sequence[tuple[int, Convert]]
    returns: bool

    @classmethod
    def of(cls, statement: CompilerElement, dialect: Dialect) -> _Plan:
        """Compile a statement."""
        compiled = statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(type(compiled).__name__)
        columns = list(statement.exported_columns) if isinstance(statement, ReturnsRows) else []
        types = [each.type.dialect_impl(dialect) for each in columns]
        loads = [of.result_processor(dialect, None) for of in types]
        binds = {
            _plain(name): bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        order = compiled.positiontup
        return cls(
            text=compiled.string,
            order=None if order is None else [_plain(name) for name in order],
            constants={name: value for name, value in compiled.params.items() if value is not None},
            binds={name: convert for name, convert in binds.items() if convert is not None},
            loads=[(at, convert) for at, convert in enumerate(loads) if convert is not None],
            returns=bool(columns),
        )

    def run(self, cursor: DBAPICursor, values: Mapping[str, object]) -> list[Row]:
        """Carry it out once."""
        bound = self._bound({**self.constants, **values})
        cursor.execute(self.text, bound if self.order is None else self._ordered(bound))
        return self._rows(cursor)

    def run_each(
        self,
        cursor: DBAPICursor,
        rows: Iterable[Mapping[str, object]],
        shared: Mapping[str, object],
    ) -> list[Row]:
        """Carry it out row by row."""
        alike = self._bound({**self.constants, **shared})
        each = [self._ordered({**alike, **self._bound({**row})}) for row in rows]
        if not self.returns:
            cursor.executemany(self.text, each)
            return []
        found: list[Row] = []
        for values in each:
            cursor.execute(self.text, values)
            found += self._rows(cursor)
        return found

    def _bound(self, values: dict[str, Any]) -> dict[str, Any]:
        for name, convert in self.binds.items():
            if name in values:
                values[name] = convert(values[name])
        return values

    def _ordered(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[name] for name in self.order or ()]

    def _rows(self, cursor: DBAPICursor) -> list[Row]:
        rows: list[Row] = list(cursor.fetchall()) if self.returns else []
        return [self._loaded(list(row)) for row in rows] if self.loads else rows

    def _loaded(self, row: list[Any]) -> Row:
        for at, convert in self.loads:
            row[at] = convert(row[at])
        return tuple(row)


def _plain(name: str) -> str:
    return name.removeprefix(_ONE)


@contextmanager
def _cursor(tx: Transaction) -> Iterator[DBAPICursor]:
    """Open a cursor; its errors are raised as those of `Transaction.execute` are."""
    connection = tx.connection
    cursor = connection.cursor()
    try:
        yield cursor
    except tx.dialect.loaded_dbapi.Error as error:
        is_gone = tx.dialect.is_disconnect(error, connection, cursor)
        if is_gone:
            tx.invalidate(error)
        raise DBAPIError.instance(
            statement=None,
            params=None,
            orig=error,
            dbapi_base_err=tx.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=tx.dialect,
        ) from error
    finally:
        cursor.close()
