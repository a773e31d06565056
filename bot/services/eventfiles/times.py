"""Wall times and days of an event file, turned into instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clocks of the zone never show this time: it falls into the change to summer time."""


class TwoSuchTimes(ValueError):
    """The clocks of the zone show this time twice: it falls into the change to winter time."""


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
