"""More people for a registration that is there already: they arrive now, behind everybody else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.outcomes import (
    AlreadyRegistered,
    CompanionCode,
    ConsentMissing,
    Grown,
    InLine,
    NotThere,
    Seated,
    SeatRefusal,
    TooLarge,
)
from bot.domain.people import PersonId
from bot.domain.seats import AddCompanions, Companion
from bot.services.acts import Actor
from bot.services.arrivals import Party, arrive, fits
from bot.services.cancellations import rest_of
from bot.services.companions import bring, part, uninvite
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, WAITING, change, in_line, seated
from bot.services.registrations import closed, missing_consent, versions
from bot.store import companions, lines, registrations
from bot.store.companions import Invited
from bot.store.seats import Held


def add_companions(ledger: Ledger, command: AddCompanions, actor: Actor) -> Grown | SeatRefusal:
    """Let more people come along: seated by the rule of the line, or waiting to join the others.

    What the others have stays as it was. A group that waits itself grows only as long as nobody
    stands behind it: otherwise the newcomers would have passed them.
    """
    held = ledger.held_as(command.registration)
    if held is None or not command.companions:
        return NotThere(ledger.event.id)
    group = companions.of(ledger.tx, held.registration)
    leaving = next((each for each in group if each.id == command.instead_of), None)
    if command.instead_of is not None and (leaving is None or held.party_size == 1):
        return NotThere(ledger.event.id)
    more = len(command.companions)
    party = _party(ledger, held, more, actor)
    refusal = _refusal(ledger, command, held, party)
    if refusal is not None:
        return refusal
    place = ledger.event.place_by_id(held.place)
    if place is not None:
        ledger.note_in_time(place.deadline)
    rank = companions.next_rank(ledger.tx, held.registration)
    if leaving is not None:
        held = _without(ledger, held, leaving)
    if held.state is WAITING or fits(ledger, party, more):
        ledger.reckon(held.place, held.state, more, held.person)
        held = change(ledger, held, size=held.party_size + more)
        now = _told(ledger, held)
        codes = _bring(ledger, held.person, now, command.companions, rank)
        return Grown(now, _names(command), codes=codes)
    rest = in_line(ledger, arrive(ledger, party, WAITING))
    codes = _bring(ledger, held.person, rest, command.companions, rank)
    return Grown(_told(ledger, held), _names(command), rest, codes)


def _party(ledger: Ledger, held: Held, more: int, actor: Actor) -> Party:
    return Party(
        person=held.person,
        place=held.place,
        size=more,
        arrived_at=ledger.now,
        details=registrations.details(ledger.tx, held.registration),
        channel=actor.channel,
        run=actor.run,
    )


def _refusal(
    ledger: Ledger, command: AddCompanions, held: Held, party: Party
) -> SeatRefusal | None:
    event, place = ledger.event, ledger.event.place_by_id(held.place)
    refusal = closed(ledger, held.place, ledger.said_at)
    if refusal is not None or place is None:
        return refusal
    for child in command.companions:
        slug = missing_consent(place, versions(child.agreements)) if child.child else None
        if slug is not None:
            return ConsentMissing(event.id, place.id, slug)
    rest = rest_of(ledger, held)
    whole = held.party_size + party.size + (rest.party_size if rest is not None else 0)
    capacity = ledger.capacity(place.id)
    if capacity and whole - (command.instead_of is not None) > capacity:
        return TooLarge(event.id, place.id, capacity)
    wait = ledger.held(WAITING)
    if held.state is CONFIRMED and (wait is None or fits(ledger, party, party.size)):
        return None
    if held.state is WAITING and lines.is_last(ledger.tx, held):
        return None
    return AlreadyRegistered(event.id, place.id, WAITING)


def _without(ledger: Ledger, held: Held, leaving: Invited) -> Held:
    uninvite(ledger, held, [leaving])
    part(ledger, held, leaving)
    return ledger.held_as(held.registration) or held


def _bring(
    ledger: Ledger,
    person: PersonId,
    target: Seated | InLine,
    group: Sequence[Companion],
    rank: int,
) -> tuple[CompanionCode, ...]:
    codes, given = bring(ledger, person, target, group, rank)
    ledger.agree(given)
    return codes


def _told(ledger: Ledger, held: Held) -> Seated | InLine:
    return seated(ledger, held) if held.state is CONFIRMED else in_line(ledger, held)


def _names(command: AddCompanions) -> tuple[str, ...]:
    return tuple(each.name for each in command.companions)
