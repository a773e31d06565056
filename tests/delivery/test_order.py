"""Who goes when: in order within a chat, replies before bulk, and nobody before their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.delivery import ChatLimit, Later, Limits, Sent
from bot.delivery.queues import Queues
from bot.store.outbox import Letter
from tests.delivery.posts import Postbox, is_sorted, leases_end, open_delivery, written
from tests.town import Town
from tests.virtual import in_virtual_time


def to(chats: Iterable[str], *, bulk: bool = False, first: int = 1) -> list[Letter]:
    return [
        Letter(number, Postbox.channel, chat, {}, bulk) for number, chat in enumerate(chats, first)
    ]


def crowd(size: int) -> list[str]:
    return [f"citizen {number}" for number in range(size)]


@in_virtual_time
async def test_no_more_than_so_many_are_sent_at_once(town: Town) -> None:
    postbox = Postbox(seconds=0.3)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(crowd(200)))
        await delivery.sent()

    assert postbox.most_at_once == 64
    assert len(postbox.taken) == 200


@in_virtual_time
async def test_letters_of_a_chat_go_one_after_the_other_in_order(town: Town) -> None:
    postbox = Postbox(seconds=0.1)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(["anna", "bert"] * 20))
        await delivery.sent()

    for chat in ("anna", "bert"):
        assert is_sorted([letter.id for letter in postbox.taken if letter.chat == chat])


@in_virtual_time
async def test_a_letter_that_was_left_behind_goes_before_a_newer_one(town: Town) -> None:
    first, second, third = to(["anna"] * 3)
    postbox = Postbox(seconds=0.1)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post([first])
        delivery.post([third])
        delivery.post([second])
        await delivery.sent()

    assert postbox.numbers == [1, 2, 3]


@in_virtual_time
async def test_whoever_is_owed_a_lot_does_not_hold_up_others(town: Town) -> None:
    postbox = Postbox(seconds=0.1)
    limits = Limits(in_flight=1)
    async with open_delivery(town.database, postbox, limits) as delivery:
        delivery.post(to(["flooder"] * 50))
        delivery.post(to(["anna"], first=100))
        await delivery.sent()

    assert postbox.numbers.index(100) <= 1


@in_virtual_time
async def test_a_reply_overtakes_bulk_letters_of_its_chat_that_wait(town: Town) -> None:
    postbox = Postbox(seconds=0.1)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(["anna"] * 3, bulk=True))
        delivery.post(to(["anna"] * 2, first=10))
        await delivery.sent()

    assert [number for number in postbox.numbers if number >= 10] == [10, 11]
    assert postbox.numbers in ([10, 11, 1, 2, 3], [1, 10, 11, 2, 3])


@in_virtual_time
async def test_a_reply_overtakes_a_bulk_letter_that_was_told_to_wait(town: Town) -> None:
    postbox = Postbox(Later(timedelta(seconds=5)))
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(["anna"], bulk=True))
        await asyncio.sleep(1)
        delivery.post(to(["anna"], first=10))
        await delivery.sent()

    assert postbox.numbers == [10, 1]


@in_virtual_time
async def test_bulk_letters_keep_their_pace(town: Town) -> None:
    postbox = Postbox(seconds=0.2)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(crowd(500), bulk=True))
        await delivery.sent()

    begun = [moment for moment, _ in postbox.tried]
    within_a_second = [
        sum(first <= moment < first + 1 for moment in begun) for first in begun[:-25]
    ]
    assert max(within_a_second) <= 26
    assert 19 <= begun[-1] <= 21


@pytest.mark.slow
@in_virtual_time
async def test_a_reply_goes_at_once_while_thousands_of_bulk_letters_wait(town: Town) -> None:
    postbox = Postbox(seconds=10)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(crowd(5000), bulk=True))
        await asyncio.sleep(60)
        posted = asyncio.get_running_loop().time()
        delivery.post(to(["anna"], first=10_000))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

        assert postbox.tried[-1] == (posted, 10_000)
        assert postbox.at_once <= 33


@in_virtual_time
async def test_one_chat_that_waits_does_not_hold_up_others(town: Town) -> None:
    anna, bert = to(["anna", "bert"])
    postbox = Postbox(
        rule=lambda letter: (
            Later(timedelta(minutes=5))
            if letter.chat == "anna" and asyncio.get_running_loop().time() < 60
            else Sent()
        )
    )
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post([anna, bert])
        await delivery.sent()

    assert postbox.times == {bert.id: 0, anna.id: 300}


@in_virtual_time
async def test_when_the_network_asks_everybody_to_wait_everybody_does(town: Town) -> None:
    half_a_minute = timedelta(seconds=30)
    postbox = Postbox(Later(half_a_minute, everybody=half_a_minute))
    async with open_delivery(town.database, postbox, Limits(in_flight=1)) as delivery:
        delivery.post(to(crowd(10)))
        await delivery.sent()

    assert min(postbox.times.values()) >= 30
    assert len(postbox.taken) == 10


@in_virtual_time
async def test_after_a_pause_for_everybody_one_letter_is_tried_before_the_others(
    town: Town,
) -> None:
    moment = timedelta(seconds=1)
    postbox = Postbox(*[Later(moment, everybody=moment)] * 5, seconds=0.1)
    async with open_delivery(town.database, postbox, Limits(in_flight=5)) as delivery:
        delivery.post(to(crowd(100)))
        await delivery.sent()

    tried = [moment for moment, _ in postbox.tried]
    assert len([each for each in tried if 1 <= each < 1.15]) == 1
    assert len(postbox.taken) == 100


@in_virtual_time
async def test_who_is_owed_a_lot_gets_it_at_a_pace_and_holds_up_nobody(town: Town) -> None:
    limits = Limits(in_flight=4, chat=ChatLimit(at_once=10, per_second=1))
    postbox = Postbox(seconds=0.01)
    async with open_delivery(town.database, postbox, limits) as delivery:
        greedy = to(["anna"] * 30)
        delivery.post(greedy)
        await asyncio.sleep(5)
        newcomer = Letter(1000, Postbox.channel, "bert", {"text": "Hello"})
        delivery.post([newcomer])
        await delivery.sent()

    times = [postbox.times[letter.id] for letter in greedy]
    assert times[9] < 1
    assert times[-1] == pytest.approx(20, abs=1)
    assert postbox.times[newcomer.id] == pytest.approx(5, abs=0.1)


@in_virtual_time
async def test_many_letters_to_a_few_people_keep_no_others_from_being_swept_up(town: Town) -> None:
    limits = Limits(chat=ChatLimit(at_once=1, per_second=0.01))
    postbox = Postbox()
    async with open_delivery(town.database, postbox, limits, running=True) as delivery:
        delivery.post(written(town, ["anna"] * 1500))
        [left_behind] = written(town, ["bert"])
        leases_end(town)
        await asyncio.sleep(3)

        assert left_behind.id in postbox.times


@in_virtual_time
async def test_being_told_to_wait_a_hundred_times_is_no_reason_to_give_up(town: Town) -> None:
    postbox = Postbox(*[Later(timedelta(seconds=3))] * 100)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(to(["anna"]))
        await delivery.sent()

    assert postbox.numbers == [1]


class TestQueues:
    def test_what_does_not_wait_goes_before_what_is_owed_longer(self) -> None:
        queues = Queues()
        first = Letter(4, Postbox.channel, "anna", {"first": True})
        for letter in [*to(["anna"] * 3), first]:
            queues.add(letter)
        taken = []
        while (letter_ := queues.take(bulk=False)) is not None:
            taken.append(letter_.id)
            queues.free("anna")

        assert taken == [4, 1, 2, 3]

    def test_a_chat_stands_in_line_once(self) -> None:
        queues = Queues()
        for letter in to(["anna", "anna", "bert"]):
            queues.add(letter)

        taken = [queues.take(bulk=False) for _ in range(3)]
        assert [letter.id if letter else None for letter in taken] == [1, 3, None]

    def test_what_is_owed_no_more_is_dropped(self) -> None:
        queues = Queues()
        for letter in to(["anna", "anna", "bert", "cem"]):
            queues.add(letter)
        busy = queues.take(bulk=False)
        queues.discard({2, 3})

        assert busy is not None
        queues.free(busy.chat)
        rest = queues.take(bulk=False)
        assert rest is not None
        assert rest.id == 4
        queues.free("cem")
        assert len(queues) == 0

    def test_a_chat_with_bulk_letters_left_changes_the_line(self) -> None:
        queues = Queues()
        for letter in [*to(["anna"]), *to(["anna"], bulk=True, first=2)]:
            queues.add(letter)
        queues.discard({1})

        assert queues.take(bulk=False) is None
        assert queues.take(bulk=True) is not None
