"""The network is away, or one letter makes it look so: nothing is lost, the log says it once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.delivery import Attempt, Away, Rejected, Sent
from bot.delivery.dispatches import MOST_ATTEMPTS
from bot.store.outbox import Letter
from tests.delivery.posts import Answer, Postbox, open_delivery, owed, states, stored, written
from tests.town import Town
from tests.virtual import in_virtual_time

AWAY, BACK = "terminal does not answer (ReadTimeout); letters wait", "terminal answers again"


def now() -> float:
    return asyncio.get_running_loop().time()


def away_until(moment: float) -> Callable[[Letter], Attempt]:
    return lambda _letter: Away("ReadTimeout") if now() < moment else Sent()


def crowd(size: int) -> list[str]:
    return [f"citizen {number}" for number in range(size)]


@in_virtual_time
async def test_an_outage_of_hours_delays_and_is_logged_once(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    letters = written(town, crowd(300) * 2)
    postbox = Postbox(rule=away_until(4 * 3600), seconds=0.1)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.settled()

    assert set(states(town)) == {"sent"}
    assert [record.message for record in caplog.records] == [AWAY, BACK]
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


@in_virtual_time
async def test_during_an_outage_one_letter_at_a_time_is_tried_with_longer_and_longer_pauses(
    town: Town,
) -> None:
    letters = written(town, crowd(300))
    postbox = Postbox(rule=away_until(600), seconds=0.01)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await asyncio.sleep(599)
        trials = [moment for moment, _ in postbox.tried[64:]]
        pauses = [round(after - before, 3) for before, after in pairwise(trials)]
        tried = [number for _, number in postbox.tried]

        assert pauses == sorted(pauses)
        assert pauses[0] < 1.1
        assert pauses[-1] == pytest.approx(30, abs=0.1)
        assert len(set(tried)) == len(tried), "the same letter was tried twice, others never"
        await delivery.sent()


@in_virtual_time
async def test_after_an_outage_letters_go_at_full_speed(town: Town) -> None:
    letters = written(town, crowd(640))
    postbox = Postbox(rule=away_until(100), seconds=0.1)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.sent()

    times = sorted(postbox.times.values())
    assert times[0] <= 131
    assert times[-1] - times[0] <= 3


@in_virtual_time
async def test_a_single_letter_survives_an_outage_too(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    letters = written(town, ["anna"])
    postbox = Postbox(rule=away_until(3600))
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.settled()

    assert states(town) == ["sent"]
    assert [record.message for record in caplog.records] == [AWAY, BACK]
    assert len(postbox.tried) < 150


@in_virtual_time
async def test_a_letter_that_makes_the_network_fail_holds_up_nobody_and_is_set_aside(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    poison, *others = written(town, ["anna", *crowd(100)])
    postbox = Postbox(
        rule=lambda letter: Away("BadGateway") if letter.id == poison.id else Sent(), seconds=0.1
    )
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post([poison, *others])
        await asyncio.sleep(1)
        assert len(postbox.taken) == 100
        for round_ in range(1, 200):
            delivery.post(written(town, [f"later {round_}"]))
            await asyncio.sleep(2)
        await delivery.settled()

    assert stored(town)[0]["state"] == "failed"
    assert stored(town)[0]["reason"] == "the network fails whenever it is sent"
    assert len(postbox.taken) == 299
    assert len([one for one in postbox.tried if one[1] == poison.id]) <= 2 * MOST_ATTEMPTS
    assert max(postbox.times[letter.id] for letter in others) < 1
    assert "does not answer" not in caplog.text


@in_virtual_time
async def test_what_fails_in_an_outage_is_not_blamed_for_it(town: Town) -> None:
    letters = written(town, crowd(3))

    def flickering(_letter: Letter) -> Attempt:
        return Away("ConnectError") if now() % 100 < 90 else Sent()

    postbox = Postbox(rule=flickering, seconds=1)
    async with open_delivery(town.database, postbox) as delivery:
        for _ in range(30):
            delivery.post(letters)
            await asyncio.sleep(100)
            letters = written(town, crowd(3))
        await delivery.settled()

    assert "failed" not in states(town)


@in_virtual_time
async def test_a_fault_of_the_program_is_logged_by_its_type_and_counted(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    letters = [*owed(town, "/help", "/idea"), *written(town, ["bert"])]
    guilty = letters[0].id

    def faulty(letter: Letter) -> Answer:
        return ZeroDivisionError("anna's secret") if letter.id == guilty else Sent()

    postbox = Postbox(rule=faulty)
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post(letters)
        await delivery.settled()

    assert states(town) == ["failed", "sent", "sent"]
    assert len([one for one in postbox.tried if one[1] == guilty]) == MOST_ATTEMPTS
    assert postbox.numbers == [letters[2].id, letters[1].id]
    assert postbox.times[letters[2].id] == 0
    assert f"letter {guilty}: ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


@in_virtual_time
async def test_a_network_that_refuses_a_letter_is_there(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = written(town, ["anna", "bert", "cem"])
    postbox = Postbox(Away("ReadTimeout"), Away("ReadTimeout"), Rejected("too long"))
    async with open_delivery(town.database, postbox) as delivery:
        delivery.post([first, second])
        await asyncio.sleep(0.1)
        delivery.post([third])
        await delivery.settled()

    assert sorted(states(town)) == ["failed", "sent", "sent"]
    assert BACK in caplog.text
