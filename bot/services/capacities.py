"""How many seats there are, and when gaps are filled: what staff and the clock change."""

from __future__ import annotations

from datetime import datetime

from bot.domain.events import EventId, PlaceId
from bot.domain.lines import moving_back
from bot.domain.outcomes import CapacityChanged, GroupFits, GroupTooLarge, MovedBack
from bot.domain.people import PersonId
from bot.services.acts import Notice, Result
from bot.services.ledger import Ledger
from bot.services.lines import (
    CONFIRMED,
    MOVED,
    WAITING,
    absorb,
    change,
    in_line,
    leave,
    serve,
    tell_companions,
)
from bot.services.outdated import review
from bot.store import access, lines, seats
from bot.store.database import Transaction
from bot.store.lines import LARGEST, Group
from bot.store.seats import Held


def change_capacity(
    tx: Transaction,
    place: PlaceId,
    capacity: int | None,
    now: datetime,
    actor: PersonId | None = None,
) -> Result[CapacityChanged]:
    """Change how many seats a place has: the line comes first, and nobody loses a seat."""
    ledger = _locked(tx, seats.event_of(tx, place), now, actor)
    before = ledger.capacity(place)
    ledger.resize(place, capacity)
    ledger.enter("capacity changed", None, None, place=place, capacity=capacity)
    serve(ledger)
    _tell_large_groups(ledger, place, before)
    return _changed(ledger, place)


def _tell_large_groups(ledger: Ledger, place: PlaceId, before: int | None) -> None:
    """Tell groups that wait and do not fit any more into the place as a whole, or fit again.

    With no seats at all one may still wait, as whoever registers now may.
    """
    capacity = ledger.capacity(place)
    was, now = before or LARGEST, capacity or LARGEST
    if ledger.has_begun or ledger.event.cancelled or not ledger.waiting(place):
        return
    for held in lines.waiting_between(ledger.tx, place, min(was, now), max(was, now)):
        waits = in_line(ledger, held)
        ledger.tell(held.person, GroupFits(waits) if now > was else GroupTooLarge(waits, now))


def move_back(
    tx: Transaction, place: PlaceId, now: datetime, actor: PersonId | None = None
) -> Result[CapacityChanged]:
    """Move the latest arrivals from their seats back into the line until there are enough seats.

    They wait in the order of their arrival. Whoever waits for another place already has only
    that wait then; the waiting rest of a split group becomes one with it again.
    """
    ledger = _locked(tx, seats.event_of(tx, place), now, actor)
    if over := ledger.over(place) if not ledger.has_begun else 0:
        groups = lines.latest_seated(tx, place, limit=over)
        chosen = moving_back((group.held for group in groups), over, fills_gaps=ledger.fills_gaps)
        leaving = [group for group in groups if group.held in chosen]
        waits = [_move_back(ledger, group) for group in leaving]
        review(ledger, place)
        for held in waits:
            ledger.tell(held.person, MovedBack(place, in_line(ledger, held)))
            tell_companions(ledger, held, held.registration, is_seated=False)
        serve(ledger)
    return _changed(ledger, place)


def fill_gaps(tx: Transaction, event: EventId, now: datetime) -> tuple[Notice, ...]:
    """Let the line move up when time alone has changed the rule: seats stop waiting for a group."""
    ledger = _locked(tx, event, now, None)
    serve(ledger)
    return ledger.close()


def _locked(tx: Transaction, event: EventId, now: datetime, actor: PersonId | None) -> Ledger:
    seats.lock_events(tx, [event])
    return Ledger.open(tx, event, now, actor=actor)


def _changed(ledger: Ledger, place: PlaceId) -> Result[CapacityChanged]:
    outcome = CapacityChanged(ledger.event.id, place, ledger.capacity(place), ledger.over(place))
    return Result(outcome, ledger.close())


def _move_back(ledger: Ledger, group: Group) -> Held:
    """Take the seat of a group, and give the wait that it has then."""
    held, wait = group.held, group.beside
    if wait is not None and wait.place != held.place:
        leave(ledger, held, MOVED, "moved back")
        return wait
    size = held.party_size
    if wait is not None:
        size = absorb(ledger, wait, held)
    waiting = change(ledger, held, state=WAITING, size=size)
    access.take_back(ledger.tx, held.registration)
    ledger.reckon(held.place, CONFIRMED, -held.party_size, held.person)
    ledger.reckon(held.place, WAITING, size, held.person)
    ledger.note("moved back", held, WAITING)
    return waiting
