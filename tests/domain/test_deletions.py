"""The time that deletions follow: it believes no single look at the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deletions import ANNOUNCED_FOR, FollowedTime

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def followed(*looks: datetime) -> datetime:
    """Look at the clock several times, the first of which is believed."""
    time = FollowedTime(looks[0], looks[0])
    for now in looks[1:]:
        time = time.after(now)
    return time.believed


def test_a_clock_that_runs_is_believed() -> None:
    assert followed(*(NOON + number * MINUTE for number in range(100))) == NOON + 99 * MINUTE


@pytest.mark.parametrize("ahead", [2 * DAY, 400 * DAY, 40_000 * DAY])
def test_a_clock_that_jumps_ahead_gains_a_day_at_most(ahead: timedelta) -> None:
    assert followed(NOON, NOON + ahead) == NOON + DAY
    assert followed(NOON, NOON + ahead, NOON + ahead + MINUTE) == NOON + DAY + 2 * MINUTE


def test_what_a_wrong_clock_gained_is_lost_when_it_is_set_right() -> None:
    wrong = NOON + 400 * DAY

    looks = [NOON, *(time for number in range(1, 50) for time in (wrong, NOON + number * MINUTE))]

    assert followed(*looks) == NOON + 49 * MINUTE
    assert followed(*looks, wrong) < NOON + ANNOUNCED_FOR


def test_a_clock_that_is_set_back_takes_the_time_with_it() -> None:
    assert followed(NOON, NOON - 5 * DAY) == NOON - 5 * DAY


def test_after_a_pause_the_time_catches_up() -> None:
    back = NOON + 10 * DAY

    looks = [NOON, *(back + number * DAY for number in range(10))]

    assert followed(*looks) == looks[-1]


def test_one_look_a_day_is_enough() -> None:
    assert followed(*(NOON + number * DAY for number in range(30))) == NOON + 29 * DAY
