"""Ideas: one's own words, where they belong, and whether a name stands beside them."""

from __future__ import annotations

from typing import Any

from bot.dialogue.flow import Begin, Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import YES, OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.events import Event, PlaceKind
from bot.domain.facts import Facts
from bot.domain.ideas import (
    AmendIdea,
    HandedIn,
    HandIn,
    Idea,
    IdeaAmended,
    IdeaKind,
    IdeaNotThere,
    Origin,
    is_evening,
    is_fresh,
)
from bot.domain.seats import RegistrationState
from bot.flows import after_idea, my_idea, onward, small_talk
from bot.flows.idea_questions import (
    ADD,
    DROP,
    KIND,
    NAME,
    ORGANISATION,
    PICTURE,
    PROMPTS,
    Said,
    belonging,
    quoted,
    where,
    words,
)
from bot.flows.privacy_notice import short_for_ideas
from bot.i18n import Renderable, _, paragraphs

End = HandIn | AmendIdea | Begin | Told


def idea(talk: Talk) -> End:
    """Ask for an idea; whoever has written it already is asked for no more than is needed."""
    event = _event(talk)
    if isinstance(event, Said):
        return _anew(talk, event=None, way=None, text=event.text)
    if _is_short(talk, event):
        return _briefly(talk, event)
    return _in_full(talk, event)


def _in_full(talk: Talk, event: Event | None) -> End:
    """Ask one thing after the other; what not everybody wants is offered in the summary."""
    kind = talk.ask("kind", KIND)
    if isinstance(kind, Said):
        return _anew(talk, kind=None, way=None, text=kind.text)
    _say_privacy(talk)
    text = talk.ask("text", words(PROMPTS[kind]))
    if (other := _meant_otherwise(talk, text, event)) is not None:
        return other
    pillar = _where(talk, event)
    if isinstance(pillar, Said):
        return _aside(talk, text, pillar.text)
    picture = talk.offer("picture", PICTURE, None)
    name = talk.offer("name", NAME, None)
    organisation = talk.offer("organisation", ORGANISATION, None) if name else None
    right = _("Is everything right? You can change each line.")
    sure = talk.review("sure", right, _("Yes, hand it in"), heard=Said)
    if isinstance(sure, Said):
        return _aside(talk, text, sure.text, asked="sure")
    return HandIn(
        kind=kind,
        pillar=pillar,
        text=text,
        name=name or "",
        organisation=organisation or "",
        picture=picture,
        event=event.id if event else None,
        further=tuple(talk.answers.get("further", ())),
    )


def _where(talk: Talk, event: Event | None, text: str | None = None) -> Any:  # noqa: ANN401
    """Ask where it belongs; what was typed meanwhile waits."""
    if talk.answers.get("further"):
        talk.say("further", _("Good, I ask about that next. First the one before:"))
    return talk.ask("pillar", where(event, text))


def _briefly(talk: Talk, event: Event | None) -> End:
    """Hand in with two steps, the words and where they belong, of which the second shows them."""
    _say_privacy(talk)
    prompt: Renderable = _("What is your idea, your wish or your experience?")
    if event is not None:
        prompt = _("<b>{event}</b>\n{question}").format(event=event.title, question=prompt)
    last = _just_handed_in(talk) if talk.knows("picture") and not talk.knows("text") else None
    text = talk.ask("text", words(prompt, last))
    if text == ADD and last is not None:
        return AmendIdea(last.id, picture=talk.answers["picture"])
    if (other := _meant_otherwise(talk, text, event)) is not None:
        return other
    pillar = _where(talk, event, text)
    if isinstance(pillar, Said):
        return _aside(talk, text, pillar.text)
    if pillar == DROP:
        kept = Reply(_("All right, I have not handed it in."))
        return Told((kept,), onward.onward(onward.IDEA, onward.EVENTS))
    return HandIn(
        kind=IdeaKind.IDEA,
        pillar=pillar,
        text=text,
        picture=talk.ask("picture", PICTURE) if talk.knows("picture") else None,
        event=event.id if event else None,
        origin=_origin(event, talk) if event is not None else None,
        further=tuple(talk.answers.get("further", ())),
    )


def _is_short(talk: Talk, event: Event | None) -> bool:
    """Choose the way once: a short one stays so, even if the event ends in the middle of it."""
    written = talk.knows("text") or (event is not None and is_fresh(event, talk.now))
    if not talk.knows("way"):
        talk.keep("way", "short" if written and not talk.knows("kind") else "full")
    return bool(talk.answers["way"] == "short")


