"""What was read so far from an event file, for the checks that compare, and how they refuse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import shorten
from typing import NoReturn
from zoneinfo import ZoneInfo

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from bot.services.eventfiles.times import (
    NoSuchTime,
    TwoSuchTimes,
    end_is_before,
    end_of_day,
    instant,
    understood,
)

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = range(2000, 2200)
REFUSED = "refused"
"""The type of an error that already says what is wrong."""


def refuse(problem: str, expected: str = "") -> NoReturn:
    """Refuse a value, in words that follow its key; say what is expected if the field does not."""
    raise PydanticCustomError(REFUSED, "{problem}", {"problem": problem, "expected": expected})


@dataclass
class Reading:
    """What was read before; `slugs`, `keywords` and what stands above belongs to the whole file."""

    now: datetime | None = None
    commands: Collection[str] = ()
    slugs: set[str] = field(default_factory=set)
    keywords: set[str] = field(default_factory=set)
    zone: ZoneInfo = BERLIN
    start: datetime | None = None
    is_over: bool = False
    places: set[str] = field(default_factory=set)
    terms: dict[tuple[str, str], object] = field(default_factory=dict)

    def begin_event(self, end: object) -> None:
        """Forget what belongs to the event before; `end` is the wall time of this one, if it is."""
        self.is_over = self.now is not None and end_is_before(end, self.now)
        self.zone, self.start = BERLIN, None
        self.places, self.terms = set(), {}

    def instant(self, wall: object) -> datetime:
        """Turn a wall time of this event into an instant."""
        written = understood(wall)
        if type(written) is date:
            refuse(f"is {shown(wall)}, a day without a time", f"{{key}} = {written}T18:00:00")
        if not isinstance(written, datetime):
            refuse(f"is {shown(wall)}")
        if written.tzinfo is not None or written.year not in YEARS:
            refuse(f"is {shown(wall)}")
        return self._instant(written)

    def _instant(self, wall: datetime) -> datetime:
        try:
            return instant(wall, self.zone)
        except NoSuchTime:
            refuse(f"is {wall}, which does not exist: the clocks skip it (summer time begins)")
        except TwoSuchTimes:
            refuse(f"is {wall}, which comes twice: the clocks are put back (summer time ends)")

    def deadline(self, until: object) -> datetime:
        """Turn the end of a registration into the first instant (UTC) at which it is closed."""
        written = understood(until)
        if type(written) is date:
            if written.year not in YEARS:
                refuse(f"is {shown(until)}")
            closed = end_of_day(written, self.zone)
        else:
            closed = self.instant(until)
        if self.start is not None and closed > self.start:
            refuse(f"is {shown(until)}, so that registration would end after the start")
        return closed


def reading(info: ValidationInfo) -> Reading:
    """Give what was read so far."""
    if not isinstance(info.context, Reading):
        raise TypeError
    return info.context


def unseen(name: str, seen: set[str], what: str) -> str:
    """Refuse a name that came before."""
    folded = name.casefold()
    if folded in seen:
        refuse(f"is “{name}”, like that of another {what}", "each of them only once")
    seen.add(folded)
    return name


def shown(value: object) -> str:
    """Show a value of the file in a few characters."""
    match value:
        case str():
            return f"“{shorten(value, 60, placeholder=' …')}”"
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(value)
