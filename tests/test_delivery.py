"""Delivery: in order within a chat, tried again, swept up after a crash, emptied when sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import clock, delivery
from bot.delivery import Attempt, Delivery, Later, Rejected, Sent
from bot.dialogue.messages import Typed
from bot.store import outbox, tables
from bot.store.outbox import Letter
from tests.town import Town


class Postbox:
    """A network that takes letters, unless it is told to do something else first."""

    channel = "terminal"

    def __init__(self, *attempts: Attempt | Exception) -> None:
        self.attempts = list(attempts)
        self.taken: list[Letter] = []

    async def send(self, letter: Letter) -> Attempt:
        await asyncio.sleep(0)
        attempt = self.attempts.pop(0) if self.attempts else Sent()
        if isinstance(attempt, Exception):
            raise attempt
        if isinstance(attempt, Sent):
            self.taken.append(letter)
        return attempt


@asynccontextmanager
async def open_delivery(town: Town, postbox: Postbox) -> AsyncIterator[Delivery]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield Delivery(town.database, thread, postbox)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_PAUSE", timedelta(milliseconds=1))


def owed(town: Town) -> list[Letter]:
    anna = town.citizen("anna")
    return [
        letter
        for text in ("/help", "/idea")
        for letter in town.take(town.incoming(anna, Typed(text)))
    ]


def stored(town: Town) -> list[dict[str, Any]]:
    with town.database.transaction() as tx:
        rows = tx.execute(select(tables.outbox).order_by(tables.outbox.c.id))
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 (its public name)


def lease_ends(town: Town) -> None:
    with town.database.transaction() as tx:
        past = clock.now() - timedelta(seconds=1)
        tx.execute(update(tables.outbox).values(not_before=past))


async def test_letters_are_sent_in_order_and_then_emptied(town: Town) -> None:
    postbox, letters = Postbox(), owed(town)
    async with open_delivery(town, postbox) as post:
        post.post(letters)
        await post.settled()

    assert [letter.id for letter in postbox.taken] == [letter.id for letter in letters]
    assert {(row["state"], row["payload"]) for row in stored(town)} == {("sent", None)}


async def test_a_letter_that_has_to_wait_holds_back_those_behind_it(town: Town) -> None:
    letters = owed(town)
    postbox = Postbox(Later(timedelta(0)), OSError(), Sent())
    async with open_delivery(town, postbox) as post:
        post.post(letters)
        await post.settled()

    assert [letter.id for letter in postbox.taken] == [letter.id for letter in letters]


async def test_a_letter_that_is_rejected_is_set_aside_with_the_reason(town: Town) -> None:
    letters = owed(town)
    postbox = Postbox(Rejected("chat not found"))
    async with open_delivery(town, postbox) as post:
        post.post(letters)
        await post.settled()

    first, second = stored(town)
    assert (first["state"], first["reason"], first["payload"]) == ("failed", "chat not found", None)
    assert second["state"] == "sent"


async def test_what_a_crash_left_behind_is_swept_up(town: Town) -> None:
    letters = owed(town)
    lease_ends(town)
    postbox = Postbox()
    async with open_delivery(town, postbox) as post:
        await post.sweep()
        await post.settled()

    assert [letter.payload for letter in postbox.taken] == [letter.payload for letter in letters]


async def test_what_another_program_is_sending_is_left_alone(town: Town) -> None:
    owed(town)
    with town.database.transaction() as tx:
        tx.execute(update(tables.outbox).values(not_before=clock.now() + timedelta(minutes=1)))
    postbox = Postbox()
    async with open_delivery(town, postbox) as post:
        await post.sweep()
        await post.settled()

    assert postbox.taken == []


async def test_nobody_overtakes_a_letter_that_somebody_is_still_trying(town: Town) -> None:
    first, _second = owed(town)
    lease_ends(town)
    with town.database.transaction() as tx:
        outbox.postpone(tx, first.id, clock.now() + timedelta(minutes=1))
        now = clock.now()

        assert outbox.claim(tx, "terminal", now, now + timedelta(minutes=1)) == []


async def test_two_programs_never_sweep_up_the_same_letter(town: Town) -> None:
    owed(town)
    lease_ends(town)
    one, other = Postbox(), Postbox()
    async with open_delivery(town, one) as first, open_delivery(town, other) as second:
        await asyncio.gather(first.sweep(), second.sweep())
        await first.settled()
        await second.settled()

    assert len(one.taken) + len(other.taken) == 2


async def test_bulk_stands_behind_replies(town: Town) -> None:
    letters = owed(town)
    with town.database.transaction() as tx:
        tx.execute(
            update(tables.outbox).where(tables.outbox.c.id == letters[0].id).values(bulk=True)
        )
    lease_ends(town)
    with town.database.transaction() as tx:
        now = clock.now()
        claimed = outbox.claim(tx, "terminal", now, now + timedelta(minutes=1))

    assert [letter.id for letter in claimed] == [letters[1].id, letters[0].id]
