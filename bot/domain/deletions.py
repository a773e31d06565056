"""When the clock may delete: no single look at one number is enough for what cannot be undone.

A machine may wake up with a wrong clock, and a date may be mistyped. So deletions go by a time
that follows the clock step by step, and what falls due for an event is announced first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_STEP = timedelta(days=1)
"""How far the followed time goes on after one look at the clock, whatever that says."""

ANNOUNCED_FOR = timedelta(days=3)
"""How long a deletion is announced, in followed time; longer than one wrong look can be worth."""


class Subject(StrEnum):
    """What is deleted once an event has ended, or some time afterwards."""

    NEEDS = "needs"
    NAMES = "names"
    CONSENTS = "consents"


@dataclass(frozen=True)
class FollowedTime:
    """The time by which deletions go: what the clock said last, and how much of it is believed."""

    looked_at: datetime
    believed: datetime

    def after(self, now: datetime) -> FollowedTime:
        """Look at the clock again.

        What is believed goes on as far as the clock has gone, but a day at most; it never runs
        ahead of the clock. If it is behind, because the program was away, it catches up.
        """
        step = min(max(now - self.looked_at, timedelta()), LONGEST_STEP)
        behind = max(self.looked_at - self.believed, timedelta())
        return FollowedTime(now, min(now, self.believed + step + min(step, behind)))

    def jumps_to(self, now: datetime) -> bool:
        """Tell whether the clock has gone on further than one look is believed."""
        return now - self.looked_at > LONGEST_STEP


@dataclass(frozen=True)
class Due:
    """What is announced to be deleted at an event: from when on, and for how many registrations."""

    event_slug: str
    subject: Subject
    deletes_at: datetime
    registrations: int
