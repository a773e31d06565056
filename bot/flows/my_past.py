"""What has become of registrations: which count, which are over or given back, in words."""

from __future__ import annotations

from bot.dialogue.contacts import spoken
from bot.dialogue.flow import Told
from bot.dialogue.messages import Reply
from bot.dialogue.talk import Talk
from bot.domain.events import Event
from bot.domain.seats import HOLDING, Registration, RegistrationState
from bot.flows import onward, wording
from bot.i18n import Phrase, Renderable, _, lines, paragraphs


def live(talk: Talk) -> list[Registration]:
    """List what holds a seat or a place in the line of an event that is not over."""
    return [held for held in talk.facts.registrations if held.state in HOLDING]


def over(talk: Talk) -> list[Registration]:
    """List what is over or was given back, the newest first; of each event only what counts."""
    counted = {held.event for held in live(talk)}
    listed = []
    everything = (*talk.facts.past, *talk.facts.registrations)
    for held in sorted(everything, key=lambda each: (each.state in HOLDING, each.id), reverse=True):
        if held.event not in counted:
            counted.add(held.event)
            listed.append(held)
    return sorted(listed, key=lambda held: talk.facts.event(held.event).starts_at, reverse=True)


def is_past(held: Registration, talk: Talk) -> bool:
    """Tell whether a registration can only be looked at."""
    return held.state not in HOLDING or talk.facts.event(held.event).is_over(talk.now)


def in_brief(held: Registration, talk: Talk) -> Phrase:
    """Say in a line what a registration is worth, for lists and buttons."""
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    named = {"event": wording.named(event), "place": place.title if place else ""}
    if event.cancelled:
        return _("{event}: cancelled").format(event=named["event"])
    if held.state not in HOLDING:
        return _("{event}: given back").format(event=named["event"])
    if event.is_over(talk.now):
        return _("{event}: is over").format(event=named["event"])
    if held.state is RegistrationState.CONFIRMED:
        return _("{event}: seat confirmed ({place})").format(**named)
    if talk.now >= event.starts_at:
        return _("{event}: no seat became free ({place})").format(**named)
    return _("{event}: waiting list, position {position} ({place})").format(
        position=held.position or 0, **named
    )


def past(held: Registration, talk: Talk) -> Told:
    """Show a registration with which nothing can be done any more, and what belongs to it."""
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    text = paragraphs(
        _("<b>{event}</b>\n{when}").format(event=event.title, when=wording.when(event)),
        lines(
            place.title if place else None,
            _became(held, event),
            _("Name: {name}").format(name=held.name) if held.name else None,
            _("For: {name}").format(name=held.organisation) if held.organisation else None,
            _("Contact: {contact}").format(contact=spoken(held.contact)) if held.name else None,
        ),
    )
    agreed = any(consent.event == held.event for consent in talk.facts.consents)
    anew = held.state not in HOLDING and not event.cancelled and not event.is_over(talk.now)
    ways = (
        *((onward.register(event.slug),) if anew else ()),
        *((onward.CONSENTS,) if agreed else ()),
        *(() if anew else (onward.EVENTS,)),
        onward.MINE,
    )
    return Told((Reply(text),), onward.onward(*ways))


def _became(held: Registration, event: Event) -> Renderable:
    number = held.arrival_number
    if event.cancelled:
        return _("This event has been cancelled.")
    match held.state:
        case RegistrationState.CONFIRMED:
            return _("You had a seat, arrival number {number}.").format(number=number)
        case RegistrationState.WAITING:
            return _("You were on the waiting list; no seat became free for you.")
        case _:
            return _("You have given this back.")
