"""Events: what is on, and everything that one wants to know before taking part."""

from __future__ import annotations

from functools import lru_cache

from bot.dialogue.flow import Begin, Flow
from bot.dialogue.messages import Attachment, Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.events import Event, Place, Speaker
from bot.domain.facts import Facts
from bot.flows import wording
from bot.i18n import Phrase, Renderable, _, lines, listed, paragraphs

NOTHING_ON = _(
    "There is no event at the moment. You can hand in an idea at any time: /idea. "
    "We will announce new events here."
)


def events(talk: Talk) -> Begin | Reply:
    """List the events, show one, and offer what can be done about it."""
    if not talk.facts.events:
        return Reply(NOTHING_ON)
    event = talk.ask("event", which(talk.facts, _("Which event would you like to know about?")))
    return talk.ask(
        "next",
        OneOf(prompt=detail(event, talk), of=_ways(event, talk)),
    )


def which(facts: Facts, prompt: Renderable) -> OneOf[Event]:
    """Ask for one of the events that lie ahead."""
    return OneOf(
        prompt=prompt,
        label=_("Event"),
        of=tuple(map(_option, facts.events)),
    )


@lru_cache(maxsize=wording.EVENTS)
def _option(event: Event) -> Option[Event]:
    called = listed((event.slug, event.keyword))
    return Option(event.slug, wording.named(event), event, also=called)


def detail(event: Event, talk: Talk) -> Renderable:
    """Put everything about an event into words."""
    registrable = [place for place in event.places if place.registration]
    return paragraphs(
        _("<b>{title}</b>").format(title=event.title),
        _("This event has been cancelled.") if event.cancelled else None,
        event.summary,
        lines(
            _("<b>When:</b> {when}").format(when=wording.when(event)),
            _("<b>Where:</b> {where}").format(where=wording.where(event.venue))
            if event.venue
            else None,
            _("<b>Live stream:</b> {link}").format(link=event.stream) if event.stream else None,
        ),
        _listed(_("<b>Programme</b>"), list(event.programme)),
        _listed(_("<b>Speakers</b>"), [_speaker(speaker) for speaker in event.speakers]),
        lines(*(_place(event, place, talk) for place in registrable)),
        _("Keyword: {keyword}").format(keyword=event.keyword) if registrable else None,
        wording.by_hand(event, talk.facts.city) if registrable and not event.cancelled else None,
    )


def _listed(title: Phrase, texts: list[Renderable]) -> Renderable | None:
    return lines(title, wording.bullets(texts)) if texts else None


def _speaker(speaker: Speaker) -> Phrase:
    if speaker.topic is None:
        return _("{name}, {role}").format(name=speaker.name, role=speaker.role)
    return _("{name}, {role}: {topic}").format(
        name=speaker.name, role=speaker.role, topic=speaker.topic
    )


def _place(event: Event, place: Place, talk: Talk) -> Renderable:
    if talk.now >= place.deadline:
        state: Renderable = _("registration is closed")
    else:
        state = _("{seats}, registration until {deadline}").format(
            seats=wording.seats(place, talk.facts.occupancy(place)),
            deadline=wording.until(event, place),
        )
    return lines(
        _("<b>{place}:</b> {state}").format(place=place.title, state=state),
        place.note,
        _("You need to agree to: {consents}. I will show you the wording first.").format(
            consents=listed(terms.title for terms in place.consents)
        )
        if place.consents
        else None,
    )


def _ways(event: Event, talk: Talk) -> tuple[Option[Begin | Reply], ...]:
    given = {"event": event.slug}
    ways: list[Option[Begin | Reply]] = []
    if any(is_open(event, place, talk) for place in event.places):
        ways.append(Option("register", _("Take a seat"), Begin("register", given)))
    ways.append(Option("idea", _("Hand in an idea for it"), Begin("idea", given)))
    ways.append(
        Option(
            "calendar",
            _("Calendar file"),
            Reply(
                _("Here is the date for your calendar."),
                attachments=(Attachment("event", event.id),),
            ),
        )
    )
    if event.venue is not None:
        ways.append(
            Option(
                "map",
                _("Map"),
                Reply(_("This is the way to us."), attachments=(Attachment("venue", event.id),)),
            )
        )
    if len(talk.facts.events) > 1:
        ways.append(Option("others", _("Other events"), Begin("events")))
    return tuple(ways)


def is_open(event: Event, place: Place, talk: Talk) -> bool:
    """Tell whether one can register for a place now."""
    return place.registration and not event.cancelled and talk.now < place.deadline


EVENTS = Flow(
    name="events",
    title=_("Events"),
    script=events,
    words=("events", "termine"),
    argument="event",
    entry="event",
    help=_("/events – what is on"),
)
