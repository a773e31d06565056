"""One's own idea: look at it, correct it, add a picture or a name, take it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.dialogue.flow import Begin, Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.facts import Facts
from bot.domain.ideas import (
    AmendIdea,
    Idea,
    IdeaAmended,
    IdeaId,
    IdeaNotThere,
    IdeaState,
    IdeaWithdrawn,
    Pillar,
    WithdrawIdea,
)
from bot.flows import onward
from bot.flows.idea_questions import NAME, PICTURE, Said, quoted, where, words
from bot.flows.my_registration import KEPT
from bot.i18n import Renderable, _, lines, paragraphs

NEW = timedelta(hours=1)
"""So long after an idea a picture that comes alone may belong to it."""

_REWRITE = _("Please write the whole text anew, as it shall be.")

_PILLARS = {
    Pillar.CITY: _("digital city"),
    Pillar.ADMINISTRATION: _("digital administration"),
    Pillar.UNKNOWN: _("not said"),
}


def opened(idea: IdeaId) -> Begin:
    """Lead to one's own idea."""
    return Begin("my-idea", {"idea": idea})


def is_new(idea: Idea, now: datetime) -> bool:
    """Tell whether an idea has just been handed in, and can be added to."""
    return idea.state is IdeaState.RECEIVED and now - idea.created_at < NEW


def idea(talk: Talk, held: Idea) -> AmendIdea | WithdrawIdea | Reply:
    """Show an idea, and do with it what its author wants."""
    if held.state is IdeaState.WITHDRAWN:
        return Reply(_("You have taken {reference} back.").format(reference=held.reference))
    match talk.ask("action", OneOf(prompt=_detail(held), of=_actions(held))):
        case "text":
            return AmendIdea(held.id, text=talk.ask("text", words(_REWRITE)))
        case "picture":
            return _with_picture(talk, held)
        case "name":
            return AmendIdea(held.id, name=talk.ask("name", NAME) or "")
        case "pillar":
            pillar = talk.ask("pillar", where(None))
            return KEPT if isinstance(pillar, Said) else AmendIdea(held.id, pillar=pillar)
        case "withdraw":
            sure = _("Shall I delete this idea? Its text and its picture are then gone for good.")
            return WithdrawIdea(held.id) if talk.ask("sure.idea", yes_or_no(sure)) else KEPT
        case _:
            return KEPT


def _with_picture(talk: Talk, idea: Idea) -> AmendIdea | Reply:
    picture = talk.ask("picture", PICTURE)
    return KEPT if picture is None else AmendIdea(idea.id, picture=picture)


def _detail(idea: Idea) -> Renderable:
    return paragraphs(
        _("<b>{reference}</b>").format(reference=idea.reference),
        idea.text,
        lines(
            _("Belongs to: {pillar}").format(pillar=_PILLARS[idea.pillar]),
            _("Name: {name}").format(name=idea.name or _("published without a name")),
            _("With a picture") if idea.has_picture else None,
        ),
        _("It has arrived and is waiting for the working groups."),
    )


def _actions(idea: Idea) -> tuple[Option[str], ...]:
    picture = _("Replace the picture") if idea.has_picture else _("Add a picture")
    return (
        Option("text", _("Correct the text"), "text"),
        Option("picture", picture, "picture"),
        Option("name", _("Change the name") if idea.name else _("Add my name"), "name"),
        Option("pillar", _("Change where it belongs"), "pillar"),
        Option("withdraw", _("Take it back"), "withdraw"),
        Option("keep", _("Leave it as it is"), "keep"),
    )


def told(outcome: IdeaAmended | IdeaWithdrawn | IdeaNotThere) -> Told:
    """Say what came of a change."""
    match outcome:
        case IdeaAmended(reference=reference, text=text):
            changed = _("I have changed {reference}: {text}").format(
                reference=reference, text=quoted(text)
            )
            return Told((Reply(changed),), onward.onward(onward.MINE, onward.IDEA))
        case IdeaWithdrawn(reference):
            said = _("{reference} is deleted.").format(reference=reference)
        case IdeaNotThere():
            said = _("That idea is not there any more.")
    return Told((Reply(said),), onward.onward(onward.MINE, onward.IDEA))


def _script(talk: Talk) -> AmendIdea | WithdrawIdea | Told:
    number = talk.answers["idea"]
    own = next((one for one in talk.facts.ideas if one.id == number), None)
    if own is None:
        return told(IdeaNotThere())
    if talk.knows("picture") and not talk.knows("action"):
        return AmendIdea(own.id, picture=talk.ask("picture", PICTURE))
    end = idea(talk, own)
    if isinstance(end, Reply):
        return Told((end,), onward.onward(onward.MINE, onward.IDEA))
    return end


def _told(
    _command: Command, outcome: IdeaAmended | IdeaWithdrawn | IdeaNotThere, _facts: Facts
) -> Told:
    return told(outcome)


MY_IDEA = Flow(name="my-idea", title=_("Your idea"), script=_script, tell=_told, picture="picture")
