"""When somebody called, as people in an office write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli.times import called_at
from bot.services.refusals import OperatorError
from tests.sample import EVENT

NOW = datetime(2020, 8, 14, 12, tzinfo=UTC)  # 14:00 in Castrop-Rauxel, a Friday


@pytest.mark.parametrize(
    "text",
    [
        *("2020-08-12 10:30", "2020-08-12T10:30", "2020-08-12 10:30:00"),
        *("12.08.2020 10:30", "12.8.2020, 10.30 Uhr", "12. 8. 2020 10:30", "12.08.20 10:30"),
        *("12.08. 10:30", " 12.8.  10:30 Uhr ", "12.08. um 10:30 Uhr"),
    ],
)
def test_a_day_and_a_time_are_understood(text: str) -> None:
    at = called_at(text, EVENT, NOW, long_ago=False)

    assert at == datetime(2020, 8, 12, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [("10:30", 14), ("heute 10:30", 14), ("today 10:30", 14), ("gestern 10:30", 13)],
)
def test_without_a_day_it_is_today(text: str, day: int) -> None:
    at = called_at(text, EVENT, NOW, long_ago=False)

    assert at == datetime(2020, 8, day, 8, 30, tzinfo=UTC)


def test_a_day_without_a_year_is_the_latest_that_has_come() -> None:
    at = called_at("30.12. 10:30", EVENT, NOW, long_ago=True)

    assert at == datetime(2019, 12, 30, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "12.08.2020", "31.02. 10:30", "31.02.2020 10:30", "12.13.2020 10:30", "25:00"),
        *("10:60", "99999-01-01 10:00", "0000-01-01 10:00", "0001-01-01 00:10", "12/08/2020 10:30"),
        *("٣:٣٠", "-1:30", "2020-08-12 10:30+02:00", "12.08.2020 10"),
    ],
)
def test_what_is_none_is_refused_with_examples(text: str) -> None:
    with pytest.raises(OperatorError, match=r"is no day with a time\. Write “12\.08\.2020 10:30”"):
        called_at(text, EVENT, NOW, long_ago=True)


@pytest.mark.parametrize("text", ["14:01", "2020-08-14 14:01", "9999-12-31 23:59"])
def test_what_lies_ahead_is_refused_in_any_case(text: str) -> None:
    with pytest.raises(OperatorError, match="has not come yet"):
        called_at(text, EVENT, NOW, long_ago=True)


def test_last_years_date_has_to_be_said_twice() -> None:
    with pytest.raises(OperatorError, match="days ago, and would stand before"):
        called_at("2019-08-12 10:30", EVENT, NOW, long_ago=False)
    at = called_at("2019-08-12 10:30", EVENT, NOW, long_ago=True)

    assert at == datetime(2019, 8, 12, 8, 30, tzinfo=UTC)