def _event(talk: Talk) -> Event | Said | None:
    """Find the event that the idea belongs to: the one that led here, or that of this evening."""
    if not talk.is_answered_now("event") and not talk.knows("event"):
        running = [event for event in talk.facts.every_event if is_evening(event, talk.now)]
        if not running:
            return None
        talk.keep("event", min(running, key=lambda event: event.is_over(talk.now)).slug)
    event = talk.ask("event", belonging(talk.facts))
    if event is None:
        talk.say("gone", _("That event is not in my list any more. Your idea is welcome anyway."))
    return event


def _meant_otherwise(talk: Talk, text: str, event: Event | None) -> Told | None:
    """Ask whether thanks or a question are an idea, and answer them if they are not."""
    heard = small_talk.heard(text)
    if heard is None or talk.answers.get("pillar"):
        return None
    no: Renderable = _("No, do not hand it in")
    reply: Renderable = _("You are welcome. If you have an idea: just write it, or say /idea.")
    prompt: Renderable = _("Shall I hand that in as an idea?")
    if heard is small_talk.Heard.QUESTION:
        no = _("No, it is a question")
        reply = small_talk.answer(text, event, talk.facts.city)
        prompt = paragraphs(reply, prompt)
    question = OneOf(
        prompt=paragraphs(quoted(text), prompt),
        of=(
            Option("yes", _("Yes, it is an idea"), value=True, also=YES),
            Option("no", no, value=False, also=_("no, n, a question")),
        ),
    )
    if talk.ask("meant", question):
        return None
    return Told((Reply(reply),), onward.onward(onward.IDEA, onward.EVENTS))


def _aside(talk: Talk, text: str, said: str, asked: str = "pillar") -> Begin:
    """Ask what somebody meant who went on writing where a choice was expected."""
    further = [*talk.answers.get("further", ()), said]
    question: OneOf[dict[str, Any]] = OneOf(
        prompt=paragraphs(quoted(said), _("What is that?")),
        of=(
            Option("add", _("It belongs to my idea"), {"text": f"{text}\n\n{said}"}),
            Option("another", _("Another idea"), {"further": further}),
            Option("instead", _("Take it instead"), {"text": said}),
            Option("nothing", _("No idea at all"), {}, also=_("no, nothing, none")),
        ),
    )
    changes = talk.ask("aside", question)
    return _anew(talk, **(changes | {asked: None, "aside": None}))


def _anew(talk: Talk, **changes: object) -> Begin:
    """Go on with other answers; None takes one away."""
    given = talk.answers | {"told": "privacy" in talk.said or talk.knows("told")} | changes
    return Begin("idea", {key: value for key, value in given.items() if value is not None})


def _say_privacy(talk: Talk) -> None:
    if not talk.answers.get("told"):
        talk.say("privacy", short_for_ideas(talk.facts))


def _just_handed_in(talk: Talk) -> Idea | None:
    """Find the idea that a picture may belong to."""
    newest = next(iter(talk.facts.ideas), None)
    if newest is None or not my_idea.is_new(newest, talk.now):
        return None
    return newest


def _origin(event: Event, talk: Talk) -> Origin | None:
    """Whoever has a seat in the room speaks from there, everybody else from a screen."""
    if not is_fresh(event, talk.now):
        return None
    rooms = {
        place.id
        for place in event.places
        if place.kind in {PlaceKind.ROOM, PlaceKind.ROOM_WITHOUT_CAMERA}
    }
    for held in (*talk.facts.registrations, *talk.facts.past):
        if held.place in rooms and held.state is RegistrationState.CONFIRMED:
            return Origin.ROOM
    return Origin.SCREEN


def told(command: Command, outcome: HandedIn | IdeaAmended | IdeaNotThere, facts: Facts) -> Told:
    """Thank, say what has arrived under which number, and offer what can be done about it."""
    if not isinstance(outcome, HandedIn):
        return my_idea.told(outcome)
    event = facts.event(outcome.event) if outcome.event is not None else None
    text = paragraphs(
        _("<b>Thank you! Your idea has arrived.</b>"),
        _("Its number is <b>{reference}</b>: {text}").format(
            reference=outcome.reference, text=quoted(command.text)
        ),
    )
    slug = event.slug if event is not None else None
    if command.further:
        first, *rest = command.further
        given = {"event": slug, "text": first, "further": rest, "told": True}
        return Told((Reply(text),), Begin("idea", given))
    live = command.origin is not None
    more = _("You can send the next one right away.") if live else None
    return Told((Reply(paragraphs(text, more)),), after_idea.after(outcome.idea, slug, live=live))


IDEA = Flow(
    name="idea",
    title=_("Your idea"),
    script=idea,
    words=("idea", "idee"),
    spoken=("vorschlag", "wunsch", "suggestion"),
    tell=told,
    argument="event",
    entry="idea",
    picture="picture",
    keeps=True,
    help=_("/idea – hand in an idea or an experience"),
)
