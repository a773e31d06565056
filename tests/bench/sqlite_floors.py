"""The bare floor on SQLite: the same rows in the same batches, by hand-made SQL and nothing else.

It knows beforehand what will be written: no replay, no decision, no JSON to make.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from tests.bench.crowds import CHANNEL, LAST, Specimen, Step

NOW = "2020-08-10 10:00:00.000000"
SWEEP_AT = "2020-08-10 10:00:30.000000"
REGISTRATION = (
    "INSERT INTO registrations (event_id, place_id, person_id, arrival_number, arrived_at, state,"
    " party_size, channel, name, contact_kind, contact, organisation, needs, sequence, run) VALUES"
)
CONSENT = (
    "INSERT INTO consents (person_id, registration_id, event_id, slug, version, language, wording,"
    " state, given_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
AUDIT = (
    "INSERT INTO audit (at, what, person_id, actor_id, event_id, registration_id, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
LETTER = (
    "INSERT INTO outbox (channel, chat, payload, bulk, state, created_at, not_before, attempts)"
    " VALUES"
)


def connect(file: Path) -> sqlite3.Connection:
    """Open a file as the program does."""
    connection = sqlite3.connect(file, isolation_level=None, cached_statements=1000)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class SqliteFloor:
    """Writes what one registration leaves behind, for everybody."""

    def __init__(self, connection: sqlite3.Connection, specimen: Specimen) -> None:
        self._connection = connection
        self._specimen = specimen

    def take(self, batch: Sequence[Step]) -> None:
        """Carry out one batch in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        head = "INSERT INTO inbox (channel, update_id, received_at) VALUES"
        tail = " ON CONFLICT DO NOTHING RETURNING update_id"
        self._insert(head, [(CHANNEL, step.update, NOW) for step in batch], tail)
        people = self._people([step.chat for step in batch])
        if newcomers := [step.chat for step in batch if step.chat not in people]:
            self._open(newcomers)
            people = self._people([step.chat for step in batch])
        self._confirm([people[step.chat] for step in batch if step.number == LAST])
        language, states = self._specimen.language, self._specimen.states
        self._connection.executemany(
            "UPDATE conversations SET language = ?, state = ?, updated_at = ? WHERE id = ?",
            [(language, states[step.number], NOW, people[step.chat][0]) for step in batch],
        )
        letters = [
            (CHANNEL, step.chat, payload, 0, "waiting", NOW, SWEEP_AT, 0)
            for step in batch
            for payload in self._specimen.letters[step.number]
        ]
        self._insert(LETTER, letters, " RETURNING id")
        self._connection.execute("COMMIT")

    def _people(self, chats: Sequence[str]) -> dict[str, tuple[int, int]]:
        marks = ", ".join(["(?, ?)"] * len(chats))
        rows = self._connection.execute(
            "SELECT id, chat, person_id, language, state, updated_at FROM conversations"  # noqa: S608
            f" WHERE (channel, chat) IN (VALUES {marks}) ORDER BY id",
            [value for chat in chats for value in (CHANNEL, chat)],
        )
        return {row[1]: (row[0], row[2]) for row in rows.fetchall()}

    def _open(self, chats: Sequence[str]) -> None:
        head = "INSERT INTO persons (created_at) VALUES"
        created = self._insert(head, [(NOW,) for _ in chats], " RETURNING id")
        rows = [(person, CHANNEL, chat) for person, chat in zip(created, chats, strict=True)]
        self._connection.executemany(
            "INSERT INTO identities (person_id, channel, address) VALUES (?, ?, ?)", rows
        )
        self._connection.executemany(
            "INSERT INTO conversations (person_id, channel, chat, updated_at) VALUES (?, ?, ?, ?)",
            [(*row, NOW) for row in rows],
        )

    def _confirm(self, guests: Sequence[tuple[int, int]]) -> None:
        if not guests:
            return
        like, people = self._specimen.registration, [person for _conversation, person in guests]
        event, place = like["event_id"], like["place_id"]
        ((arrivals,),) = self._connection.execute(
            "UPDATE events SET arrivals = arrivals + ? WHERE id = ? RETURNING arrivals",
            (len(people), event),
        ).fetchall()
        self._connection.execute(
            "UPDATE places SET taken = taken + ? WHERE id = ?", (len(people), place)
        )
        first = arrivals - len(people) + 1
        told = [like[name] for name in "name contact_kind contact organisation needs".split()]  # noqa: SIM905
        rows = [
            (event, place, person, number, NOW, "confirmed", 1, CHANNEL, *told, 0, f"{number:010}")
            for number, person in enumerate(people, first)
        ]
        ids = self._insert(REGISTRATION, rows, " RETURNING id")
        stored = list(zip(people, ids, strict=True))
        self._note(stored)

    def _note(self, stored: Iterable[tuple[int, int]]) -> None:
        event = self._specimen.registration["event_id"]
        for like in self._specimen.consents:
            terms = [like[name] for name in ("slug", "version", "language", "wording", "state")]
            self._connection.executemany(CONSENT, [(*pair, event, *terms, NOW) for pair in stored])
        for like in self._specimen.audit:
            what, details = like["what"], like["details"]
            self._connection.executemany(
                AUDIT, [(NOW, what, who, who, event, row, details) for who, row in stored]
            )

    def _insert(self, head: str, rows: Sequence[tuple[object, ...]], tail: str) -> list[int]:
        statement = _statement(head, len(rows), len(rows[0]), tail)
        values = [value for row in rows for value in row]
        return [found[0] for found in self._connection.execute(statement, values).fetchall()]


@cache
def _statement(head: str, rows: int, columns: int, tail: str) -> str:
    marks = ", ".join([f"({', '.join('?' * columns)})"] * rows)
    return f"{head} {marks}{tail}"
