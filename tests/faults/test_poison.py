"""Data that makes a flow fail is set aside alone, once, also when two programs meet it at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.dialogue.flow import Flow, Flows
from bot.dialogue.messages import Incoming, Reply, Typed
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.i18n import Phrase
from bot.store import tables
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.faults.plays import CANARY, found
from tests.town import HOUSE, Town

pytestmark = pytest.mark.slow

WORKERS = 4


def fragile(talk: Talk) -> Reply:
    word = talk.ask("word", Text(prompt="Say a word.", max_length=80))
    if CANARY in word:
        raise ZeroDivisionError(word)
    return Reply(f"Thank you for {word}.")


@pytest.fixture
def workers(database_url: str) -> Iterator[list[Turns]]:
    """Let several programs run on one database, with a flow that fails on one word."""
    found(database_url)
    flow = Flow("fragile", Phrase("fragile"), fragile, words=("fragile",))
    lost = Flow("lost", Phrase("lost"), lambda _talk: Reply("Lost."))
    house = replace(HOUSE, flows=Flows((flow, lost), keywords="fragile", lost="lost"))
    databases = [Database(database_url) for _ in range(WORKERS)]
    yield [Turns(database, house) for database in databases]
    for database in databases:
        database.close()


@pytest.fixture
def town(database_url: str, workers: list[Turns]) -> Iterator[Town]:
    """Let the citizens of that town be there."""
    assert workers
    town = Town(Database(database_url))
    yield town
    town.database.close()


def all_at_once(workers: list[Turns], batch: list[Incoming]) -> list[Letter]:
    """Let every program take the same batch at the same moment."""
    start = Barrier(len(workers))

    def take(turns: Turns) -> list[Letter]:
        start.wait(10)
        return turns.take(batch)

    with ThreadPoolExecutor(len(workers)) as threads:
        return [letter for letters in threads.map(take, workers) for letter in letters]


def test_poison_is_set_aside_once_and_holds_up_nobody(
    workers: list[Turns], town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    citizens = [town.citizen(name) for name in ("anna", "bert", "cem")]
    workers[0].take([town.incoming(citizen, Typed("/fragile")) for citizen in citizens])
    words = ("bread", f"poison {CANARY}", "milk")
    with caplog.at_level(logging.DEBUG):
        letters = all_at_once(
            workers,
            [
                town.incoming(citizen, Typed(word))
                for citizen, word in zip(citizens, words, strict=True)
            ],
        )

    told = sorted((letter.chat, letter.payload["text"]) for letter in letters)
    assert [chat for chat, _ in told] == ["anna", "bert", "cem"]
    assert "something went wrong on my side" in told[1][1]
    with town.database.transaction() as tx:
        aside = list(tx.execute(select(tables.inbox.c.set_aside)).scalars())
    assert sum(error is not None for error in aside) == 1
    assert CANARY not in caplog.text
    assert "ZeroDivisionError" in caplog.text
    again = workers[1].take([town.incoming(citizens[1], Typed("water"))])
    assert [letter.payload["text"] for letter in again] == ["Thank you for water."]


def test_an_address_that_no_database_can_hold_stops_nobody(
    workers: list[Turns], town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    anna, nobody = town.citizen("anna"), town.citizen(f"\ud800\x00{CANARY}")
    letters = workers[0].take(
        [town.incoming(nobody, Typed("/fragile")), town.incoming(anna, Typed("/fragile"))]
    )

    assert [letter.chat for letter in letters] == ["anna"]
    assert "set aside as" in caplog.text
    assert CANARY not in caplog.text
