"""Whoever says something in time is in time, even if the program was away just then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.app.presences import Presence
from bot.dialogue.messages import Content, Tapped, Typed
from bot.domain.absences import Absence
from bot.outages import PatientDatabase
from bot.turns import Turns
from tests.town import HOUSE, Citizen, Town, spoken

DEADLINE = datetime.fromisoformat("2020-08-18T00:00+02:00")
START = datetime.fromisoformat("2020-08-20T18:00+02:00")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def is_away(town: Town, since: datetime, until: datetime) -> None:
    """Let the program come back after an absence."""
    absence = Absence(since, until)
    town.turns = Turns(town.database, HOUSE, lambda: town.now, lambda: absence)


def reads(citizen: Citizen, content: Content, at: datetime, sent_at: datetime | None) -> str:
    """Let the program receive something that was sent earlier."""
    town = citizen.town
    town.now = at
    letters = town.take(replace(town.incoming(citizen, content), sent_at=sent_at))
    return spoken(letter for letter in letters if letter.chat == citizen.name)


def yes_button(citizen: Citizen) -> Tapped:
    return Tapped(citizen.town.letters[-1].payload["choices"][0][1])


@pytest.fixture
def anna(town: Town) -> Citizen:
    """Let somebody be at the summary, ten minutes before registration ends."""
    town.now = DEADLINE - 10 * MINUTE
    anna = town.citizen("anna")
    anna.registers(until="sure")
    return anna


def audited(town: Town) -> int:
    with town.database.transaction() as tx:
        found = text("select count(*) from audit where what = 'in time, the program was away'")
        return int(tx.execute(found).scalar_one())


IN_TIME = {
    "two seconds before": (DEADLINE - 2 * SECOND, DEADLINE + 2 * SECOND),
    "a microsecond before": (DEADLINE - timedelta(microseconds=1), DEADLINE + 2 * SECOND),
    "read much later": (DEADLINE - 2 * SECOND, DEADLINE + 50 * MINUTE),
    "by a clock that is slow": (DEADLINE - 3 * HOUR, DEADLINE + 2 * SECOND),
}
TOO_LATE = {
    "exactly at the deadline": (DEADLINE, DEADLINE + 2 * SECOND),
    "after it": (DEADLINE + SECOND, DEADLINE + 2 * SECOND),
    "by a clock that is fast": (DEADLINE + 3 * HOUR, DEADLINE + 2 * SECOND),
    "long after the program was back": (DEADLINE - 2 * SECOND, DEADLINE + 2 * HOUR),
}


@pytest.mark.parametrize(("sent_at", "read_at"), IN_TIME.values(), ids=IN_TIME)
def test_a_yes_before_the_deadline_counts_if_the_program_was_away(
    anna: Citizen, sent_at: datetime, read_at: datetime
) -> None:
    is_away(anna.town, DEADLINE - MINUTE, DEADLINE + SECOND)
    said = reads(anna, Typed("yes"), read_at, sent_at)

    assert "Your seat is confirmed" in said
    assert audited(anna.town) == 1


@pytest.mark.parametrize(("sent_at", "read_at"), TOO_LATE.values(), ids=TOO_LATE)
def test_a_yes_after_the_deadline_does_not(
    anna: Citizen, sent_at: datetime, read_at: datetime
) -> None:
    is_away(anna.town, DEADLINE - MINUTE, DEADLINE + SECOND)
    said = reads(anna, Typed("yes"), read_at, sent_at)

    assert "Your seat is confirmed" not in said
    assert audited(anna.town) == 0


def test_a_network_is_believed_only_about_the_time_in_which_nobody_was_there(
    anna: Citizen,
) -> None:
    is_away(anna.town, DEADLINE + SECOND, DEADLINE + MINUTE)
    said = reads(anna, Typed("yes"), DEADLINE + MINUTE, DEADLINE - HOUR)

    assert "Your seat is confirmed" not in said


def test_without_an_absence_no_network_is_believed(anna: Citizen) -> None:
    assert "confirmed" not in reads(anna, Typed("yes"), DEADLINE + SECOND, DEADLINE - SECOND)


@pytest.mark.parametrize(
    ("away_since", "tapped_after", "is_in_time"),
    [(-MINUTE, SECOND, True), (-MINUTE, 2 * MINUTE, False), (SECOND, SECOND, False)],
    ids=["just back", "back for two minutes", "away after the deadline"],
)
def test_a_tap_counts_if_the_program_was_away_at_the_deadline(
    anna: Citizen, away_since: timedelta, tapped_after: timedelta, *, is_in_time: bool
) -> None:
    back = DEADLINE + 10 * MINUTE
    is_away(anna.town, DEADLINE + away_since, back)
    said = reads(anna, yes_button(anna), back + tapped_after, None)

    assert ("Your seat is confirmed" in said) is is_in_time
    assert audited(anna.town) == is_in_time


def test_what_is_looked_up_afterwards_is_up_to_date(anna: Citizen) -> None:
    is_away(anna.town, DEADLINE - HOUR, DEADLINE + SECOND)
    said = reads(anna, Typed("/register auftakt"), DEADLINE + SECOND, DEADLINE - MINUTE)

    assert "registration" in said.lower()
    assert "What is your name" not in said


def test_a_seat_can_be_given_back_in_time_as_well(anna: Citizen) -> None:
    town = anna.town
    anna.goes_on()
    town.now = START - MINUTE
    anna.says("/mine", "1", "Give back my seat")
    is_away(town, START - MINUTE, START + SECOND)

    assert "given back" in reads(anna, Typed("yes"), START + SECOND, START - SECOND)
    assert audited(town) == 1


@pytest.fixture
def program(town: Town) -> Callable[[], Presence]:
    """Start a program that says that it is there."""
    thread = ThreadPoolExecutor(max_workers=1)
    return lambda: Presence(PatientDatabase(town.database, thread), lambda: town.now)


def beats(program: Presence, town: Town, after: timedelta) -> Absence | None:
    town.now += after
    with town.database.transaction() as tx:
        program.beat(tx)
    return program.absence


def test_an_absence_lasts_from_the_last_sign_of_life_to_the_next_start(
    town: Town, program: Callable[[], Presence]
) -> None:
    first, began = program(), town.now
    assert beats(first, town, timedelta()) is None
    assert beats(first, town, 5 * SECOND) is None

    assert beats(program(), town, 3 * HOUR) == Absence(
        began + 5 * SECOND, began + 5 * SECOND + 3 * HOUR
    )


def test_whoever_was_stopped_or_without_a_database_was_away(
    town: Town, program: Callable[[], Presence]
) -> None:
    one, began = program(), town.now
    beats(one, town, timedelta())
    assert beats(one, town, 19 * SECOND) is None

    assert beats(one, town, MINUTE) == Absence(began + 19 * SECOND, began + 79 * SECOND)


def test_a_neighbour_whose_clock_is_wrong_makes_no_absence(
    town: Town, program: Callable[[], Presence]
) -> None:
    one, neighbour = program(), program()
    beats(one, town, timedelta())
    beats(neighbour, town, HOUR)
    assert beats(one, town, 5 * SECOND - HOUR) is None
    beats(neighbour, town, HOUR)

    assert beats(one, town, 5 * SECOND - HOUR) is None


def test_a_clock_that_is_set_back_makes_no_absence(
    town: Town, program: Callable[[], Presence]
) -> None:
    one = program()
    beats(one, town, timedelta())

    assert beats(one, town, -HOUR) is None
    assert beats(one, town, 5 * SECOND) is None
