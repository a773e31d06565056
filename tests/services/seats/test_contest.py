"""Four processes compete for the last seats on PostgreSQL.

Two nets hold them: the lock on the event, under which everything is decided, and the CHECK on the
counts, which stops whoever decided without it. The last contest takes both away and has to
oversell: if it did not, the first one could not fail and would prove nothing.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import Register
from bot.services import seats
from bot.services.acts import Actor
from bot.store.database import Database
from tests.sample import START, opened
from tests.worlds import BROADCAST, World

PROCESSES, PEOPLE_EACH, SEATS = 4, 30, 20
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Contest:
    """What a competing process needs to know."""

    url: str
    event: EventId
    place: PlaceId
    people: tuple[PersonId, ...]
    locks: bool


@pytest.fixture
def world(postgres_url: str) -> Iterator[World]:
    with opened(postgres_url) as database:
        yield World.of(database, room=SEATS)


def compete(contest: Contest, start: Barrier) -> None:
    """Register everybody, one after the other, each in a transaction of their own."""
    database = Database(contest.url)
    start.wait(PATIENCE_SECONDS)
    for person in contest.people:
        actor = Actor(person, "terminal", START - timedelta(days=9))
        command = Register(contest.event, contest.place, str(person), agreements=(BROADCAST,))
        with suppress(IntegrityError), database.transaction() as tx:
            if contest.locks:
                seats.lock(tx, [contest.event])
            seats.carry_out(tx, command, actor)
    database.close()


def hold(world: World, url: str, *, locks: bool) -> tuple[int, int]:
    """Let the processes compete; count who is seated and who waits."""
    people = [guest.id for guest in world.people(*map(str, range(PROCESSES * PEOPLE_EACH)))]
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(PROCESSES)
    processes = [
        spawn.Process(
            target=compete,
            args=(
                Contest(url, world.event.id, world.room, tuple(people[n::PROCESSES]), locks),
                start,
            ),
        )
        for n in range(PROCESSES)
    ]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join(PATIENCE_SECONDS)
        assert [process.exitcode for process in processes] == [0] * PROCESSES
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
                process.join(PATIENCE_SECONDS)
    return len(world.seated()), len(world.waiting())


def test_the_last_seats_are_given_once(world: World, postgres_url: str) -> None:
    seated, waiting = hold(world, postgres_url, locks=True)

    assert seated == SEATS
    assert waiting == PROCESSES * PEOPLE_EACH - SEATS


def test_the_check_holds_where_the_lock_is_forgotten(world: World, postgres_url: str) -> None:
    seated, _ = hold(world, postgres_url, locks=False)

    assert seated == SEATS


def test_without_lock_and_check_the_contest_would_oversell(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        with database.transaction() as tx:
            tx.execute(text("ALTER TABLE places DROP CONSTRAINT ck_places_seats"))
            numbers = "uq_registrations_event_id_arrival_number"  # each given once, without a lock
            tx.execute(text(f"ALTER TABLE registrations DROP CONSTRAINT {numbers}"))
        rounds = (
            hold(World.of(database, room=SEATS), postgres_url, locks=False)[0] for _ in range(5)
        )

        assert any(seated > SEATS for seated in rounds)
