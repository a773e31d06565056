"""Somebody blocks the bot: what they are owed waits for them, and goes out when they are back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.delivery import AHEAD, HELD, Gone, Sent
from bot.dialogue.messages import Left, Typed
from bot.store import outbox, tables
from bot.store.outbox import OUT_OF_REACH, Letter
from bot.turns import LEASE, Turns
from tests.delivery.posts import Postbox, open_delivery, states, stored, written
from tests.town import HOUSE, Town
from tests.virtual import in_virtual_time


def blocked(letter: Letter) -> Gone | Sent:
    return Gone("blocked") if letter.chat == "anna" else Sent()


@pytest.fixture(autouse=True)
def today(town: Town) -> None:
    """Let the town live today: deliveries do."""
    town.now = clock.now()
    town.turns = Turns(town.database, HOUSE, clock.now)


def says(town: Town, name: str, text: str) -> list[Letter]:
    return town.take(town.incoming(town.citizen(name), Typed(text)))


def unreachable_since(town: Town, chat: str) -> datetime | None:
    chats, persons = tables.conversations, tables.persons
    with town.database.transaction() as tx:
        found: datetime | None = tx.execute(
            select(persons.c.unreachable_since).join(chats).where(chats.c.chat == chat)
        ).scalar_one()
    return found


async def block(town: Town) -> Postbox:
    """Let Anna block the bot while she is owed three letters, and Bert one."""
    letters = [*says(town, "anna", "/help"), *says(town, "bert", "/help")]
    letters += written(town, ["anna"], bulk=True) + says(town, "anna", "/idea")
    postbox = Postbox(rule=blocked)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.settled()
    return postbox


@in_virtual_time
async def test_everything_waits_for_whoever_cannot_be_reached(town: Town) -> None:
    postbox = await block(town)

    rows = [row for row in stored(town) if row["chat"] == "anna"]
    assert [letter.chat for letter in postbox.taken] == ["bert"]
    assert len([one for one in postbox.tried if one[1] != postbox.taken[0].id]) == 1
    assert [row["state"] for row in rows] == ["waiting"] * 3
    assert all(row["not_before"] > clock.now() + AHEAD for row in rows)
    assert all(row["payload"] for row in rows)


@in_virtual_time
async def test_only_they_are_noted_as_unreachable_and_since_the_first_time(town: Town) -> None:
    await block(town)
    since = unreachable_since(town, "anna")
    assert since is not None
    async with open_delivery(town.database, Postbox(rule=blocked)) as delivery:
        delivery.post(written(town, ["anna"]))
        await delivery.settled()

    assert unreachable_since(town, "anna") == since
    assert unreachable_since(town, "bert") is None
    assert states(town).count("waiting") == 4


@in_virtual_time
async def test_nobody_sweeps_up_what_is_held_not_even_at_the_start(town: Town) -> None:
    await block(town)
    async with open_delivery(town.database, Postbox()) as delivery:
        assert await delivery.sweep() == 0
        assert await delivery.sweep(alone=True) == 0


@in_virtual_time
async def test_whoever_writes_again_gets_what_was_held_before_the_answer(town: Town) -> None:
    await block(town)
    held = [row["id"] for row in stored(town) if row["chat"] == "anna"]
    letters = says(town, "anna", "/events")
    assert unreachable_since(town, "anna") is None
    postbox = Postbox()
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.settled()

    help_, bulk, idea = held
    answers = [letter.id for letter in letters if letter.id not in held]
    assert answers
    assert postbox.numbers == [help_, idea, *answers, bulk]
    assert set(states(town)) == {"sent"}


@in_virtual_time
async def test_others_who_write_get_nothing_of_it(town: Town) -> None:
    await block(town)
    letters = says(town, "bert", "/events")

    assert {letter.chat for letter in letters} == {"bert"}
    assert unreachable_since(town, "anna") is not None


@in_virtual_time
async def test_a_letter_that_is_being_sent_is_not_taken_for_one_that_is_held(town: Town) -> None:
    await block(town)
    now = clock.now()
    with town.database.transaction() as tx:
        letter = Letter(0, "terminal", "anna", {"text": "Hello"})
        (in_hand,) = outbox.put(tx, [letter], now, now + LEASE)

    assert in_hand.id not in {letter.id for letter in says(town, "anna", "/events")[:-1]}


def test_whoever_leaves_is_noted_and_whoever_comes_back_is_found_again(town: Town) -> None:
    anna = town.citizen("anna")
    anna.says("/help")
    assert town.take(town.incoming(anna, Left())) == []
    assert unreachable_since(town, "anna") is not None
    town.take(town.incoming(anna, Left()))
    assert unreachable_since(town, "anna") is not None

    anna.says("/help")
    assert unreachable_since(town, "anna") is None


def test_whoever_can_be_reached_costs_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.citizen("anna").says("/help")

    def costs(*_: object) -> None:
        raise AssertionError

    for function in ("people.lose", "people.find_again", "outbox.resume"):
        monkeypatch.setattr(f"bot.services.reach.{function}", costs)
    assert town.citizen("anna").says("/help")


@in_virtual_time
async def test_what_has_been_held_for_a_month_is_set_aside(town: Town) -> None:
    await block(town)
    with town.database.transaction() as tx:
        tx.execute(
            update(tables.outbox)
            .where(tables.outbox.c.state == "waiting")
            .values(created_at=clock.now() - HELD, not_before=clock.now() - timedelta(seconds=1))
        )
    async with open_delivery(town.database, Postbox(rule=blocked)) as delivery:
        await delivery.sweep()
        await delivery.settled()

    rows = [row for row in stored(town) if row["chat"] == "anna"]
    assert {(row["state"], row["payload"], row["reason"]) for row in rows} == {
        ("failed", None, OUT_OF_REACH)
    }
