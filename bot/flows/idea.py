"""Ideas: one's own words, where they belong, and whether a name stands beside them."""

from __future__ import annotations

from bot.dialogue.flow import Begin, Command, Flow, Told
from bot.dialogue.messages import Picture, Reply
from bot.dialogue.names import Name
from bot.dialogue.questions import (
    OneOf,
    Option,
    Question,
    Refusal,
    Stored,
    Text,
    optional,
)
from bot.dialogue.talk import Talk
from bot.domain.events import Event, PlaceKind
from bot.domain.facts import Facts
from bot.domain.ideas import HandedIn, HandIn, IdeaKind, Origin, PictureId, Pillar
from bot.domain.seats import RegistrationState
from bot.flows.events import which
from bot.flows.party import NAME_LENGTH
from bot.flows.privacy_notice import short_for_ideas
from bot.i18n import Phrase, Renderable, _, paragraphs

IDEA_LENGTH = 8000


def idea(talk: Talk) -> HandIn | Begin | Reply:
    """Ask for an idea; while an event runs, its viewers are asked for no more than they have to."""
    event = _event(talk)
    if event is not None and event.is_running(talk.now) and not talk.knows("kind"):
        return _during(talk, event)
    kind = talk.ask("kind", KIND)
    talk.say("privacy", short_for_ideas(talk.facts))
    text = talk.ask("text", _text(_PROMPTS[kind]))
    pillar = talk.ask("pillar", PILLAR)
    picture = talk.ask("picture", optional(PICTURE, nothing=_("none")))
    name = talk.ask("name", NAME)
    organisation = talk.ask("organisation", ORGANISATION) if name else None
    talk.review("sure", _("Is everything right? You can change each line."), _("Yes, hand it in"))
    return HandIn(
        kind=kind,
        pillar=pillar,
        text=text,
        name=name or "",
        organisation=organisation or "",
        picture=picture,
        event=event.id if event else None,
    )


def _during(talk: Talk, event: Event) -> HandIn:
    """Hand in from the room or the stream, in two steps: the words, and where they belong."""
    talk.say("privacy", short_for_ideas(talk.facts))
    prompt = _("<b>{event}</b>\nWhat is your idea, your wish or your experience?")
    text = talk.ask("text", _text(prompt.format(event=event.title)))
    pillar = talk.ask("pillar", PILLAR)
    picture = talk.ask("picture", optional(PICTURE)) if talk.knows("picture") else None
    return HandIn(
        kind=IdeaKind.IDEA,
        pillar=pillar,
        text=text,
        picture=picture,
        event=event.id,
        origin=_origin(event, talk.facts),
    )


def _event(talk: Talk) -> Event | None:
    """Find the event that the idea belongs to: the one that led here, or the one that runs."""
    if talk.is_answered_now("event"):
        return talk.ask("event", which(talk.facts, _("Which event does your idea belong to?")))
    slug = talk.answers.get("event")
    for event in talk.facts.events:
        if event.slug == slug or (slug is None and event.is_running(talk.now)):
            return event
    return None


def _origin(event: Event, facts: Facts) -> Origin:
    """Whoever has a seat in the room speaks from there, everybody else from a screen."""
    rooms = {
        place.id
        for place in event.places
        if place.kind in {PlaceKind.ROOM, PlaceKind.ROOM_WITHOUT_CAMERA}
    }
    for held in facts.registrations:
        if held.place in rooms and held.state is RegistrationState.CONFIRMED:
            return Origin.ROOM
    return Origin.SCREEN


def _text(prompt: Renderable) -> Text:
    return Text(
        prompt=prompt,
        label=_("In your words"),
        max_length=IDEA_LENGTH,
        min_length=5,
        multiline=True,
    )


KIND = OneOf(
    prompt=_("What would you like to tell us?"),
    label=_("What it is"),
    harmless=True,
    of=(
        Option("idea", _("An idea or a wish"), IdeaKind.IDEA, also=_("idea, wish")),
        Option(
            "experience",
            _("An experience with the city's digital services"),
            IdeaKind.EXPERIENCE,
            also=_("experience"),
        ),
    ),
)

_PROMPTS = {
    IdeaKind.IDEA: _(
        "What is your idea or your wish? Write as much as you like, in your own words."
    ),
    IdeaKind.EXPERIENCE: _(
        "What have you experienced? What worked well, what did not? Write as much as you like."
    ),
}

PILLAR = OneOf(
    prompt=_("Where does it belong?"),
    label=_("Belongs to"),
    harmless=True,
    of=(
        Option(
            "city",
            _("Digital city: life in the whole city"),
            Pillar.CITY,
            also=_("digital city, city"),
        ),
        Option(
            "administration",
            _("Digital administration: services of the town hall"),
            Pillar.ADMINISTRATION,
            also=_("digital administration, administration"),
        ),
    ),
)

NAME = optional(
    Name(
        prompt=_(
            "Under which name may we publish it? Please type the name, or choose to have it "
            "published without one."
        ),
        label=_("Name"),
        max_length=NAME_LENGTH,
    ),
    skip=_("Without a name"),
    nothing=_("published without a name"),
)

ORGANISATION = optional(
    Name(
        prompt=_(
            "For whom do you speak? If it is a company, an association or a club, please type "
            "its name."
        ),
        label=_("For"),
        max_length=NAME_LENGTH,
        of_organisation=True,
    ),
    skip=_("For myself"),
    nothing=_("myself"),
)


class _PictureQuestion(Question[PictureId]):
    """Ask for a picture; the program has stored it by the time it is an answer."""

    def picture(self, picture: Picture) -> PictureId | Refusal:
        """Take the picture."""
        return PictureId(picture.id)

    def go_on(self) -> Phrase:
        """Say what to do to somebody who wants to add one."""
        return _("Good. Then please send the picture now.")

    def load(self, stored: Stored) -> PictureId | Refusal:
        """Take up the id of the stored picture."""
        return PictureId(stored)

    def shown(self, _value: PictureId) -> Renderable:
        """Say that there is one."""
        return _("one picture")

    def _please(self) -> Phrase:
        return _("Please send a picture (JPEG or PNG), or skip this.")


PICTURE = _PictureQuestion(
    prompt=_("Would you like to add a picture? If so, please send it now."), label=_("Picture")
)


def told(command: Command, outcome: HandedIn, facts: Facts) -> Told:
    """Thank, give the reference, and offer the next one while the event runs."""
    thanks = _("<b>Thank you! Your idea has arrived.</b>")
    reference = _("Its number is <b>{reference}</b>. Quote it when you ask about it.").format(
        reference=outcome.reference
    )
    if command.origin is not None and outcome.event is not None:
        event = facts.event(outcome.event)
        text = paragraphs(thanks, reference, _("You can send the next one right away."))
        return Told((Reply(text),), Begin("idea", {"event": event.slug}))
    after = _("/mine shows what becomes of it; there you can also take it back.")
    return Told((Reply(paragraphs(thanks, reference, after)),))


IDEA = Flow(
    name="idea",
    title=_("Your idea"),
    script=idea,
    words=("idea", "idee"),
    tell=told,
    argument="event",
    entry="idea",
    picture="picture",
    keeps=True,
    help=_("/idea – hand in an idea or an experience"),
)
