"""The order of locks, where the foreign keys of a table take one that nobody asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.domain.ideas import HandIn, IdeaKind, Pillar
from bot.domain.people import PersonId
from bot.services import ideas, seats
from bot.services.acts import Actor
from tests.sample import opened
from tests.worlds import World

pytestmark = pytest.mark.slow


def test_an_idea_for_an_event_never_waits_for_a_registration(postgres_url: str) -> None:
    with opened(postgres_url) as one, opened(postgres_url) as other:
        world = World.of(one)
        (author,) = world.people("anna")
        with one.transaction() as registers:
            seats.lock(registers, [world.event.id])
            with ThreadPoolExecutor(1) as thread, other.transaction() as hands_in:
                hands_in.exec_driver_sql("SET lock_timeout = '500ms'")
                command = HandIn(IdeaKind.IDEA, Pillar.CITY, "More lamps", event=world.event.id)
                actor = Actor(PersonId(author.id), "terminal", datetime.now(UTC), "run")
                done = thread.submit(ideas.hand_in, hands_in, command, actor, "CR").result()

        assert done.outcome.reference.startswith("CR-")
