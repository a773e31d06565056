"""Registering: what it takes to be let in, and what is stored of those who come."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from bot.domain.consents import NEEDS, Agreement
from bot.domain.events import Place, PlaceId
from bot.domain.outcomes import (
    AlreadyRegistered,
    ConsentMissing,
    EventCancelled,
    RegistrationClosed,
    SeatRefusal,
    Split,
    TooLarge,
)
from bot.domain.people import ContactKind, PersonId
from bot.domain.seats import Register
from bot.services.acts import Actor
from bot.services.arrivals import Party, Taken, standing_in_the_way, take_place
from bot.services.companions import accompany
from bot.services.ledger import Ledger
from bot.store import callers, consents, lines
from bot.store.consents import Given
from bot.store.registrations import Details

Registered = Taken | SeatRefusal


def register(ledger: Ledger, command: Register, actor: Actor) -> Registered:
    """Seat a person and their companions, or let them wait."""
    refusal = _refusal(ledger, command, ledger.said_at)
    if refusal is not None:
        return refusal
    place = ledger.event.place_by_id(command.place)
    if place is not None:
        ledger.note_in_time(place.deadline)
    party = _party(command, actor.person, actor, actor.now)
    if command.needs and not party.details.needs and _agreed_before(ledger, actor.person):
        party = replace(party, details=replace(party.details, needs=command.needs))
    return _let_in(ledger, command, party)


def enter(ledger: Ledger, command: Register, actor: Actor, arrived_at: datetime) -> Registered:
    """Register somebody who called or wrote at `arrived_at`, which decides about their place.

    They stand behind whoever had arrived by then (docs/decisions/0009).
    """
    arrived_at = min(arrived_at, actor.now)
    refusal = _refusal(ledger, command, arrived_at)
    if refusal is not None:
        return refusal
    channel = callers.WROTE if command.contact.kind is ContactKind.EMAIL else callers.CALLED
    person = callers.add(ledger.tx, channel, actor.now)
    party = _party(command, person, replace(actor, channel=channel), arrived_at)
    if arrived_at < actor.now:
        behind = lines.stands_behind(ledger.tx, ledger.event.id, arrived_at)
        party = replace(party, behind=behind)
    return _let_in(ledger, command, party)


def versions(agreements: Iterable[Agreement]) -> set[tuple[str, str]]:
    """Name what was agreed to, by slug and version."""
    return {(agreement.slug, agreement.version) for agreement in agreements}


def missing_consent(place: Place, agreed: AbstractSet[tuple[str, str]]) -> str | None:
    """Name a consent of the place that was not given in its current wording."""
    return next(
        (terms.slug for terms in place.consents if (terms.slug, terms.version) not in agreed), None
    )


def closed(
    ledger: Ledger, place_id: PlaceId, arrived_at: datetime
) -> EventCancelled | RegistrationClosed | None:
    """Tell why nobody is let in to a place any more who arrived at this time."""
    event, place = ledger.event, ledger.event.place_by_id(place_id)
    if event.cancelled:
        return EventCancelled(event.id)
    if place is None or not place.registration:
        return RegistrationClosed(event.id, place_id)
    if ledger.is_too_late or arrived_at >= place.deadline:
        return RegistrationClosed(event.id, place.id)
    return None


def _refusal(ledger: Ledger, command: Register, arrived_at: datetime) -> SeatRefusal | None:
    refusal = closed(ledger, command.place, arrived_at)
    place = ledger.event.place_by_id(command.place)
    if refusal is not None or place is None:
        return refusal
    return standing_in_the_way(ledger, place.id) or _unfit(ledger, command, place)


def _unfit(ledger: Ledger, command: Register, place: Place) -> SeatRefusal | None:
    children = (companion.agreements for companion in command.companions if companion.child)
    for agreements in (command.agreements, *children):
        slug = missing_consent(place, versions(agreements))
        if slug is not None:
            return ConsentMissing(ledger.event.id, place.id, slug)
    capacity = ledger.capacity(place.id)
    if capacity and command.party_size > capacity:  # with no seats at all one may still wait
        return TooLarge(ledger.event.id, place.id, capacity)
    return None


def _agreed_before(ledger: Ledger, person: PersonId) -> bool:
    """Tell whether the person agreed to keep their needs when they registered for this event."""
    agreed = consents.standing(ledger.tx, ledger.event.id, person)
    return any(slug == NEEDS for slug, _version in agreed)


def _party(command: Register, person: PersonId, actor: Actor, arrived_at: datetime) -> Party:
    may_keep_needs = any(agreement.slug == NEEDS for agreement in command.agreements)
    divides = command.seats_now is not None and 0 < command.seats_now < command.party_size
    return Party(
        person=person,
        place=command.place,
        size=command.party_size,
        arrived_at=arrived_at,
        details=Details(
            name=command.name,
            contact=command.contact,
            organisation=command.organisation,
            needs=command.needs if may_keep_needs else "",
        ),
        channel=actor.channel,
        run=actor.run,
        seats_now=command.seats_now if divides else None,
    )


def _let_in(ledger: Ledger, command: Register, party: Party) -> Taken | AlreadyRegistered:
    outcome = take_place(ledger, party)
    if isinstance(outcome, AlreadyRegistered):
        return outcome
    first = outcome.seated if isinstance(outcome, Split) else outcome
    given = [
        Given(each, party.person, first.registration, ledger.now) for each in command.agreements
    ]
    if command.companions:
        outcome, for_children = accompany(ledger, party.person, outcome, command.companions)
        given.extend(for_children)
    ledger.agree(given)
    return outcome
