"""Wall times and days of an event file, turned into instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = ["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"]
_TIME = (
    r"(?:(?:[Tt]|,?\s+)(?:um\s+)?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?::00)?(?:\s*Uhr)?)?"
)
_GERMAN = re.compile(
    r"(?:[A-Za-z]+,?\s+)?(?:den\s+)?(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2}\.|[A-Za-zä]+\.?)\s*"
    rf"(?P<year>\d{{4}}){_TIME}"
)
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d?)-(?P<day>\d\d?){_TIME}")


class NoSuchTime(ValueError):
    """The clocks of the zone never show this time: it falls into the change to summer time."""


class TwoSuchTimes(ValueError):
    """The clocks of the zone show this time twice: it falls into the change to winter time."""


def understood(written: object) -> object:
    """Give the day or the wall time that a text means: “20. August 2020, 18 Uhr”, “20.08.2020”."""
    if not isinstance(written, str):
        return written
    found = _GERMAN.fullmatch(written.strip()) or _ISO.fullmatch(written.strip())
    if found is None:
        return written
    try:
        day = date(int(found["year"]), _month(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return day
        return datetime.combine(day, time(int(found["hour"]), int(found["minute"] or 0)))
    except ValueError:  # no such day, month or time
        return written


def _month(written: str) -> int:
    name = written.rstrip(".").lower()
    return int(name) if name.isdecimal() else _MONTHS.index(name[:3]) + 1


def end_is_before(end: object, now: datetime) -> bool:
    """Tell whether the wall time of an end has passed everywhere."""
    wall = understood(end)
    if not isinstance(wall, datetime) or wall.tzinfo is not None:
        return False
    return wall.replace(tzinfo=UTC) < now - timedelta(days=1)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Give the one instant (UTC) at which the clocks of a zone show a wall time."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchTime(wall)
    if first != wall.replace(tzinfo=zone, fold=1).astimezone(UTC):
        raise TwoSuchTimes(wall)
    return first


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant (UTC) that no longer belongs to a day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
