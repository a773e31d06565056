"""Below the receipt of an idea: the next one, a correction, a way back, and an end."""

from __future__ import annotations

from bot.dialogue.flow import Begin, Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.facts import Facts
from bot.domain.ideas import (
    IdeaAmended,
    IdeaId,
    IdeaNotThere,
    IdeaWithdrawn,
    WithdrawIdea,
    is_evening,
)
from bot.flows import my_idea, small_talk
from bot.flows.idea_questions import OneOfOrWords, Said
from bot.i18n import _

THANKS = _("Thank you for taking part! Whenever you have another idea, say /idea.")


def after(idea: IdeaId, event_slug: str | None, *, live: bool) -> Begin:
    """Offer what can be done about an idea that has just arrived; `live` takes the next one."""
    return Begin("after-idea", {"idea": idea, "event": event_slug, "live": live})


def _script(talk: Talk) -> Begin | WithdrawIdea | Told:
    idea = talk.answers["idea"]
    more = {"told": True} | ({"event": talk.answers["event"]} if talk.answers["event"] else {})
    options: tuple[Option[Begin | WithdrawIdea | Told], ...] = (
        Option("change", _("Change it"), my_idea.opened(IdeaId(idea))),
        Option("withdraw", _("Take it back"), WithdrawIdea(IdeaId(idea))),
        Option("more", _("One more idea"), Begin("idea", more)),
    )
    prompt = _("How would you like to go on?")
    if not _takes_the_next(talk):
        return talk.ask("next", OneOf(prompt=prompt, of=options))
    done = Option("done", _("That is all"), Told((Reply(THANKS),)))
    end: Begin | WithdrawIdea | Told | Said = talk.ask(
        "next", OneOfOrWords(prompt=prompt, of=(*options[:2], done))
    )
    if not isinstance(end, Said):
        return end
    if small_talk.heard(end.text) is small_talk.Heard.POLITENESS:
        return Told((Reply(THANKS),))
    return Begin("idea", more | {"text": end.text})


def _takes_the_next(talk: Talk) -> bool:
    """Tell whether what is typed is the next idea: this evening only."""
    slug = talk.answers["event"]
    return talk.answers["live"] and any(
        event.slug == slug and is_evening(event, talk.now) for event in talk.facts.every_event
    )


def _told(
    _command: Command, outcome: IdeaWithdrawn | IdeaAmended | IdeaNotThere, _f: Facts
) -> Told:
    return my_idea.told(outcome)


AFTER_IDEA = Flow(name="after-idea", title=_("Your idea"), script=_script, tell=_told, passing=True)
