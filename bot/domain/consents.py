"""Consent: what was agreed to, in which words, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

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
    """A recorded agreement and what became of it; instants are UTC."""

    id: ConsentId
    slug: str
    version: str
    event_slug: str
    state: ConsentState
    given_at: datetime
    withdrawn_at: datetime | None = None
