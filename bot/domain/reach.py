"""Who cannot be reached in the chat any more, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import EventId
from bot.domain.people import Contact


@dataclass(frozen=True)
class Unreachable:
    """Somebody who has a seat or waits for one, and whom somebody has to call."""

    event: EventId
    name: str
    contact: Contact
    since: datetime


@dataclass(frozen=True)
class Undelivered:
    """Whom to call, in order of arrival, and how many letters were set aside for which reason."""

    people: Sequence[Unreachable]
    set_aside: Mapping[str, int]
