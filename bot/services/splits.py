"""A group that waits takes what is free: some come now, the others keep their place in the line."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.outcomes import EventCancelled, InLine, NotThere, Seated, Split, TooLate
from bot.domain.seats import TakeFree
from bot.services.acts import Actor
from bot.services.arrivals import Party, arrive
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, MOVED, WAITING, change, in_line, leave, seated
from bot.store import companions, lines, registrations
from bot.store.seats import Held


def take_free(
    ledger: Ledger, command: TakeFree, actor: Actor
) -> Split | Seated | InLine | NotThere | TooLate | EventCancelled:
    """Seat as many of the first group in line as there are seats held for it.

    The others keep the time at which they all arrived, so that nobody passes them. If nothing is
    free any more, the group goes on waiting together.
    """
    event, held = ledger.event, ledger.held_as(command.registration)
    if held is not None and held.state is CONFIRMED:
        return seated(ledger, held)  # they moved up meanwhile
    seat = ledger.held(CONFIRMED)
    joins = held is not None and seat is not None and seat.place == held.place
    if held is None or joins or len(companions.of(ledger.tx, held.registration)) == held.party_size:
        return NotThere(event.id)  # those who wait for their person come with them alone
    if event.cancelled:
        return EventCancelled(event.id)
    if ledger.has_begun:
        return TooLate(event.id)
    free = ledger.free(held.place)
    if not free or free >= held.party_size or not _is_first(ledger, held):
        return in_line(ledger, held)
    if seat is not None:
        leave(ledger, seat, MOVED, "seat given up for another")
    rest_size = held.party_size - free
    now = change(ledger, held, state=CONFIRMED, size=free)
    ledger.reckon(held.place, WAITING, -held.party_size, held.person)
    ledger.reckon(held.place, CONFIRMED, free, held.person)
    ledger.note("took what was free", held, CONFIRMED)
    party = Party(
        person=held.person,
        place=held.place,
        size=rest_size,
        arrived_at=held.arrived_at,
        behind=held.stands_at,
        details=replace(registrations.details(ledger.tx, held.registration), needs=""),
        channel=actor.channel,
    )
    rest = arrive(ledger, party, WAITING)
    companions.move_last(ledger.tx, held.registration, rest.registration, rest_size)
    return Split(seated(ledger, now), in_line(ledger, rest))


def _is_first(ledger: Ledger, held: Held) -> bool:
    """Tell whether nobody in front is waiting for the same seats."""
    first = lines.first_in_line(ledger.tx, held.place, limit=1)
    return any(group.held.registration == held.registration for group in first)
