"""The reference for a confirmed seat: the bare statements, made by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from tests.bench.sqlite_floors import NOW
from tests.town import SUMMER

TAKE = "UPDATE places SET taken = taken + 1 WHERE id = %s AND taken < capacity RETURNING taken"
STORE = (
    "INSERT INTO registrations (event_id, place_id, person_id, arrival_number, arrived_at, state,"
    " party_size, channel, name, contact_kind, contact, organisation, needs, sequence)"
)
SEAT = f"""
WITH seat AS ({TAKE}) {STORE} SELECT %s, %s, %s, taken, %s, 'confirmed', 1, 'terminal',
'Anna Anders', 'chat', '', '', '', 0 FROM seat
"""  # noqa: S608
SQLITE_TAKE = TAKE.replace("%s", "?")
SQLITE_STORE = f"""
{STORE} VALUES (?, ?, ?, ?, ?, 'confirmed', 1, 'terminal', 'Anna Anders', 'chat', '', '', '', 0)
"""


@dataclass(frozen=True)
class Place:
    """A hot place."""

    event: int
    id: int


class ByHand(Protocol):
    """The reference: the bare statements, on a connection of its own."""

    def confirm(self, person: int) -> None:
        """Give one person a seat, in a transaction of its own."""
        ...

    def confirm_all(self, people: Sequence[int]) -> None:
        """Give each of them a seat, one by one in one transaction."""
        ...


@dataclass(frozen=True)
class ByHandOnPostgres:
    """One statement for each seat."""

    connection: psycopg.Connection[Any]
    hot: Place

    def confirm(self, person: int) -> None:
        """Give one person a seat, in a transaction of its own."""
        hot = self.hot
        self.connection.execute(SEAT, (hot.id, hot.event, hot.id, person, SUMMER))

    def confirm_all(self, people: Sequence[int]) -> None:
        """Give each of them a seat, one by one in one transaction."""
        with self.connection.transaction():
            for person in people:
                self.confirm(person)


@dataclass(frozen=True)
class ByHandOnSqlite:
    """Two statements for each seat."""

    connection: sqlite3.Connection
    hot: Place

    def confirm(self, person: int) -> None:
        """Give one person a seat, in a transaction of its own."""
        self.confirm_all([person])

    def confirm_all(self, people: Sequence[int]) -> None:
        """Give each of them a seat, one by one in one transaction."""
        hot, execute = self.hot, self.connection.execute
        execute("BEGIN IMMEDIATE")
        for person in people:
            ((number,),) = execute(SQLITE_TAKE, (hot.id,)).fetchall()
            execute(SQLITE_STORE, (hot.event, hot.id, person, number, NOW))
        execute("COMMIT")
