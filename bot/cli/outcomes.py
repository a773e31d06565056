"""What became of a registration, in words for the operator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import click

from bot.domain.events import Event, Place
from bot.domain.outcomes import (
    AgreedAnew,
    AlreadyRegistered,
    CompanionCode,
    ConsentMissing,
    EventCancelled,
    InLine,
    RegistrationClosed,
    Seated,
    SeatOutcome,
    TooLarge,
)
from bot.services.refusals import OperatorError
from bot.services.registrations import Registered

BINDING = "de"
"""The language of the wording that people agree to on the telephone."""


def told(outcome: Registered, event: Event, place: Place, at: datetime) -> str:
    """Say what became of a call at an instant; a refusal is the operator's to explain."""
    match outcome:
        case Seated():
            seat = f"Seat confirmed: {place.slug}, arrival number {outcome.arrival_number}."
            return "\n".join((seat, *_codes(outcome.codes)))
        case InLine():
            wait = (
                f"Waiting list: {place.slug}, position {outcome.position}, "
                f"arrival number {outcome.arrival_number}."
            )
            return "\n".join((wait, *_codes(outcome.codes)))
        case ConsentMissing(slug=slug):
            (terms,) = (each for each in place.consents if each.slug == slug)
            raise OperatorError(
                f"This place needs the consent “{slug}”. Read it to them:\n"
                f"{terms.wording.in_language(BINDING)}\n"
                f"If they agree, add: --agreed {slug}"
            )
        case RegistrationClosed():
            raise OperatorError(_closed(event, place, at))
        case refusal:
            raise OperatorError(_refused(refusal))


def told_anew(outcome: SeatOutcome, event: Event, place: Place, at: datetime) -> str:
    """Say what became of a consent to new words."""
    match outcome:
        case AgreedAnew(in_line=waits):
            return told(waits, event, place, at)
        case Seated() | ConsentMissing():
            return told(outcome, event, place, at)
        case _:
            raise OperatorError("They do not wait any more, or the event has begun.")


def tell_by_hand(unreached: int) -> None:
    """Remind the operator of people who have no chat in which they could be told."""
    if unreached:
        click.echo(
            f"{unreached} of those whose registration changed have no chat. Please call them or "
            "write to them: export registrations --with-personal-data",
            err=True,
        )


def _codes(codes: Iterable[CompanionCode]) -> Iterator[str]:
    for each in codes:
        yield f"{each.name} can agree in a chat with this code: companion-{each.code}"


def _refused(refusal: Registered) -> str:
    match refusal:
        case EventCancelled():
            return "The event does not take place."
        case TooLarge(capacity=capacity):
            return f"The place has only {capacity} seats in all."
        case AlreadyRegistered():
            return "They have a seat there already."
        case _:
            return f"That is not possible: {type(refusal).__name__}."


def _closed(event: Event, place: Place, at: datetime) -> str:
    """Say why nobody can be entered: the time of the call decides, as long as seats are given."""
    if not place.registration:
        return f"Nobody registers for “{place.slug}”: it is open to everybody."
    deadline = f"{event.local(place.deadline):%Y-%m-%d %H:%M}"
    if at >= place.deadline:
        return (
            f"Registration for “{place.slug}” ended at {deadline}, and they called after that.\n"
            "Had they called before, --at with that time would have counted."
        )
    return (
        f"They called in time, before {deadline}, but “{event.slug}” has begun: seats are no "
        "longer given.\nWhether there is still room is up to the people at the door."
    )
