"""Welcome, help, language, and what is said when nobody asked anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.courtesies import is_courtesy, is_thanks, returned
from bot.dialogue.flow import Begin, Flow, Speak
from bot.dialogue.messages import Reply
from bot.dialogue.parties import mentions
from bot.dialogue.questions import NO_WORDS, YES, OneOf, Option, Stored, Text, meant_by
from bot.dialogue.talk import Talk
from bot.dialogue.writing import folded
from bot.domain.events import Event
from bot.domain.facts import Facts
from bot.domain.ideas import is_evening
from bot.flows import small_talk
from bot.flows.events import is_open
from bot.flows.party import MOST_COMPANIONS
from bot.i18n import LANGUAGES, Phrase, Renderable, _, lines, paragraphs

LONGEST_TEXT = 20_000
"""More than any network lets through in one message."""

FEW_WORDS = 3
"""Up to this many words are rarely an idea."""

ANYTIME = (_("/back – back to the question before"), _("/cancel – stop what we are doing"))
"""What works in the middle of everything."""


OTHER_LANGUAGES = f"{' · '.join(LANGUAGES.values())}: /language"
"""What those read first whose language is none of ours; each name is in its own language."""


def _ways(talk: Talk) -> tuple[Option[Begin | Reply], ...]:
    """Name what one can do, first what fits now: an idea while an event runs, or a seat."""
    idea: Option[Begin | Reply] = Option("idea", _("Hand in an idea"), Begin("idea"))
    running = _running(talk)
    first: list[Option[Begin | Reply]] = []
    if running is not None:
        now = Begin("idea", {"event": running.slug})
        first.append(replace(idea, label=_("Hand in an idea for what is on now"), value=now))
    if _can_register(talk):
        first.append(Option("register", _("Take a seat"), Begin("register")))
    return (
        *first,
        Option("events", _("See the events"), Begin("events")),
        *(() if running is not None else (idea,)),
        Option("mine", _("My registrations and ideas"), Begin("mine")),
        Option("language", _("Sprache / Language"), Begin("language")),
    )


def _running(talk: Talk) -> Event | None:
    return next((event for event in talk.facts.events if event.is_running(talk.now)), None)


def _can_register(talk: Talk) -> bool:
    return any(is_open(event, place, talk) for event in talk.facts.events for place in event.places)


def welcome(talk: Talk) -> Begin | Reply:
    """Say in three sentences what the bot can do, and how to reach a person."""
    city = talk.facts.city
    return talk.ask(
        "next",
        OneOf(
            prompt=paragraphs(
                _("<b>Welcome to the public dialogue of {city}!</b>").format(city=city.name),
                _(
                    "Here you can take a seat at our events, hand in ideas and experiences, and "
                    "see what becomes of them."
                ),
                _(
                    "Would you rather talk to a person? Call {telephone} or write to {email}."
                ).format(telephone=city.telephone, email=city.email),
                _on_now(talk),
                _("What would you like to do?"),
            ),
            of=_ways(talk),
            harmless=True,
            greets=True,
        ),
    )


def language(talk: Talk) -> Speak:
    """Choose the language; what was going on goes on in the new one."""
    chosen = talk.ask(
        "language",
        OneOf(
            prompt=_("Which language shall I use?"),
            of=tuple(Option(tag, name, tag, also=tag) for tag, name in LANGUAGES.items()),
            harmless=True,
        ),
    )
    return Speak(chosen)


def lost(talk: Talk) -> Begin | Reply:
    """Answer words that nobody asked for: perhaps they are an idea."""
    text = talk.ask("text", Text(prompt="", max_length=LONGEST_TEXT, multiline=True))
    if is_thanks(text):
        return Reply(returned(text))
    if is_courtesy(text):
        return Begin("welcome")
    if (told := _told_early(text, talk)) is not None:
        return talk.ask("next", OneOf(prompt=told, of=_ways(talk), harmless=True))
    wish = _wish(text)
    if wish is None and len(text.split()) <= FEW_WORDS:
        prompt: Renderable = _("I did not understand that. What would you like to do?")
        return talk.ask("next", OneOf(prompt=prompt, of=_ways(talk), harmless=True))
    hand_in: Option[Begin | Reply] = Option(
        "take", _("Yes, it is an idea"), Begin("idea", _given(talk)), also=YES
    )
    no: Option[Begin | Reply] = Option("no", _("No"), Begin("welcome"), also=NO_WORDS)
    others = tuple(way for way in _ways(talk) if way.id not in {"idea", "register"})
    if wish is not None:
        prompt = _("I am not quite sure. What would you like to do?")
        hand_in = replace(hand_in, label=_("Hand this in as an idea"))
        return talk.ask("next", OneOf(prompt=prompt, of=(wish, hand_in, *others)))
    prompt = paragraphs(_answered(talk, text), _an_idea(talk))
    return talk.ask("next", OneOf(prompt=prompt, of=(hand_in, no, *others)))


def _told_early(text: str, talk: Talk) -> Renderable | None:
    """Say when it is asked how many come, to somebody who has just told it."""
    found = mentions(text)
    if not isinstance(found, tuple) or not found or any(each.name for each in found):
        return None
    return _(
        "Are you coming with others? Register first; then I ask who comes with you, up to "
        "{count} people. Larger groups: please call {telephone}."
    ).format(count=MOST_COMPANIONS, telephone=talk.facts.city.telephone)


def _given(talk: Talk) -> dict[str, Stored]:
    """Give what came unasked: words, and perhaps a picture with them."""
    given = {key: talk.answers[key] for key in ("text", "picture") if talk.knows(key)}
    return given | {"meant": "yes"}


def _answered(talk: Talk, text: str) -> Renderable | None:
    """Answer a question as far as possible: while an event runs most are about its stream."""
    if small_talk.heard(text) is not small_talk.Heard.QUESTION:
        return None
    running = (event for event in talk.facts.every_event if is_evening(event, talk.now))
    return small_talk.answer(text, next(running, None), talk.facts.city)


def _on_now(talk: Talk) -> Renderable | None:
    running = _running(talk)
    return None if running is None else _("On now: {event}").format(event=running.title)


def _an_idea(talk: Talk) -> Renderable:
    if (running := _running(talk)) is not None:
        return _("Shall I take that as an idea for “{event}”?").format(event=running.title)
    return _("Shall I take that as an idea?")


WISHES: tuple[tuple[Phrase, Option[Begin | Reply]], ...] = (
    (
        _("cannot come, can't come, cancel my, give back my"),
        Option("cancel", _("Change or give back what I have"), Begin("mine")),
    ),
    (
        _("register, sign me up, sign up, take part, take a seat"),
        Option("register", _("Take a seat"), Begin("register")),
    ),
    (
        _("forget me, delete my data, what do you know about me"),
        Option("privacy", _("See or erase my data"), Begin("privacy")),
    ),
)
"""What people write in their own words, and what they may want by it, in this order."""


def _wish(text: str) -> Option[Begin | Reply] | None:
    """Find out what somebody may want, who did not find the command for it."""
    said = folded(text)
    for words, way in WISHES:
        if any(word and word in said for word in meant_by(words)):
            return way
    return None


def helper(flows: Callable[[Facts], list[Flow]]) -> Callable[[Talk], Reply]:
    """Make the script that lists what a person can do; `flows` are those that are open to them."""

    def give_help(talk: Talk) -> Reply:
        city = talk.facts.city
        return Reply(
            paragraphs(
                _("<b>This is what I can do:</b>"),
                lines(*(flow.help for flow in flows(talk.facts))),
                lines(*ANYTIME),
                _("Or type the keyword of an event, and we begin with your registration."),
                _("A person helps you at {telephone} and {email}.").format(
                    telephone=city.telephone, email=city.email
                ),
            )
        )

    return give_help


WELCOME = Flow(
    name="welcome",
    title=_("Welcome"),
    script=welcome,
    words=("start", "menu", "menü"),
)
LANGUAGE = Flow(
    name="language",
    title=_("Language"),
    script=language,
    words=("language", "sprache"),
    argument="language",
    interlude=True,
    help=_("/language – Deutsch, Einfache Sprache, English"),
)
LOST = Flow(name="lost", title=_("Your message"), script=lost, picture="picture")
