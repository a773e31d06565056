"""What has to be true of the database and the journal, whatever happened to the program."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select

from bot.store import tables
from bot.store.database import Database
from tests.faults.journals import Journal
from tests.faults.plays import CANARY, RECEIPTS, RELEASED, SEATED, THANKED, Update, answers

Row = dict[str, Any]
NUMBER = re.compile(r"arrival number <?b?>?(\d+)")


class Town:
    """Every row of a town, read once."""

    def __init__(self, url: str) -> None:
        database = Database(url)
        with database.transaction() as tx:
            self._rows: dict[str, list[Row]] = {
                name: [dict(row) for row in tx.execute(select(table)).mappings()]
                for name, table in tables.metadata.tables.items()
            }
        database.close()
        self.chats = {row["person_id"]: row["chat"] for row in self.rows("conversations")}

    def rows(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        return self._rows[table]

    @property
    def updates(self) -> list[Update]:
        """Give all messages that were carried out."""
        return [Update.of(row["update_id"]) for row in self.rows("inbox")]


def nothing_is_lost(town: Town, journal: Journal) -> None:
    """Check that whatever a citizen was told is true."""
    carried_out = set(town.updates)
    assert set(journal.acknowledged) <= carried_out
    letters = {row["id"]: row for row in town.rows("outbox")}
    assert set(journal.letters) <= set(letters)
    held = {(town.chats[row["person_id"]], row["arrival_number"]) for row in _registered(town)}
    for letter, text in journal.letters.items():
        if RECEIPTS[SEATED] in text:
            assert (letters[letter]["chat"], int(NUMBER.findall(text)[0])) in held
    owed: Counter[str] = Counter()
    for update in carried_out:
        owed[update.chat] += answers()[update.step]
    assert Counter(row["chat"] for row in letters.values()) == owed
    for row in letters.values():
        assert (row["state"], row["payload"] is None) in {("waiting", False), ("sent", True)}
        assert row["state"] == "waiting" or row["id"] in journal.letters


def nothing_is_done_twice(town: Town) -> None:
    """Check that each message counts once, and that the counters are those of the rows."""
    done = Counter((update.chat, update.step) for update in town.updates)
    for step, rows in (
        (SEATED, _registered(town)),
        (THANKED, town.rows("ideas")),
        (RELEASED, [row for row in _registered(town) if row["state"] == "cancelled"]),
    ):
        counted = Counter(town.chats[row["person_id"]] for row in rows)
        assert counted == Counter({chat: n for (chat, at), n in done.items() if at == step})
    runs = [row["run"] for row in (*_registered(town), *town.rows("ideas"))]
    assert None not in runs
    assert len(runs) == len(set(runs))
    assert all(row["set_aside"] is None for row in town.rows("inbox"))
    seats_are_in_order(town)


def seats_are_in_order(town: Town) -> None:
    """Check arrival numbers, references and counters against the rows."""
    for event in town.rows("events"):
        mine = [row for row in _registered(town) if row["event_id"] == event["id"]]
        numbers = sorted(row["arrival_number"] for row in mine)
        assert numbers == list(range(1, event["arrivals"] + 1))
    people: Counter[tuple[int, str]] = Counter()
    for row in _registered(town):
        people[row["place_id"], row["state"]] += row["party_size"]
    for place in town.rows("places"):
        assert place["taken"] == people[place["id"], "confirmed"]
        assert place["waiting"] == people[place["id"], "waiting"]
        assert place["capacity"] is None or place["taken"] <= place["capacity"]
    references = sorted(int(row["reference"].rsplit("-", 1)[1]) for row in town.rows("ideas"))
    assert references == list(range(1, len(references) + 1))


def everybody_was_answered(town: Town, journal: Journal, last: int) -> None:
    """Check, at the end, that each citizen has read every answer, in order."""
    updates = defaultdict(set)
    for update in town.updates:
        updates[update.chat].add(update.number)
    assert all(numbers == set(range(last + 1)) for numbers in updates.values())
    assert {row["state"] for row in town.rows("outbox")} == {"sent"}
    for chat, letters in journal.order.items():
        assert letters == sorted(letters)
        said = [Update(chat, number) for number in range(last + 1)]
        expected = [
            RECEIPTS.get(update.step, "") for update in said for _ in range(answers()[update.step])
        ]
        assert len(letters) == len(expected)
        for letter, words in zip(letters, expected, strict=True):
            assert words in journal.letters[letter]


def nothing_personal_is_in(log: str) -> None:
    """Check that what people wrote stays out of a log."""
    assert CANARY not in log
    assert "More lamps" not in log


def _registered(town: Town) -> list[Row]:
    return town.rows("registrations")
