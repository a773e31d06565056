"""Whoever registers where they hold something already: what they have, and what can be done."""

from __future__ import annotations

from bot.dialogue.flow import Begin
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.events import Event, Place
from bot.domain.seats import HOLDING, Registration, RegistrationState
from bot.flows import my_group, wording
from bot.flows.events import is_open
from bot.i18n import Renderable, _, lines, paragraphs

SEE, PLACE, LEAVE, ADD, CANCEL = "see", "place", "leave", "add", "cancel"

KEPT = Reply(
    _("All right. What you have for this event stays as it is; /mine shows it and gives it back.")
)


def holdings(talk: Talk, event: Event) -> list[Registration]:
    """List what the person holds at an event, a seat before a place in the line."""
    held = [
        each
        for each in talk.facts.registrations
        if each.event == event.id and each.state in HOLDING
    ]
    return sorted(held, key=lambda each: each.state is not RegistrationState.CONFIRMED)


def other_places(talk: Talk, event: Event, held: list[Registration]) -> list[Place]:
    """List the places for which somebody can register beside what they hold."""
    at = [each.place for each in held]
    if len(set(at)) < len(at):
        return []  # the waiting rest of a split group cannot stay behind without the person
    others = [place for place in event.places if place.id not in at and is_open(event, place, talk)]
    waits = any(each.state is RegistrationState.WAITING for each in held)
    return [place for place in others if not waits or _has_room(talk, place, held[0].party_size)]


def _has_room(talk: Talk, place: Place, party: int) -> bool:
    """Tell whether a party gets a seat at once: nobody waits for two places of an event."""
    free = talk.facts.occupancy(place).free(place)
    return free is None or free >= party


def what_else(talk: Talk, event: Event, held: list[Registration]) -> Begin | Reply | None:
    """Say what somebody has, and ask what they want; None: another place."""
    options = [Option(SEE, _("See or change it"), SEE)]
    if other_places(talk, event, held):
        options.append(Option(PLACE, _("Choose another place"), PLACE))
    if my_group.may_grow(held[0], event, talk):
        options.insert(0, Option(ADD, _("Bring somebody else along"), ADD, also=_("add")))
    options.append(Option(LEAVE, _("Leave it as it is"), LEAVE))
    options.append(Option(CANCEL, _("I am not coming"), CANCEL, also=wording.NOT_COMING))
    prompt = paragraphs(
        _("You are already registered for “{event}”:").format(event=event.title),
        lines(*(_described(event, each) for each in held)),
        _("What would you like to do?"),
    )
    wish = talk.ask("held", OneOf(prompt=prompt, of=tuple(options)))
    if wish == SEE:
        return Begin("mine", {"target": f"registration.{held[0].id}"})
    if wish in {ADD, CANCEL}:
        return Begin("mine", {"target": f"registration.{held[0].id}", "action": wish})
    if wish == LEAVE:
        return KEPT
    talk.say(
        "kept",
        _("You keep what you have until the other place is free for you."),
    )
    return None


def _described(event: Event, held: Registration) -> Renderable:
    place = event.place_by_id(held.place)
    described: dict[str, Renderable] = {
        "place": place.title if place else "",
        "people": wording.by_name(
            [*([held.name] if held.with_person else []), *(each.name for each in held.companions)]
        ),
        "number": str(held.arrival_number),
    }
    if held.state is RegistrationState.CONFIRMED:
        return _("{place}: seat confirmed, arrival number {number}. {people}").format(**described)
    return _(
        "{place}: waiting list, position {position}, arrival number {number}. {people}"
    ).format(position=held.position or 0, **described)
