"""Withdrawing a consent: as easy as giving it, and possible at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consents import NEEDS, ConsentState
from bot.domain.events import Place, PlaceId
from bot.domain.outcomes import ConsentWithdrawn, InLine, NotThere, Seated, Smaller
from bot.domain.seats import CompanionId, RegistrationState, WithdrawConsent, WithdrawOne
from bot.services.acts import Actor
from bot.services.arrivals import Party, take_place
from bot.services.companions import part, uninvite
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, in_line, leave, seated
from bot.services.registrations import missing_consent
from bot.store import companions, consents, privacy, registrations
from bot.store.registrations import Details
from bot.store.seats import Held


def withdraw(ledger: Ledger, command: WithdrawConsent, actor: Actor) -> ConsentWithdrawn | NotThere:
    """Record that a consent is taken back, and what follows from it.

    As long as the event is not over, nobody keeps a place that needs this consent: they move to
    the place that they name instead, or give the seat back. The deadline does not count for that
    move, because they did register in time.
    """
    event, person = ledger.event, actor.person
    withdrawn = consents.withdraw(ledger.tx, event.id, person, command.slug, ledger.now)
    leaving = [held for held in ledger.own if _asks_for(ledger, held.place, command.slug)]
    if not withdrawn and not leaving:
        return NotThere(event.id)
    ledger.enter("consent withdrawn", None, person, slug=command.slug)
    if command.slug == NEEDS:
        registrations.forget_needs(ledger.tx, event.id, person)
    if not leaving or event.is_over(ledger.now):
        return ConsentWithdrawn(event.id, command.slug, None)
    group = _group(leaving, command)
    details = registrations.details(ledger.tx, group[0].registration)
    for held in leaving:
        leave(ledger, held, RegistrationState.CANCELLED, "consent withdrawn")
    given_back, now = group[0].registration, None
    if command.instead is not None and not ledger.has_begun and not event.cancelled:
        now = _move(ledger, group, _party(group, details, command.instead, actor))
    for held in leaving:  # whoever moved along does not belong there any more
        uninvite(ledger, held, companions.of(ledger.tx, held.registration))
    return ConsentWithdrawn(event.id, command.slug, now, given_back)


def withdraw_one(ledger: Ledger, command: WithdrawOne, actor: Actor) -> ConsentWithdrawn | NotThere:
    """Record that one consent is taken back; whoever came with it alone gives the seat back.

    What a child or another companion has agreed to concerns their seat and nobody else's.
    """
    event, person, tx = ledger.event, actor.person, ledger.tx
    taken = consents.withdraw_one(tx, event.id, person, command.consent, ledger.now)
    if taken is None:
        return NotThere(event.id)
    ledger.enter("consent withdrawn", None, person, slug=taken.slug)
    done = ConsentWithdrawn(event.id, taken.slug, None)
    if taken.companion is not None:
        return replace(done, without=_send_home(ledger, taken.companion, taken.slug))
    if any(slug == taken.slug for slug, _version in consents.standing(tx, event.id, person)):
        return done  # it was given once more since
    if taken.slug == NEEDS:
        registrations.forget_needs(tx, event.id, person)
    if not event.is_over(ledger.now):
        for held in [held for held in ledger.own if _asks_for(ledger, held.place, taken.slug)]:
            leave(ledger, held, RegistrationState.CANCELLED, "consent withdrawn")
            uninvite(ledger, held, companions.of(ledger.tx, held.registration))
            done = replace(done, given_back=held.registration)
    return done


def _send_home(ledger: Ledger, number: CompanionId, slug: str) -> Smaller | None:
    """Let the seat of a companion pass on, if it needs the consent that was taken back."""
    found = privacy.companion(ledger.tx, number)
    if found is None:
        return None
    companion, held = found.companion, found.held
    companions.answer(ledger.tx, number, ConsentState.WITHDRAWN)
    passes_on = found.counts and not ledger.event.is_over(ledger.now)
    if not passes_on or not _asks_for(ledger, held.place, slug):
        return None
    smaller = part(ledger, held, companion)
    if held.person != ledger.actor:
        ledger.tell(held.person, smaller)
    return smaller


def _asks_for(ledger: Ledger, place_id: PlaceId, slug: str) -> bool:
    place = ledger.event.place_by_id(place_id)
    return place is not None and any(terms.slug == slug for terms in place.consents)


def _group(leaving: Sequence[Held], command: WithdrawConsent) -> list[Held]:
    """Find who moves together: the registration that was named, and the waiting rest of a group."""
    named = next(
        (held for held in leaving if held.registration == command.registration), leaving[0]
    )
    together = [held for held in leaving if held.place == named.place]
    return sorted(together, key=lambda held: held.state is not CONFIRMED)


def _party(group: Sequence[Held], details: Details, place: PlaceId, actor: Actor) -> Party:
    return Party(
        person=actor.person,
        place=place,
        size=sum(held.party_size for held in group),
        arrived_at=actor.now,
        details=details,
        channel=actor.channel,
        run=actor.run,
    )


def _move(ledger: Ledger, group: Sequence[Held], party: Party) -> Seated | InLine | None:
    """Let a group arrive at another place; None if that is impossible, so that the seat is gone."""
    for held in ledger.own:
        if held.place == party.place:
            return seated(ledger, held) if held.state is CONFIRMED else in_line(ledger, held)
    place = ledger.event.place_by_id(party.place)
    if place is None or not _may_come(ledger, party, place):
        return None
    outcome = take_place(ledger, party)
    if not isinstance(outcome, Seated | InLine):
        return None
    for held in group:
        companions.move(ledger.tx, held.registration, outcome.registration)
    if not place.consents:
        companions.need_no_consent(ledger.tx, outcome.registration)
    return outcome


def _may_come(ledger: Ledger, party: Party, place: Place) -> bool:
    agreed = consents.standing(ledger.tx, ledger.event.id, party.person)
    capacity = ledger.capacity(place.id)
    if place.consents and party.size > 1:
        return False  # those who come along have not agreed to what this place needs
    fits = not capacity or party.size <= capacity  # with no seats at all one may still wait
    return place.registration and fits and missing_consent(place, agreed) is None
