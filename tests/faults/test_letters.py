"""Letters whose network or database fails at the wrong moment: none is lost, none overtakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot import clock
from bot.delivery import Delivery, Later, Rejected, deliveries
from bot.dialogue.messages import Typed
from bot.store import tables
from bot.store.outbox import Letter
from bot.turns import Turns
from tests.faults.fickle import Fickle, Postbox
from tests.faults.plays import found
from tests.town import HOUSE, Town

pytestmark = pytest.mark.slow


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    found(database_url)
    town = Town(Fickle(database_url))
    town.turns = Turns(town.database, HOUSE)
    yield town
    town.database.close()


@pytest.fixture
def fickle(town: Town) -> Fickle:
    assert isinstance(town.database, Fickle)
    return town.database


@asynccontextmanager
async def posting(
    town: Town, postbox: Postbox, *, running: bool = False
) -> AsyncIterator[Delivery]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        delivery = Delivery(town.database, thread, postbox)
        activity = asyncio.create_task(delivery.run()) if running else None
        yield delivery
        if activity is not None:
            activity.cancel()
            await asyncio.wait({activity})


def owed(town: Town, *texts: str) -> list[Letter]:
    anna = town.citizen("anna")
    return [letter for text in texts for letter in town.take(town.incoming(anna, Typed(text)))]


def leases_end(town: Town) -> None:
    with town.database.transaction() as tx:
        past = clock.now() - timedelta(seconds=1)
        tx.execute(update(tables.outbox).values(not_before=past))


def states(town: Town) -> list[str]:
    with town.database.transaction() as tx:
        rows = select(tables.outbox.c.state).order_by(tables.outbox.c.id)
        return list(tx.execute(rows).scalars())


def test_a_commit_that_nobody_heard_of_is_answered_by_the_next_attempt(
    town: Town, fickle: Fickle
) -> None:
    anna = town.citizen("anna")
    hello = town.incoming(anna, Typed("/help"))
    fickle.after = 1
    with pytest.raises(OperationalError):
        town.take(hello)

    letters = town.take(hello)
    assert [letter.chat for letter in letters] == ["anna"]
    assert town.take(hello) == []
    assert len(states(town)) == 1


async def test_a_letter_in_hand_is_not_swept_up_again(town: Town) -> None:
    letters, postbox = owed(town, "/help"), Postbox(Later(timedelta(0)))
    async with posting(town, postbox) as post:
        post.post(letters)
        await asyncio.sleep(0)
        leases_end(town)
        await post.sweep()
        await post.settled()

    assert postbox.taken == [letters[0].id]


async def test_a_letter_that_waits_for_its_next_attempt_is_not_taken_by_another_program(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "LEASE", timedelta(seconds=0.15))
    first, second = owed(town, "/help", "/events")
    leases_end(town)
    one, other = Postbox(Later(timedelta(seconds=0.5))), Postbox()
    async with posting(town, one, running=True) as mine, posting(town, other) as theirs:
        mine.post([first, second])
        await asyncio.sleep(0.2)
        await theirs.sweep()
        await theirs.settled()
        await mine.settled()

    assert (one.taken, other.taken) == ([first.id, second.id], [])


async def test_a_letter_that_cannot_be_given_up_holds_up_nobody(town: Town, fickle: Fickle) -> None:
    first, second = owed(town, "/help", "/events")
    postbox = Postbox(Rejected("chat not found"))
    fickle.before = 1
    async with posting(town, postbox) as post:
        post.post([first, second])
        await post.settled()

        assert postbox.taken == [second.id]
        assert states(town) == ["waiting", "waiting"]
        assert await post.sweep(alone=True) == 2
        await post.settled()
        assert states(town) == ["failed", "sent"]
        assert postbox.taken == [second.id]


async def test_nothing_is_settled_while_a_note_is_still_being_written(town: Town) -> None:
    letters, postbox = owed(town, "/help"), Postbox()
    async with posting(town, postbox) as post:
        post.post(letters)
        await post.sent()
        noting = asyncio.create_task(post.note())
        await asyncio.sleep(0)
        await post.settled()

        assert states(town) == ["sent"]
        await noting


async def test_a_letter_whose_arrival_cannot_be_noted_is_not_sent_again(
    town: Town, fickle: Fickle
) -> None:
    letters, postbox = owed(town, "/help"), Postbox()
    fickle.before = 1
    async with posting(town, postbox) as post:
        post.post(letters)
        await post.settled()
        assert states(town) == ["waiting"]
        await post.sweep(alone=True)
        await post.settled()

    assert postbox.taken == [letters[0].id]
    assert states(town) == ["sent"]
