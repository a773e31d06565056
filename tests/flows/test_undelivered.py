"""Staff see whom to call, because nothing reaches them in the chat, and what was set aside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.people import Role
from bot.services import people as members
from bot.store import outbox, people
from bot.store.outbox import Letter
from tests.town import Citizen, Town


@pytest.fixture
def clerk(town: Town) -> Citizen:
    clerk = town.citizen("clerk")
    with town.database.transaction() as tx:
        code = members.invite(tx, Role.REGISTRAR, town.now)
    clerk.says(f"staff-{code}")
    return clerk


def blocks(town: Town, name: str) -> None:
    with town.database.transaction() as tx:
        people.lose(tx, "terminal", [name], town.now)


def registered(town: Town, name: str, called: str, contact: str) -> Citizen:
    citizen = town.citizen(name)
    assert "Your seat is confirmed" in citizen.registers(name=called, contact=contact)
    return citizen


def test_when_everybody_can_be_reached_there_is_nothing_to_do(clerk: Citizen) -> None:
    said = clerk.says("/undelivered")

    assert "Everybody who is registered can be reached." in said
    assert "Every message of the last 30 days has arrived" in said


def test_whoever_has_a_seat_and_cannot_be_reached_has_to_be_called(
    town: Town, clerk: Citizen
) -> None:
    registered(town, "anna", "Anna Beispiel", "02305 106-2101")
    registered(town, "bert", "Bert Muster", "here")
    registered(town, "cem", "Cem Muster", "02305 106-2102")
    town.citizen("dora").says("/help")
    for name in ("anna", "bert", "dora"):
        blocks(town, name)
    said = clerk.says("/unzustellbar")

    assert "Kick-off: Our city goes digital" in said
    assert "Anna Beispiel – 02305 1062101, unreachable since" in said
    assert "no telephone, no e-mail" in said
    assert "Bert Muster, unreachable since" in said
    assert "Cem" not in said
    assert "dora" not in said
    assert said.index("Anna") < said.index("Bert")


def test_whoever_writes_again_or_has_cancelled_need_not_be_called(
    town: Town, clerk: Citizen
) -> None:
    anna = registered(town, "anna", "Anna Beispiel", "02305 106-2101")
    bert = registered(town, "bert", "Bert Muster", "02305 106-2102")
    bert.says("/mine", "1", "cancel my registration", "yes")
    for name in ("anna", "bert"):
        blocks(town, name)
    anna.says("/help")

    assert "Everybody who is registered can be reached." in clerk.says("/undelivered")


def test_after_the_event_nobody_has_to_be_called(town: Town, clerk: Citizen) -> None:
    registered(town, "anna", "Anna Beispiel", "02305 106-2101")
    blocks(town, "anna")
    town.passes(timedelta(days=11))

    assert "Anna" not in clerk.says("/undelivered")


def test_what_was_set_aside_is_counted_by_reason(town: Town, clerk: Citizen) -> None:
    letters = [Letter(0, "terminal", chat, {}) for chat in "abc"]
    with town.database.transaction() as tx:
        stored = outbox.put(tx, letters, town.now, town.now)
        for letter, reason in zip(stored, ("too long", "too long", "<b>odd"), strict=True):
            outbox.give_up(tx, letter.id, reason)
    said = clerk.says("/undelivered")

    assert "2 × too long\n1 × <b>odd" in said


def test_nobody_else_sees_it(town: Town) -> None:
    moderator = town.citizen("moderator")
    with town.database.transaction() as tx:
        code = members.invite(tx, Role.MODERATOR, town.now)
    moderator.says(f"staff-{code}")

    for citizen in (moderator, town.citizen("anna")):
        assert "I do not know that command" in citizen.says("/undelivered")
