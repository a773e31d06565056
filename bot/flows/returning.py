"""Coming back after a while: what was going on, and whether it shall go on."""

from __future__ import annotations

from bot.dialogue.flow import Begin, Discard, Flow, GoOn
from bot.dialogue.questions import NO_WORDS, YES, OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.events import Event
from bot.i18n import Phrase, _, paragraphs

EXCERPT = 200


def returning(talk: Talk) -> GoOn | Discard:
    """Say what was asked, and ask whether to go on; what was typed meanwhile is kept."""
    event = _event(talk)
    words = str(talk.answers.get("words", ""))
    if event is not None and event.is_over(talk.now):
        talk.say("over", _("“{event}” is over by now.").format(event=event.title))
        return Discard(Begin("events"))
    kept = _("I have kept what you have just written: “{words}”.")
    prompt = paragraphs(
        _("<b>Good to see you again!</b>"),
        event.title if event is not None else None,
        _WHERE.get(str(talk.answers.get("flow")), _ELSEWHERE),
        str(talk.answers.get("asked", "")),
        kept.format(words=_excerpt(words)) if words else None,
        _("Shall we go on with it?"),
    )
    options: tuple[Option[GoOn | Discard], ...] = (
        Option("yes", _("Go on"), GoOn(words), also=YES),
        Option("no", _("Discard"), Discard(Begin("welcome")), also=NO_WORDS),
    )
    return talk.ask("next", OneOf(prompt=prompt, of=options))


_ELSEWHERE: Phrase = _("I had asked you something:")
_WHERE: dict[str, Phrase] = {
    "register": _("We were in the middle of your registration. I had asked:"),
    "idea": _("We were in the middle of your idea. I had asked:"),
}


def _event(talk: Talk) -> Event | None:
    slug = talk.answers.get("event")
    return next((each for each in talk.facts.every_event if each.slug == slug), None)


def _excerpt(words: str) -> str:
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()} …"


RETURNING = Flow(name="returning", title=_("Back again"), script=returning)
