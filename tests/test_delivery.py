"""Delivery: in order within a chat, tried again, swept up after a crash, emptied when sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import update

from bot import clock
from bot.delivery import Later, Rejected, Sent
from bot.store import outbox, tables
from tests.delivery.posts import Postbox, leases_end, open_delivery, stored
from tests.delivery.posts import owed as owed_for
from tests.town import Town
from tests.virtual import in_virtual_time


def owed(town: Town) -> list[outbox.Letter]:
    return owed_for(town, "/help", "/idea")


async def test_letters_are_sent_in_order_and_then_emptied(town: Town) -> None:
    postbox, letters = Postbox(), owed(town)
    async with open_delivery(town.database, postbox) as post:
        post.post(letters)
        await post.settled()

    assert [letter.id for letter in postbox.taken] == [letter.id for letter in letters]
    assert {(row["state"], row["payload"]) for row in stored(town)} == {("sent", None)}


@in_virtual_time
async def test_a_letter_that_has_to_wait_holds_back_those_behind_it(town: Town) -> None:
    letters = owed(town)
    postbox = Postbox(Later(timedelta(0)), OSError(), Sent())
    async with open_delivery(town.database, postbox) as post:
        post.post(letters)
        await post.settled()

    assert [letter.id for letter in postbox.taken] == [letter.id for letter in letters]


async def test_a_letter_that_is_rejected_is_set_aside_with_the_reason(town: Town) -> None:
    letters = owed(town)
    postbox = Postbox(Rejected("chat not found"))
    async with open_delivery(town.database, postbox) as post:
        post.post(letters)
        await post.settled()

    first, second = stored(town)
    assert (first["state"], first["reason"], first["payload"]) == ("failed", "chat not found", None)
    assert second["state"] == "sent"


async def test_what_a_crash_left_behind_is_swept_up(town: Town) -> None:
    letters = owed(town)
    leases_end(town)
    postbox = Postbox()
    async with open_delivery(town.database, postbox) as post:
        await post.sweep()
        await post.settled()

    assert [letter.payload for letter in postbox.taken] == [letter.payload for letter in letters]


async def test_what_another_program_is_sending_is_left_alone(town: Town) -> None:
    owed(town)
    with town.database.transaction() as tx:
        tx.execute(update(tables.outbox).values(not_before=clock.now() + timedelta(minutes=1)))
    postbox = Postbox()
    async with open_delivery(town.database, postbox) as post:
        await post.sweep()
        await post.settled()

    assert postbox.taken == []


async def test_nobody_overtakes_a_letter_that_somebody_is_still_trying(town: Town) -> None:
    first, _second = owed(town)
    leases_end(town)
    with town.database.transaction() as tx:
        outbox.lease(tx, [first.id], clock.now() + timedelta(minutes=1))
        now = clock.now()

        assert outbox.claim(tx, "terminal", now, now + timedelta(minutes=1)) == []


async def test_two_programs_never_sweep_up_the_same_letter(town: Town) -> None:
    owed(town)
    leases_end(town)
    one, other = Postbox(), Postbox()
    async with (
        open_delivery(town.database, one) as first,
        open_delivery(town.database, other) as second,
    ):
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
    leases_end(town)
    with town.database.transaction() as tx:
        now = clock.now()
        claimed = outbox.claim(tx, "terminal", now, now + timedelta(minutes=1))

    assert [letter.id for letter in claimed] == [letters[1].id, letters[0].id]
