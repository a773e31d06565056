"""What companions answer for themselves, with the code from the receipt of whoever registered them.

A code is good until its companion has declined: after a yes it serves to take that yes back.
"""

from __future__ import annotations

from bot.domain.consents import ConsentState
from bot.domain.outcomes import (
    AlreadyRegistered,
    CompanionAnswered,
    ConsentMissing,
    EventCancelled,
    NotThere,
    OnlyThemselves,
    TooLate,
)
from bot.domain.seats import AnswerForCompanion, LeaveGroup
from bot.services import codes
from bot.services.acts import Actor
from bot.services.companions import part
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, WAITING
from bot.services.registrations import missing_consent, versions
from bot.store import companions, consents
from bot.store.companions import Invited
from bot.store.consents import Given
from bot.store.seats import Held

Answered = (
    CompanionAnswered
    | NotThere
    | OnlyThemselves
    | AlreadyRegistered
    | ConsentMissing
    | TooLate
    | EventCancelled
)


def answer(ledger: Ledger, command: AnswerForCompanion, actor: Actor) -> Answered:
    """Record the own answer of a companion; without their consent their seat passes on."""
    found = companions.by_code(ledger.tx, ledger.event.id, codes.digest(command.code))
    if found is None or found[1].state not in (CONFIRMED, WAITING):
        return NotThere(ledger.event.id)
    companion, held = found
    if held.person == actor.person:
        return OnlyThemselves(ledger.event.id)
    if companions.answered_by(ledger.tx, companion.id) not in {None, actor.person}:
        return NotThere(ledger.event.id)  # the code belongs to whoever has answered with it
    if command.agreed:
        return _agree(ledger, command, actor, companion, held)
    return _decline(ledger, companion, held)


def leave_group(
    ledger: Ledger, command: LeaveGroup, actor: Actor
) -> CompanionAnswered | NotThere | TooLate:
    """Let a companion who has agreed stay at home; their seat passes on."""
    found = companions.of_person(ledger.tx, ledger.event.id, command.companion, actor.person)
    if found is None or found[1].state not in (CONFIRMED, WAITING):
        return NotThere(ledger.event.id)
    if ledger.is_too_late:
        return TooLate(ledger.event.id)
    ledger.note_in_time(ledger.event.starts_at)
    return _decline(ledger, *found)


def _agree(
    ledger: Ledger, command: AnswerForCompanion, actor: Actor, companion: Invited, held: Held
) -> Answered:
    event = ledger.event
    if event.cancelled:
        return EventCancelled(event.id)
    if event.is_over(ledger.now):
        return TooLate(event.id)
    if ledger.held(CONFIRMED) is not None:
        return AlreadyRegistered(event.id, held.place, CONFIRMED)  # nobody takes two seats
    place = event.place_by_id(held.place)
    slug = missing_consent(place, versions(command.agreements)) if place is not None else None
    if slug is not None:
        return ConsentMissing(event.id, held.place, slug)
    if companion.consent is not ConsentState.GIVEN:
        given = [
            Given(each, actor.person, held.registration, ledger.now, companion.id)
            for each in command.agreements
        ]
        consents.add(ledger.tx, event.id, given)
        companions.answer(ledger.tx, companion.id, ConsentState.GIVEN)
        ledger.note("companion agreed", held, companion=companion.id)
    return CompanionAnswered(event.id, companion.name, ConsentState.GIVEN, held.registration)


def _decline(ledger: Ledger, companion: Invited, held: Held) -> CompanionAnswered:
    agreed = companion.consent is ConsentState.GIVEN
    state = ConsentState.WITHDRAWN if agreed else ConsentState.WITHHELD
    consents.withdraw_companion(ledger.tx, companion.id, ledger.now)
    ledger.note("companion declined", held, companion=companion.id, consent=state.value)
    if ledger.event.is_over(ledger.now):
        companions.answer(ledger.tx, companion.id, state)
    else:
        ledger.tell(held.person, part(ledger, held, companion))
    return CompanionAnswered(ledger.event.id, companion.name, state, held.registration)
