"""Giving back a seat or a wait, and changing what does not touch the order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.consents import NEEDS
from bot.domain.outcomes import Amended, Cancelled, NotThere, TooLate
from bot.domain.people import PersonId
from bot.domain.seats import Amend, Cancel, RegistrationState
from bot.services.companions import uninvite
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, WAITING, leave
from bot.store import companions, consents, registrations
from bot.store.consents import Given
from bot.store.seats import Held


def cancel(ledger: Ledger, command: Cancel) -> Cancelled | NotThere | TooLate:
    """Give back a seat, with the waiting rest of a split group, or a place in the line."""
    held = ledger.held_as(command.registration)
    if held is None:
        return NotThere(ledger.event.id)
    if ledger.is_too_late:
        return TooLate(ledger.event.id)
    ledger.note_in_time(ledger.event.starts_at)
    rest = rest_of(ledger, held)
    with_them = companions.of(ledger.tx, held.registration) if held.party_size > 1 else []
    if rest is not None:
        with_them += companions.of(ledger.tx, rest.registration)
    uninvite(ledger, held, with_them)
    left = leave(ledger, held, RegistrationState.CANCELLED, "cancelled")
    if rest is not None:
        leave(ledger, rest, RegistrationState.CANCELLED, "cancelled")
    return Cancelled(held.registration, ledger.event.id, held.place, held.state, left.sequence)


def rest_of(ledger: Ledger, held: Held) -> Held | None:
    """Find those of a split group who wait to join this seat."""
    wait = ledger.held(WAITING)
    joins = wait is not None and held.state is CONFIRMED and wait.place == held.place
    return wait if joins else None


def amend(ledger: Ledger, command: Amend) -> Amended | NotThere | TooLate:
    """Change what the person told about themselves, until the event is over."""
    held = ledger.held_as(command.registration)
    if held is None:
        return NotThere(ledger.event.id)
    if ledger.event.is_over(ledger.now):
        return TooLate(ledger.event.id)
    given = [Given(each, held.person, held.registration, ledger.now) for each in command.agreements]
    consents.add(ledger.tx, ledger.event.id, given)
    told: dict[str, Any] = {
        "name": command.name,
        "contact": command.contact,
        "organisation": command.organisation,
    }
    if not command.needs or _may_keep_needs(ledger, held.person):
        told["needs"] = command.needs
    changes = {name: value for name, value in told.items() if value is not None}
    details = registrations.details(ledger.tx, held.registration)
    registrations.amend(ledger.tx, held.registration, replace(details, **changes))
    ledger.note("registration amended", held, fields=sorted(changes))
    return Amended(held.registration, ledger.event.id)


def _may_keep_needs(ledger: Ledger, person: PersonId) -> bool:
    agreed = consents.standing(ledger.tx, ledger.event.id, person)
    return any(slug == NEEDS for slug, _ in agreed)
