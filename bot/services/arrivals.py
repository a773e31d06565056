"""Newcomers: they get a seat, or a place in the line, by the same rule as those who move up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.events import PlaceId
from bot.domain.lines import Waiting, moving_up
from bot.domain.outcomes import AlreadyRegistered, InLine, Seated, Split
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, MOVED, WAITING, in_line, leave, seated
from bot.store import lines, registrations
from bot.store.registrations import Details, NewRegistration
from bot.store.seats import Held


@dataclass(frozen=True)
class Party:
    """Who arrives where and when; `seats_now` of them come first if the group has to be split.

    `behind` is the arrival number behind which they stand; None: behind everybody.
    """

    person: PersonId
    place: PlaceId
    size: int
    arrived_at: datetime
    details: Details
    channel: str
    run: str | None = None
    seats_now: int | None = None
    behind: int | None = None


Taken = Seated | InLine | Split


def standing_in_the_way(ledger: Ledger, place: PlaceId) -> AlreadyRegistered | None:
    """Tell what the person holds that cannot be had together with a seat at this place."""
    seat, wait = ledger.held(CONFIRMED), ledger.held(WAITING)
    if seat is not None and seat.place == place:
        return _already(ledger, seat)
    # The waiting rest of a split group cannot stay behind without the person.
    if wait is not None and (wait.place == place or (seat and seat.place == wait.place)):
        return _already(ledger, wait)
    return None


def take_place(ledger: Ledger, party: Party) -> Taken | AlreadyRegistered:
    """Seat a party, or let it wait; a seat held elsewhere is given up for the new one, or kept."""
    seat, wait = ledger.held(CONFIRMED), ledger.held(WAITING)
    if fits(ledger, party, party.size):
        return seated(ledger, _seat(ledger, party, seat))
    if wait is not None:
        return _already(ledger, wait)
    if party.seats_now and fits(ledger, party, party.seats_now):
        now = _seat(ledger, replace(party, size=party.seats_now), seat)
        rest = replace(party, size=party.size - party.seats_now, run=None)
        return Split(seated(ledger, now), in_line(ledger, arrive(ledger, rest, WAITING)))
    waiting = arrive(ledger, party, WAITING)
    return in_line(ledger, waiting, keeps=seat.place if seat is not None else None)


def fits(ledger: Ledger, party: Party, size: int) -> bool:
    """Tell whether the rule of the line would let this newcomer move up at once."""
    free = ledger.free(party.place)
    if size > free:
        return False
    newcomer = Waiting(RegistrationId(0), party.arrived_at, 0, size)
    ahead: list[Waiting] = []
    if ledger.waiting(party.place):
        first = lines.first_in_line(
            ledger.tx, party.place, limit=1, largest=ledger.capacity(party.place)
        )
        ahead = [group.held for group in first if _is_ahead(group.held, party)]
    return newcomer in moving_up([*ahead, newcomer], free, fills_gaps=ledger.fills_gaps)


def _is_ahead(waiting: Waiting, newcomer: Party) -> bool:
    at = newcomer.behind
    return at is None or waiting.order[:2] <= (at, newcomer.arrived_at)


def _seat(ledger: Ledger, party: Party, seat: Held | None) -> Held:
    if seat is not None:
        leave(ledger, seat, MOVED, "seat given up for another")
    return arrive(ledger, party, CONFIRMED)


def arrive(ledger: Ledger, party: Party, state: RegistrationState) -> Held:
    """Store a party with an arrival number of its own."""
    number = ledger.next_arrival()
    registration = registrations.add(
        ledger.tx,
        NewRegistration(
            event=ledger.event.id,
            place=party.place,
            person=party.person,
            arrival_number=number,
            arrived_at=party.arrived_at,
            state=state,
            party_size=party.size,
            channel=party.channel,
            details=party.details,
            run=party.run,
            behind=party.behind,
        ),
    )
    ledger.reckon(party.place, state, party.size, party.person)
    ledger.enter(
        "registered",
        registration,
        party.person,
        place=party.place,
        **{"from": None, "to": state.value},
    )
    return Held(
        registration=registration,
        arrived_at=party.arrived_at,
        arrival_number=number,
        party_size=party.size,
        place=party.place,
        person=party.person,
        state=state,
        sequence=0,
        behind=party.behind,
    )


def _already(ledger: Ledger, held: Held) -> AlreadyRegistered:
    return AlreadyRegistered(ledger.event.id, held.place, held.state)
