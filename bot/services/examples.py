"""The example that ships with the program: the two events of August 2020, as if they were ahead."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)

_DATE = re.compile(r"\b2020-\d\d-\d\d(?!\d)")
_KEYWORD = re.compile(r'(?<="Digitalisierung )(\d\d)\.(\d\d)\.(?=")')
_BERLIN = ZoneInfo("Europe/Berlin")


def as_published() -> str:
    """Give the event file with the dates of the press release."""
    return files("bot.services").joinpath("example.toml").read_text(encoding="utf-8")


def example(now: datetime) -> str:
    """Give the event file with all dates moved by whole weeks, so that they lie after today.

    Weekdays and wall times stay. The days in the keywords move along.
    """
    text = as_published()
    shift = _weeks(now.astimezone(_BERLIN).date() - _first_day(text)) * WEEK
    text = _DATE.sub(lambda found: str(date.fromisoformat(found[0]) + shift), text)
    return _KEYWORD.sub(lambda found: f"{_day(found) + shift:%d.%m.}", text)


def _first_day(text: str) -> date:
    return min(date.fromisoformat(found) for found in _DATE.findall(text))


def _weeks(late: timedelta) -> int:
    """Count the weeks after which a day that is this `late` lies ahead."""
    return max(0, late // WEEK + 1)


def _day(found: re.Match[str]) -> date:
    return date(2020, int(found[2]), int(found[1]))
