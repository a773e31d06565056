"""Passing a registration on: whoever made it stays at home, and a companion takes it over."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.outcomes import (
    AlreadyRegistered,
    EventCancelled,
    NotAnsweredYet,
    NotThere,
    PassedOn,
    TakenOver,
    TooLate,
)
from bot.domain.people import HERE, PersonId
from bot.domain.seats import PassOn
from bot.services.cancellations import rest_of
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, change, in_line, seated
from bot.store import companions, consents, registrations, seats
from bot.store.companions import Invited
from bot.store.seats import Held

Succession = PassedOn | NotThere | TooLate | EventCancelled | NotAnsweredYet | AlreadyRegistered


def pass_on(ledger: Ledger, command: PassOn) -> Succession:
    """Let a companion keep what the group has; only the seat of whoever leaves passes on.

    Where the place asks for a consent, the companion has to have agreed in a chat of their own,
    and the registration belongs to that chat from now on. Elsewhere they have none, and it stays
    in this chat under their name.
    """
    event, held = ledger.event, ledger.held_as(command.registration)
    group = companions.of(ledger.tx, held.registration) if held is not None else []
    heir = next((each for each in group if each.id == command.companion), None)
    if held is None or heir is None or heir.child:
        return NotThere(event.id)
    if event.cancelled:
        return EventCancelled(event.id)
    if ledger.has_begun:
        return TooLate(event.id)
    person = companions.answered_by(ledger.tx, heir.id)
    place = event.place_by_id(held.place)
    if person is None and place is not None and place.consents:
        return NotAnsweredYet(event.id, heir.name)
    if person is not None:
        taken = seats.held_by(ledger.tx, event.id, [person]).get(person, [])
        if taken:
            return AlreadyRegistered(event.id, taken[0].place, taken[0].state)
    _hand_over(ledger, held, heir, held.person if person is None else person)
    return PassedOn(event.id, heir.name)


def _hand_over(ledger: Ledger, held: Held, heir: Invited, person: PersonId) -> None:
    tx, former = ledger.tx, registrations.details(ledger.tx, held.registration)
    contact = former.contact if person == held.person else HERE
    details = replace(former, name=heir.name, contact=contact, needs="")
    rest = rest_of(ledger, held)
    consents.end_own(tx, held.registration, held.person, ledger.now)
    companions.remove(tx, heir.id)  # what they have agreed to is their own from now on
    for each in (held, rest) if rest is not None else (held,):
        registrations.amend(tx, each.registration, details)
        registrations.hand_over(tx, each.registration, person)
    now = replace(change(ledger, held, size=held.party_size - 1), person=person)
    ledger.reckon(held.place, held.state, -1, held.person)
    ledger.reckon(held.place, held.state, 0, person)
    ledger.note("passed on", held, companion=heir.id)
    if person != held.person:
        told = seated(ledger, now) if now.state is CONFIRMED else in_line(ledger, now)
        ledger.tell(person, TakenOver(told, former.name))
