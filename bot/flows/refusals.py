"""Why a command about seats was not carried out, said kindly, and what one can do instead."""

from __future__ import annotations

from bot.dialogue.flow import Told
from bot.dialogue.messages import Reply
from bot.domain.events import EventId
from bot.domain.facts import Facts
from bot.domain.outcomes import (
    AlreadyRegistered,
    ConsentMissing,
    EventCancelled,
    NotAnsweredYet,
    NotThere,
    OnlyThemselves,
    RegistrationClosed,
    SeatRefusal,
    TooLarge,
    TooLate,
)
from bot.domain.seats import HOLDING, RegistrationState
from bot.flows import onward, wording
from bot.flows.onward import EVENTS, MINE
from bot.i18n import Renderable, _, paragraphs


def refused(outcome: SeatRefusal, facts: Facts) -> Told:
    """Say that nothing has changed, and why."""
    reply = Reply(_reason(outcome, facts))
    match outcome:
        case RegistrationClosed() | EventCancelled():
            return Told((reply,), onward.onward(EVENTS, MINE))
        case AlreadyRegistered(event):
            return Told((reply,), onward.onward(_held(event, facts), EVENTS))
        case ConsentMissing(event) | TooLarge(event):
            return Told((reply,), onward.onward(_anew(event, facts), MINE))
        case _:
            return Told((reply,), onward.onward(MINE, EVENTS))


def _held(event: EventId, facts: Facts) -> str:
    """Lead to what the person has at this event."""
    for held in facts.registrations:
        if held.event == event and held.state in HOLDING:
            return onward.registration(held.id)
    return MINE


def _anew(event: EventId, facts: Facts) -> str:
    return onward.register(facts.event(event).slug)


def _reason(outcome: SeatRefusal, facts: Facts) -> Renderable:
    match outcome:
        case RegistrationClosed(event):
            return paragraphs(
                _("I am sorry, registration closed before your final yes arrived."),
                wording.by_hand(facts.event(event), facts.city),
            )
        case EventCancelled(event):
            return _("I am sorry, “{event}” has been cancelled.").format(
                event=facts.event(event).title
            )
        case AlreadyRegistered(state=RegistrationState.WAITING):
            return _(
                "Nothing has changed: you are already on the waiting list for this event. What "
                "you have entered just now was not kept."
            )
        case AlreadyRegistered():
            return _(
                "Nothing has changed: you already have a seat there. What you have entered just "
                "now was not kept."
            )
        case ConsentMissing():
            return _(
                "You are not registered yet: the wording of a consent has changed in the "
                "meantime. Please begin again, so that you can read it."
            )
        case TooLarge(capacity=capacity):
            return _(
                "You are not registered: your group is larger than the whole place, which holds "
                "{seats}. Please register in smaller groups."
            ).format(seats=wording.people(capacity))
        case NotAnsweredYet(name=name):
            return _(
                "{name} has not agreed yet. Please pass on the code first: whoever has agreed can "
                "take over your registration."
            ).format(name=name)
        case OnlyThemselves():
            return _(
                "This code is for your companion. Please pass it on: everybody agrees for "
                "themselves, in a chat of their own."
            )
        case TooLate():
            return _("The event has begun; seats cannot be changed any more.")
        case NotThere():
            return _("I could not change anything: that registration does not exist any more.")
