"""Registration: a place, who comes, what they agree to, a summary, and the final yes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.consenting import consent
from bot.dialogue.flow import Begin, Flow
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.consents import Agreement
from bot.domain.events import Event, Occupancy, Place, PlaceKind
from bot.domain.seats import Register, Registration
from bot.flows import wording
from bot.flows.crowds import NONE, OTHER, elsewhere, if_too_few, seats_now
from bot.flows.details import NAME, ORGANISATION, REACH, consent_to_needs, what_one_needs
from bot.flows.events import NOTHING_ON, is_open, which
from bot.flows.held import KEPT, holdings, other_places, what_else
from bot.flows.known import take_over
from bot.flows.party import ADULT_AT, companions
from bot.flows.privacy_notice import short
from bot.flows.receipts import told
from bot.i18n import Renderable, _, lines, listed, paragraphs


@dataclass(frozen=True)
class Seat:
    """A place, with everything agreed to that it needs."""

    place: Place
    agreements: tuple[Agreement, ...] = ()


def register(talk: Talk) -> Register | Begin | Reply:
    """Ask everything that a registration needs; the final yes ends it."""
    if not talk.facts.events:
        return Reply(NOTHING_ON)
    event = talk.ask("event", which(talk.facts, _("Which event would you like to come to?")))
    if not any(is_open(event, place, talk) for place in event.places):
        return Reply(_closed(event, talk))
    held = holdings(talk, event)
    if held and (end := what_else(talk, event, held)) is not None:
        return end
    seat = _seat(event, talk, held)
    if isinstance(seat, Reply):
        return seat
    take_over(talk, held)
    name = talk.ask("name", NAME)
    organisation = talk.ask("organisation", ORGANISATION)
    contact = talk.ask("contact", REACH)
    coming = companions(talk, event, seat.place, name)
    needs, needs_agreements = _needs(talk, seat.place, held)
    choice = if_too_few(event, seat.place, 1 + len(coming), talk)
    if choice == NONE:
        return NOT_REGISTERED
    if choice == OTHER:
        return elsewhere(talk)
    party = wording.by_name([name, *(each.name for each in coming)])
    talk.review("sure", _summary(event, party), _("Yes, register"), mark=str(event.revision))
    return Register(
        event=event.id,
        place=seat.place.id,
        name=name,
        contact=contact,
        organisation=organisation or "",
        companions=coming,
        needs=needs,
        agreements=(*seat.agreements, *needs_agreements),
        seats_now=seats_now(choice),
    )


NOT_REGISTERED = Reply(_("All right, I have not registered you. See you another time!"))


def _closed(event: Event, talk: Talk) -> Renderable:
    if event.cancelled:
        return _("“{event}” has been cancelled.").format(event=event.title)
    return paragraphs(
        _("Registration for “{event}” is closed.").format(event=event.title),
        wording.live(event),
        _("Questions? Call {telephone}.").format(
            telephone=wording.telephone(event, talk.facts.city)
        ),
    )


def _seat(event: Event, talk: Talk, held: list[Registration]) -> Seat | Reply:
    """Choose a place and agree to what it needs, or choose one that needs less."""
    places = other_places(talk, event, held)
    streams = [place for place in event.places if not place.registration]
    prompt = _how(event)
    key = "place"
    while True:
        place = talk.ask(key, _which_place([*places, *streams], prompt, talk))
        if place is None:
            return KEPT if held else NOT_REGISTERED
        if not place.registration:
            return Reply(_watching(event, place))
        talk.say("privacy", short(talk.facts))
        agreements = _agreements(event, place, [*places, *streams], talk)
        if len(agreements) == len(place.consents):
            return Seat(place, agreements)
        places.remove(place)
        prompt = _("That is fine. Without your consent you can take part like this:")
        key = f"instead.{place.slug}"


@lru_cache(maxsize=wording.EVENTS)
def _how(event: Event) -> Renderable:
    return _("<b>{event}</b>\n{when}\n\nHow would you like to take part?").format(
        event=event.title, when=wording.when(event)
    )


def _which_place(places: list[Place], prompt: Renderable, talk: Talk) -> OneOf[Place | None]:
    options = [_option(place, talk.facts.occupancy(place)) for place in places]
    return OneOf(prompt=prompt, label=_("Place"), of=(*options, _NOT_AT_ALL))


_NOT_AT_ALL: Option[Place | None] = Option("none", _("Not at all"), None)


@lru_cache(maxsize=1024)
def _option(place: Place, occupancy: Occupancy) -> Option[Place | None]:
    if not place.registration:
        label: Renderable = _("{place} (without registration)").format(place=place.title)
    elif place.capacity is None:
        label = place.title
    else:
        seats = wording.seats(place, occupancy)
        label = _("{place} ({seats})").format(place=place.title, seats=seats)
    return Option(place.slug, label, place, place.title, place.title)


def _watching(event: Event, place: Place) -> Renderable:
    return paragraphs(
        _("You need no registration for that:"),
        wording.when(event),
        place.link or event.stream,
        _("You can hand in your ideas here before, during and after the event: /idea"),
    )


def _agreements(
    event: Event, place: Place, places: list[Place], talk: Talk
) -> tuple[Agreement, ...]:
    others = [other for other in places if other is not place and not other.consents]
    hint = (
        _("Without it: {places}.").format(places=listed(other.title for other in others))
        if others
        else None
    )
    under_age = _("Under {age}? Please let a parent or guardian register you.")
    given = []
    for terms in place.consents:
        agreement = talk.ask(
            f"consent.{place.slug}.{terms.slug}",
            consent(
                _("Here we need your consent. You are free:"),
                terms,
                talk.language,
                about=event.slug,
                hint=paragraphs(hint, under_age.format(age=ADULT_AT)),
            ),
        )
        if agreement is None:
            break
        given.append(agreement)
    return tuple(given)


def _needs(talk: Talk, place: Place, held: list[Registration]) -> tuple[str, tuple[Agreement, ...]]:
    """Ask for needs, and for the consent to keep them; without it they are forgotten at once."""
    asked = what_one_needs(is_online=place.kind is PlaceKind.ONLINE)
    needs = talk.ask("needs", asked, clears=("consent.needs",))
    if needs is None:
        return "", ()
    if any(each.needs == needs for each in held):
        return needs, ()  # they have agreed to that before
    agreement = talk.ask("consent.needs", consent_to_needs(talk.language))
    if agreement is not None:
        return needs, (agreement,)
    talk.forget("needs", "consent.needs")
    talk.keep("needs", None)
    talk.say("needs.forgotten", _("That is fine. I have forgotten what you need."))
    talk.ask("needs", asked)
    return "", ()


def _summary(event: Event, party: Renderable) -> Renderable:
    return paragraphs(
        _("<b>Is everything right?</b>"),
        lines(wording.when(event), party),
    )


REGISTER = Flow(
    name="register",
    title=_("Registration"),
    script=register,
    words=("register", "anmelden"),
    spoken=("anmeldung", "registrieren", "registration", "registrierung"),
    tell=told,
    argument="event",
    keeps=True,
    help=_("/register – take a seat"),
)
