"""Several programs serve the same chats on one PostgreSQL: no deadlock, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.faults import verdicts
from tests.faults.duellists import Duel, contend, fight, updates
from tests.faults.fates import context
from tests.faults.journals import Journal
from tests.faults.plays import found
from tests.sample import opened
from tests.services.seats.test_contest import Contest
from tests.worlds import World

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 600
CAPACITY = 4


def together(work: Callable[[Any, Barrier], None], parts: list[Any]) -> None:
    """Let processes do their parts at the same time."""
    start = context().Barrier(len(parts))
    processes = [context().Process(target=work, args=(part, start)) for part in parts]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join(PATIENCE_SECONDS)
        assert [process.exitcode for process in processes] == [0] * len(parts)
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
            process.join()
            process.close()


def serve(url: str, directory: Path, processes: int, scripts: int) -> verdicts.Town:
    """Let several programs serve the same chats, and look at what is left."""
    found(url, CAPACITY)
    journals = [directory / f"journal {number}" for number in range(processes)]
    log = directory / "log"
    together(
        fight,
        [Duel(url, journal, log, scripts, number) for number, journal in enumerate(journals)],
    )
    town = verdicts.Town(url)
    verdicts.seats_are_in_order(town)
    verdicts.nothing_personal_is_in(log.read_text())
    assert "outage" not in log.read_text()
    assert all(row["set_aside"] is None for row in town.rows("inbox"))
    said = {update for chat in updates(scripts) for _, update, _ in chat}
    assert {row["update_id"] for row in town.rows("inbox")} == said
    sent = [letter for journal in journals for letter in Journal.of(journal).readings.elements()]
    assert sorted(sent) == sorted(row["id"] for row in town.rows("outbox"))
    return town


def no_deadlock(server: postgres.Server, log_before: int) -> None:
    """Check that the server has never had to break a deadlock, and quotes nobody."""
    log = (server.home / "log").read_text()[log_before:]
    assert "deadlock" not in log
    verdicts.nothing_personal_is_in(log)


def test_four_programs_serve_the_same_chats(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    before = len((postgres_server.home / "log").read_text())
    town = serve(postgres_server.fresh(), tmp_path, processes=4, scripts=6)

    assert town.rows("registrations")
    no_deadlock(postgres_server, before)


@pytest.mark.soak
def test_four_programs_serve_the_same_chats_for_long(
    postgres_server: postgres.Server, tmp_path: Path, figures: dict[str, int]
) -> None:
    before = len((postgres_server.home / "log").read_text())
    town = serve(postgres_server.fresh(), tmp_path, processes=4, scripts=150)

    no_deadlock(postgres_server, before)
    figures["updates, each served by four programs"] = len(town.rows("inbox"))
    figures["registrations"] = len(town.rows("registrations"))


@pytest.mark.soak
def test_thousands_of_contests_for_the_last_seats(
    postgres_url: str, figures: dict[str, int]
) -> None:
    with opened(postgres_url) as database:
        worlds = [World.of(database, room=3) for _ in range(2000)]
        contests: list[list[Contest]] = [[] for _ in range(4)]
        for world in worlds:
            people = [guest.id for guest in world.people(*"abcdefgh")]
            contest = partial(Contest, postgres_url, world.event.id, world.room, locks=True)
            for number, mine in enumerate(contests):
                mine.append(contest(people=tuple(people[number::4])))
        together(contend, contests)
    town = verdicts.Town(postgres_url)
    places = {world.room: Counter[str]() for world in worlds}
    for row in town.rows("registrations"):
        places[row["place_id"]][row["state"]] += 1

    assert all(states == {"confirmed": 3, "waiting": 5} for states in places.values())
    verdicts.seats_are_in_order(town)
    figures |= {"contests": len(worlds), "competitors": 8 * len(worlds)}
