"""The time of a call, as people in an office write it, turned into an instant that has passed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.domain.events import Event
from bot.services.eventfiles.times import NoSuchTime, TwoSuchTimes, instant
from bot.services.refusals import OperatorError

LONG_AGO = timedelta(days=7)
"""An older call is more likely a slip in the date than one that nobody has entered so far."""

EXAMPLES = "“12.08.2020 10:30”, “12.08. 10:30”, “today 10:30” or “2020-08-12 10:30”"
_LEAP_YEARS_APART = 9
"""So many years may lie between two days that are called 29 February."""

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?(?: ?uhr)?"
_GERMAN = r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}|\d{2}))?"
_ISO = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_WORD = r"(?P<word>today|heute|yesterday|gestern)"
_BETWEEN = r"(?:,? (?:um |at )?|t)"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_GERMAN}{_BETWEEN}{_CLOCK}",
        rf"{_ISO}{_BETWEEN}{_CLOCK}",
        rf"{_WORD}{_BETWEEN}{_CLOCK}",
        _CLOCK,
    )
)


def called_at(text: str, event: Event, now: datetime, *, long_ago: bool) -> datetime:
    """Read when somebody called, on the clock where the event is."""
    wall = _wall(text, event.local(now).replace(tzinfo=None))
    try:
        at = instant(wall, event.zone)
    except NoSuchTime as error:
        raise OperatorError("--at: the clocks skip this time (summer time begins).") from error
    except TwoSuchTimes as error:
        raise OperatorError("--at: this time comes twice (summer time ends).") from error
    except OverflowError as error:
        raise _unreadable(text) from error
    if at > now:
        raise OperatorError(f"--at: {wall:%Y-%m-%d %H:%M} has not come yet.")
    if now - at > LONG_AGO and not long_ago:
        raise OperatorError(
            f"--at: {wall:%Y-%m-%d %H:%M} is {(now - at).days} days ago, and would stand before "
            "all who came after that.\nIf it is no slip, add: --long-ago"
        )
    return at


def _wall(text: str, here: datetime) -> datetime:
    """Read a time; a day without a year is the latest one that has come."""
    said = " ".join(text.lower().split())
    found = next(filter(None, (pattern.fullmatch(said) for pattern in _PATTERNS)), None)
    if found is None:
        raise _unreadable(text)
    parts = found.groupdict()
    try:
        clock = here.replace(
            hour=int(parts["hour"]), minute=int(parts["minute"]), second=0, microsecond=0
        )
        if "month" not in parts:
            back = parts.get("word") in {"yesterday", "gestern"}
            return clock - timedelta(days=back)
        return _on(clock, int(parts["month"]), int(parts["day"]), parts["year"])
    except (ValueError, OverflowError) as error:
        raise _unreadable(text) from error


def _on(clock: datetime, month: int, day: int, year: str | None) -> datetime:
    if year is not None:
        return clock.replace(
            year=int(year) if len(year) > len("20") else 2000 + int(year), month=month, day=day
        )
    tomorrow = clock.replace(hour=0, minute=0) + timedelta(days=1)
    for earlier in range(_LEAP_YEARS_APART):
        try:
            wall = clock.replace(year=clock.year - earlier, month=month, day=day)
        except ValueError:  # 29 February, or no day at all
            continue
        if wall < tomorrow:
            return wall
    raise ValueError(month, day)


def _unreadable(text: str) -> OperatorError:
    return OperatorError(f"--at: “{text}” is no day with a time. Write {EXAMPLES}.")
