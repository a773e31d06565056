"""What happened, without personal data: ids, field names, times. It survives an erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.events import EventId
from bot.domain.ideas import IdeaId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId
from bot.store import tables
from bot.store.database import Transaction
from bot.store.statements import storing

_INSERT = storing(*(each for each in tables.audit.c if each.name != "id"))


@dataclass(frozen=True)
class Entry:
    """One thing that happened to somebody; `actor` caused it, None is the clock.

    `details` never holds what a person wrote, only names of fields, states and ids.
    """

    at: datetime
    what: str
    person: PersonId | None = None
    actor: PersonId | None = None
    event: EventId | None = None
    registration: RegistrationId | None = None
    idea: IdeaId | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write the entries in one statement."""
    if entries:
        rows = [
            {
                "at": entry.at,
                "what": entry.what,
                "person_id": entry.person,
                "actor_id": entry.actor,
                "event_id": entry.event,
                "registration_id": entry.registration,
                "idea_id": entry.idea,
                "details": dict(entry.details),
            }
            for entry in entries
        ]
        _INSERT(tx, rows)
