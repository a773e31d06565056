"""The line before a place: who moves up, and who has to go back. Order of arrival decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.seats import RegistrationId


@dataclass(frozen=True)
class Waiting:
    """One group in the line.

    `behind` is the arrival number behind which it stands, if its call was recorded or it is the
    rest of a group that was split; all others stand at their own number.
    """

    registration: RegistrationId
    arrived_at: datetime
    arrival_number: int
    party_size: int
    behind: int | None = field(default=None, kw_only=True)

    @property
    def stands_at(self) -> int:
        """Give the arrival number that decides, before anything that a clock has said."""
        return self.arrival_number if self.behind is None else self.behind

    @property
    def order(self) -> tuple[int, datetime, int]:
        """Say where it stands among all others; times compare only what stands at one number."""
        return self.stands_at, self.arrived_at, self.arrival_number


def moving_up(line: Iterable[Waiting], free: int, *, fills_gaps: bool) -> list[Waiting]:
    """Choose who moves up into `free` seats; the line is in its order.

    A group is never split. As long as gaps are not filled, seats that are too few for the first
    group in line wait with it; afterwards the first group that fits gets them.
    """
    chosen: list[Waiting] = []
    for group in line:
        if group.party_size <= free:
            chosen.append(group)
            free -= group.party_size
        elif not fills_gaps:
            break
        if free <= 0:
            break
    return chosen


def moving_back(latest_first: Iterable[Waiting], over: int, *, fills_gaps: bool) -> list[Waiting]:
    """Choose who gives way when `over` seats too many are taken, in order of arrival.

    The latest arrivals go, until there are enough seats. A group goes as a whole; what it leaves
    over is given by the rule of the line to those who would have to go with it.
    """
    leaving: list[Waiting] = []
    for group in latest_first:
        if over <= 0:
            break
        leaving.append(group)
        over -= group.party_size
    leaving.reverse()
    staying = moving_up(leaving, -over, fills_gaps=fills_gaps)
    return [group for group in leaving if group not in staying]
