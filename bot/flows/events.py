"""Events: what is on, and everything that one wants to know before taking part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.dialogue.flow import Begin, Flow, Told
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

Way = Begin | Told
"""What can be done about an event: another conversation, or something that is sent."""


def events(talk: Talk) -> Way | Reply:
    """List the events, show one, and offer what can be done about it."""
    if not talk.facts.events:
        return Reply(NOTHING_ON)
    question = which(talk.facts, _("Which event would you like to know about?"))
    event = talk.ask("event", question, clears=("had",))
    had = talk.answers.get("had", [])
    prompt = _("What else would you like to do?") if had else detail(event, talk)
    return talk.ask("next", OneOf(prompt=prompt, of=_ways(event, had, talk), harmless=True))


def which(facts: Facts, prompt: Renderable) -> OneOf[Event]:
    """Ask for one of the events that lie ahead."""
    return OneOf(
        prompt=prompt,
        label=_("Event"),
        of=tuple(map(_option, facts.events)),
        harmless=True,
    )


@lru_cache(maxsize=wording.EVENTS)
def _option(event: Event) -> Option[Event]:
    called = listed((event.slug, event.keyword))
    name = wording.named(event)
    label = _("{event} (cancelled)").format(event=name) if event.cancelled else name
    return Option(event.slug, label, event, also=called)


def detail(event: Event, talk: Talk) -> Renderable:
    """Say in a few lines what an event is, when and where, and how many seats are free."""
    title = _("<b>{title}</b>").format(title=event.title)
    if event.cancelled:
        return paragraphs(title, _("This event has been cancelled."), _questions(event, talk))
    registrable = [place for place in event.places if place.registration]
    return paragraphs(
        title,
        lines(
            _("<b>When:</b> {when}").format(when=wording.when(event)),
            _("<b>Where:</b> {where}").format(where=wording.where(event.venue))
            if event.venue
            else None,
            _("<b>Cost:</b> {cost}").format(cost=event.cost) if event.cost else None,
        ),
        lines(*(_place(event, place, talk) for place in registrable)),
        None if _is_any_open(event, talk) else _questions(event, talk),
    )


def _questions(event: Event, talk: Talk) -> Phrase:
    telephone = wording.telephone(event, talk.facts.city)
    return _("Questions? Call {telephone}.").format(telephone=telephone)


def more(event: Event, talk: Talk) -> Renderable:
    """Put into words what else somebody may want to know about an event."""
    is_any_open = _is_any_open(event, talk)
    return paragraphs(
        event.summary,
        _("<b>Live stream:</b> {link}").format(link=event.stream) if event.stream else None,
        _listed(_("<b>Programme</b>"), list(event.programme)),
        _listed(_("<b>Speakers</b>"), [_speaker(speaker) for speaker in event.speakers]),
        *(_about(event, place, talk) for place in event.places),
        _("Keyword: {keyword}").format(keyword=event.keyword) if is_any_open else None,
        wording.by_hand(event, talk.facts.city) if is_any_open else None,
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
    heading = _("<b>{place}:</b> {state}").format(place=place.title)
    if not is_open(event, place, talk):
        return heading.format(state=_("registration is closed"))
    state = _("{seats}, registration until {deadline}").format(
        seats=wording.seats(place, talk.facts.occupancy(place)),
        deadline=wording.until(event, place),
    )
    return heading.format(state=state)


def _about(event: Event, place: Place, talk: Talk) -> Renderable | None:
    """Say what one has to know about a place, and agree to for a seat there."""
    link = None if place.link in {"", event.stream} else place.link
    agreeing = _("You need to agree to: {consents}. I will show you the wording first.").format(
        consents=listed(terms.title for terms in place.consents)
    )
    asks = place.consents and is_open(event, place, talk)
    if place.note is None and link is None and not asks:
        return None
    title = _("<b>{title}</b>").format(title=place.title)
    return lines(title, place.note, link, agreeing if asks else None)


def _ways(event: Event, had: Sequence[str], talk: Talk) -> tuple[Option[Way], ...]:
    """Name what can be done about an event, but for what somebody `had` just now."""
    ways: list[Option[Way]] = []
    given = {"event": event.slug}
    if _is_any_open(event, talk):
        ways.append(Option("register", _("Take a seat"), Begin("register", given)))
    if not event.cancelled and "more" not in had:
        ways.append(_more(event, had, talk))
    ways.append(Option("idea", _("Hand in an idea for it"), Begin("idea", given)))
    if not event.cancelled:
        ways += _files(event, had)
    if len(talk.facts.events) > 1:
        ways.append(Option("others", _("Other events"), Begin("events")))
    return tuple(way for way in ways if way.id not in had)


def _more(event: Event, had: Sequence[str], talk: Talk) -> Option[Way]:
    told = _told(event, had, "more", Reply(more(event, talk)))
    return Option("more", _("More about it"), told, also=_("more, programme, details"))


def _files(event: Event, had: Sequence[str]) -> list[Option[Way]]:
    """Offer what is sent as a file."""

    def sent(way: str, text: Phrase, attachment: Attachment) -> Told:
        return _told(event, had, way, Reply(text, attachments=(attachment,)))

    date = Attachment("event", event.id)
    calendar = sent("calendar", _("Here is the date for your calendar."), date)
    files: list[Option[Way]] = [Option("calendar", _("Calendar file"), calendar)]
    if event.venue is not None:
        way = sent("map", _("This is the way to us."), Attachment("venue", event.id))
        files.append(Option("map", _("Map"), way))
    return files


def _told(event: Event, had: Sequence[str], way: str, reply: Reply) -> Told:
    """Say something about an event; afterwards one can go on with the other ways."""
    return Told((reply,), then=Begin("events", {"event": event.slug, "had": [*had, way]}))


def _is_any_open(event: Event, talk: Talk) -> bool:
    return any(is_open(event, place, talk) for place in event.places)


def is_open(event: Event, place: Place, talk: Talk) -> bool:
    """Tell whether one can register for a place now."""
    return place.registration and not event.cancelled and talk.now < place.deadline


EVENTS = Flow(
    name="events",
    title=_("Events"),
    script=events,
    words=("events", "termine"),
    spoken=("event", "termin", "veranstaltung", "veranstaltungen", "programm"),
    argument="event",
    entry="event",
    help=_("/events – what is on"),
)
