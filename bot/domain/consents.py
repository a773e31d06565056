"""Consent: what was agreed to, in which words, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.events import EventId, PlaceId

ConsentId = NewType("ConsentId", int)

NEEDS = "needs"
"""The slug of the consent to keep accessibility needs, which can be health data (GDPR, Art. 9)."""


class ConsentState(StrEnum):
    """Whether somebody has agreed; a companion is pending until they themselves answer."""

    PENDING = "pending"
    GIVEN = "given"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Agreement:
    """A yes to one exact wording, as it was shown, in the language in which it was shown."""

    slug: str
    version: str
    language: str
    wording: str


@dataclass(frozen=True)
class Consent:
    """A recorded agreement and what became of it; instants are UTC.

    `child` names the child for whom it was given: None for oneself, empty if the name is gone.
    `place` is the one at which somebody holds a seat, or waits, with the registration behind it.
    """

    id: ConsentId
    slug: str
    version: str
    event: EventId
    state: ConsentState
    given_at: datetime
    withdrawn_at: datetime | None
    wording: str
    child: str | None
    place: PlaceId | None
