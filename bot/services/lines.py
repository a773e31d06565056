"""The line moves: whoever waits gets what is free, in the transaction in which it became free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.events import PlaceId
from bot.domain.lines import moving_up
from bot.domain.outcomes import AskedAnew, CompanionCode, CompanionMoved, InLine, MovedUp, Seated
from bot.domain.seats import Outdated, RegistrationId, RegistrationState
from bot.services.ledger import Ledger
from bot.store import companions, lines, outdated, registrations
from bot.store.lines import Group
from bot.store.seats import Held

Codes = tuple[CompanionCode, ...]

CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING
MOVED = RegistrationState.MOVED


def serve(ledger: Ledger) -> None:
    """Let those who wait for the places of an event move up as far as the rule allows.

    Whoever moves up and held a seat at another place gives it up, and that one passes on as well.
    This comes to an end, because everybody who moves up leaves a line and nobody joins one. No
    seat changes hands any more when the event has begun.
    """
    if ledger.has_begun or ledger.event.cancelled:
        return
    open_places = list(ledger.places)
    while open_places:
        place = open_places.pop(0)
        free = ledger.free(place) if ledger.waiting(place) else 0
        moved: list[Held] = []
        for group in _next_up(ledger, place):
            moved.append(group.held)
            given_up = _move_up(ledger, group)
            if given_up is not None:
                open_places.append(given_up)
        if free:
            _tell_who_is_passed_over(ledger, place, free, moved)


def _next_up(ledger: Ledger, place: PlaceId) -> Iterator[Group]:
    """Read no more of the line than the free seats can hold.

    Groups that can never be seated as they are do not hold up the others.
    """
    while ledger.waiting(place) and (free := ledger.free(place)):
        line = lines.first_in_line(
            ledger.tx,
            place,
            limit=min(free, ledger.waiting(place)),
            largest=free if ledger.fills_gaps else ledger.capacity(place),
        )
        chosen = moving_up((group.held for group in line), free, fills_gaps=ledger.fills_gaps)
        yield from (group for group in line if group.held in chosen)
        if not chosen or not ledger.fills_gaps:
            return


def _tell_who_is_passed_over(
    ledger: Ledger, place: PlaceId, free: int, moved: Sequence[Held]
) -> None:
    """Tell those who have to agree anew, once, if a seat would have been theirs by the rule."""
    passed = outdated.passed_over(ledger.tx, place, largest=free)
    line = sorted([*passed, *moved], key=lambda held: held.order)
    served = moving_up(line, free, fills_gaps=ledger.fills_gaps)
    for held in passed:
        if held in served:
            outdated.mark(ledger.tx, held.registration, Outdated.OFFERED)
            ledger.tell(held.person, AskedAnew(in_line(ledger, held), offered=True))


def _move_up(ledger: Ledger, group: Group) -> PlaceId | None:
    """Seat a group; give the place at which a seat became free by that."""
    held, seat = group.held, group.beside
    if seat is not None and seat.place == held.place:
        tell_companions(ledger, held, seat.registration)
        whole = change(ledger, seat, size=absorb(ledger, held, seat))
        ledger.reckon(seat.place, CONFIRMED, held.party_size, held.person)
        ledger.tell(whole.person, MovedUp(seated(ledger, whole)))
        return None
    given_up = None if seat is None else seat.place
    if seat is not None:
        leave(ledger, seat, MOVED, "seat given up for another")
    now = change(ledger, held, state=CONFIRMED)
    ledger.reckon(held.place, WAITING, -held.party_size, held.person)
    ledger.reckon(held.place, CONFIRMED, held.party_size, held.person)
    ledger.note("moved up", held, CONFIRMED)
    tell_companions(ledger, held, held.registration)
    ledger.tell(held.person, MovedUp(seated(ledger, now), given_up))
    return given_up


def tell_companions(
    ledger: Ledger, held: Held, now: RegistrationId, *, is_seated: bool = True
) -> None:
    """Tell those who have agreed in a chat of their own that their group is seated, or waits.

    `now` is the registration to which they belong from here on.
    """
    for companion in companions.of(ledger.tx, held.registration):
        person = companions.answered_by(ledger.tx, companion.id)
        if person is not None and person != held.person:
            moved = CompanionMoved(ledger.event.id, now, is_seated)
            ledger.tell(person, moved)


def leave(ledger: Ledger, held: Held, to: RegistrationState, what: str) -> Held:
    """Give back a seat or a place in the line."""
    left = change(ledger, held, state=to)
    ledger.reckon(held.place, held.state, -held.party_size, held.person)
    ledger.note(what, held, to)
    return left


def absorb(ledger: Ledger, rest: Held, group: Held) -> int:
    """Let the waiting rest of a split group join the others; give the size of the whole."""
    companions.move(ledger.tx, rest.registration, group.registration)
    leave(ledger, rest, MOVED, "joined the group")
    return group.party_size + rest.party_size


def change(
    ledger: Ledger, held: Held, *, state: RegistrationState | None = None, size: int | None = None
) -> Held:
    """Change a registration, and its sequence with it: its entry in a calendar is a new one."""
    now = replace(
        held,
        state=state or held.state,
        party_size=size or held.party_size,
        sequence=held.sequence + 1,
    )
    registrations.change(ledger.tx, now)
    return now


def seated(ledger: Ledger, held: Held, codes: Codes = ()) -> Seated:
    """Say that a seat is confirmed."""
    return Seated(
        registration=held.registration,
        event=ledger.event.id,
        place=held.place,
        arrival_number=held.arrival_number,
        party_size=held.party_size,
        codes=codes,
        sequence=held.sequence,
    )


def in_line(ledger: Ledger, held: Held, codes: Codes = (), keeps: PlaceId | None = None) -> InLine:
    """Say at which place in the line somebody waits."""
    return InLine(
        registration=held.registration,
        event=ledger.event.id,
        place=held.place,
        arrival_number=held.arrival_number,
        party_size=held.party_size,
        position=lines.position(ledger.tx, held),
        codes=codes,
        keeps=keeps,
    )
