"""When too few seats are free: nobody is put into a line, or split, without being asked."""

from __future__ import annotations

from bot.dialogue.flow import Begin
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.events import Event, Place
from bot.flows import wording
from bot.i18n import Renderable, _, n_, paragraphs

TOGETHER, OTHER, NONE = "together", "other", "none"
SPLIT = "split."
"""The beginning of the answer that says how many of a group come now."""


def if_too_few(event: Event, place: Place, party: int, talk: Talk) -> str:
    """Ask what to do if there are too few seats for a party; `TOGETHER` if there are enough.

    At the final yes nothing is asked any more, because that yes is the time of arrival.
    """
    if talk.is_answered_now("sure"):
        return str(talk.answers.get("few", TOGETHER))
    free = talk.facts.occupancy(place).free(place)
    if free is None or free >= party:
        return TOGETHER
    if place.capacity and place.capacity < party:
        prompt: Renderable = n_(
            "This place has only {count} seat altogether, and there are {party} of you. You can "
            "say /back and come with fewer people.",
            "This place has only {count} seats altogether, and there are {party} of you. You can "
            "say /back and come with fewer people.",
            place.capacity,
        ).format(party=party)
        options: list[Option[str]] = []
    else:
        prompt = paragraphs(_how_few(place, party, free, talk), wording.rule_of_order(event))
        options = _waiting(party, free)
    if len(event.places) > 1:
        options.append(Option(OTHER, _("Choose another place"), OTHER))
    options.append(Option(NONE, _("Do not register"), NONE))
    asked = paragraphs(prompt, _("What would you like to do?"))
    return talk.ask("few", OneOf(prompt=asked, label=_("If it is full"), of=tuple(options)))


def _how_few(place: Place, party: int, free: int, talk: Talk) -> Renderable:
    if party > 1 and free > 0:
        return n_(
            "Only {count} seat is free, and there are {party} of you.",
            "Only {count} seats are free, and there are {party} of you.",
            free,
        ).format(party=party)
    return _("As things stand: {seats}.").format(
        seats=wording.seats(place, talk.facts.occupancy(place))
    )


def _waiting(party: int, free: int) -> list[Option[str]]:
    if party == 1 or not free:
        return [Option(TOGETHER, _("Wait for a seat"), TOGETHER)]
    now = n_("{count} comes now, the rest waits", "{count} come now, the rest waits", free)
    return [
        Option(f"{SPLIT}{free}", now, f"{SPLIT}{free}"),
        Option(TOGETHER, _("Wait together"), TOGETHER),
    ]


def seats_now(choice: str) -> int | None:
    """Say how many of a group come now; None if it stays together."""
    return int(choice.removeprefix(SPLIT)) if choice.startswith(SPLIT) else None


def elsewhere(talk: Talk) -> Begin:
    """Choose the place again, with everything else that was said so far."""
    about_place = ("place", "instead", "few", "consent", "sure")
    kept = {
        key: stored
        for key, stored in talk.answers.items()
        if key.partition(".")[0] not in about_place
    }
    return Begin("register", kept)
