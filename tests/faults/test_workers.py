"""Several programs take messages of the same chats at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from bot import clock
from bot.dialogue.flow import Flow, Flows
from bot.dialogue.messages import Incoming, Reply, Typed
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.i18n import Phrase
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import Turns
from tests import postgres
from tests.faults.plays import found
from tests.town import HOUSE

pytestmark = pytest.mark.slow

WORKERS, WORDS = 4, 40
ROUNDS, CROWD = 25, 100

Programs = Callable[[str], list[Turns]]


def count(talk: Talk) -> Reply:
    words = [talk.ask(f"word.{n}", Text(prompt="Next.", max_length=80)) for n in range(WORDS)]
    return Reply(f"{len(set(words))} words.")


@pytest.fixture
def programs() -> Iterator[Programs]:
    """Start several programs on one database, with a flow that counts words."""
    databases: list[Database] = []

    def start(url: str) -> list[Turns]:
        found(url)
        counting = Flow("count", Phrase("count"), count, words=("count",))
        lost = Flow("lost", Phrase("lost"), lambda _talk: Reply("Lost."))
        house = replace(HOUSE, flows=Flows((counting, lost), keywords="count", lost="lost"))
        databases.extend(Database(url) for _ in range(WORKERS))
        return [Turns(database, house) for database in databases]

    yield start
    for database in databases:
        database.close()


def incoming(chat: str, update: str, text: str) -> Incoming:
    return Incoming("test", chat, chat, update, Typed(text), clock.now(), "en")


def together(workers: list[Turns], batches: list[list[list[Incoming]]]) -> list[Letter]:
    """Let each program take its batches, all beginning each one at the same moment."""
    start = Barrier(len(workers))

    def work(turns: Turns, mine: list[list[Incoming]]) -> list[Letter]:
        letters: list[Letter] = []
        for batch in mine:
            start.wait(30)
            letters += turns.take(batch)
        return letters

    with ThreadPoolExecutor(len(workers)) as threads:
        done = threads.map(work, workers, batches)
        return [letter for letters in done for letter in letters]


def test_no_answer_is_lost_when_one_chat_is_served_by_many(
    programs: Programs, database_url: str
) -> None:
    workers = programs(database_url)
    workers[0].take([incoming("anna", "begin", "/count")])
    words = [[incoming("anna", f"{n}", f"word {n}")] for n in range(WORDS)]

    letters = together(workers, [words[n::WORKERS] for n in range(WORKERS)])
    texts = [letter.payload["text"] for letter in letters]
    assert sorted(texts) == [f"{WORDS} words.", *["Next."] * (WORDS - 1)]


def test_the_same_burst_in_opposite_orders_is_no_deadlock(
    programs: Programs, postgres_server: postgres.Server
) -> None:
    workers = programs(postgres_server.fresh())
    before = len((postgres_server.home / "log").read_text())
    bursts = [
        [incoming(f"chat {n}", f"{burst}.{n}", "/count") for n in range(CROWD)]
        for burst in range(ROUNDS)
    ]
    backwards = [burst[::-1] for burst in bursts]

    letters = together(workers, [bursts, backwards, bursts, backwards])
    assert "deadlock" not in (postgres_server.home / "log").read_text()[before:]
    assert len(letters) == ROUNDS * CROWD
