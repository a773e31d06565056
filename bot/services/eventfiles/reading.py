"""What was read so far from an event file, for the checks that compare, and how they refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import shorten
from typing import NoReturn
from zoneinfo import ZoneInfo

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from bot.services.eventfiles.times import NoSuchTime, TwoSuchTimes, end_of_day, instant

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = range(2000, 2200)
REFUSED = "refused"
"""The type of an error that already says what is wrong."""


def refuse(problem: str, expected: str = "") -> NoReturn:
    """Refuse a value, in words that follow its key; say what is expected if the field does not."""
    raise PydanticCustomError(REFUSED, "{problem}", {"problem": problem, "expected": expected})


@dataclass
class Reading:
    """What was read before; all but `slugs` and `keywords` belongs to the event at hand."""

    slugs: set[str] = field(default_factory=set)
    keywords: set[str] = field(default_factory=set)
    zone: ZoneInfo = BERLIN
    start: datetime | None = None
    places: set[str] = field(default_factory=set)
    terms: dict[tuple[str, str], object] = field(default_factory=dict)

    def begin_event(self) -> None:
        """Forget what belongs to the event before."""
        self.zone, self.start = BERLIN, None
        self.places, self.terms = set(), {}

    def instant(self, wall: object) -> datetime:
        """Turn a wall time of this event into an instant."""
        if not isinstance(wall, datetime) or wall.tzinfo is not None or wall.year not in YEARS:
            refuse(f"is {shown(wall)}")
        try:
            return instant(wall, self.zone)
        except NoSuchTime:
            refuse(f"is {wall}, which does not exist: the clocks skip it (summer time begins)")
        except TwoSuchTimes:
            refuse(f"is {wall}, which comes twice: the clocks are put back (summer time ends)")

    def deadline(self, until: object) -> datetime:
        """Turn the end of a registration into the first instant (UTC) at which it is closed."""
        if type(until) is date and until.year in YEARS:
            closed = end_of_day(until, self.zone)
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
