"""What is mine: registrations, ideas, what is over, consents; pick one thing and go on with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.flow import Begin, Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.consents import Consent
from bot.domain.facts import Facts
from bot.domain.ideas import (
    AmendIdea,
    Idea,
    IdeaAmended,
    IdeaNotThere,
    IdeaState,
    IdeaWithdrawn,
    WithdrawIdea,
)
from bot.domain.outcomes import SeatOutcome
from bot.domain.seats import Accompanied, Registration, SeatCommand
from bot.flows import my_company, my_consents, my_idea, my_past, onward, receipts
from bot.flows.my_registration import registration
from bot.flows.pages import from_pages
from bot.i18n import Joined, Phrase, _

EXCERPT = 40
FEW = 3
"""So many of a kind stand among everything else; more have a list of their own."""

Target = Registration | Accompanied | Idea | Consent | str
End = SeatCommand | AmendIdea | WithdrawIdea | Begin | Told

NOTHING = _(
    "You have no registration, and you have not handed in any idea yet. /events shows what is "
    "on, /idea takes your ideas."
)


def mine(talk: Talk) -> End:
    """Show what a person has, let them pick one thing, and go on with that."""
    own = _Belongings(talk)
    if not own.shown:
        return Told((Reply(NOTHING),), onward.onward(onward.EVENTS, onward.IDEA))
    prompt = _("<b>This is yours.</b> What would you like to look at or change?")
    target = talk.ask("target", OneOf(prompt=prompt, of=own.shown, behind=own.behind))
    if target == onward.IDEAS:
        target = from_pages(talk, "ideas", _("<b>Your ideas</b>, the newest first"), own.ideas)
    if target == PAST:
        target = from_pages(talk, "past", _("<b>Over or given back</b>"), own.past)
    match target:
        case Registration() if my_past.is_past(target, talk):
            return my_past.past(target, talk)
        case Registration():
            ways = (onward.registration(target.id), onward.EVENTS)
            return _ended(registration(talk, target), *ways)
        case Accompanied():
            ways = (onward.company(target.id), onward.EVENTS)
            return _ended(my_company.company(talk, target), *ways)
        case Idea():
            return _ended(my_idea.idea(talk, target), onward.MINE, onward.IDEA)
        case Consent():
            return _ended(my_consents.one(talk, target), onward.CONSENTS, onward.MINE)
        case _:
            return _ended(my_consents.consents(talk), onward.CONSENTS, onward.MINE)


PAST = "past"


class _Belongings:
    """Everything that somebody has, as choices: first what is live, the consents last."""

    def __init__(self, talk: Talk) -> None:
        facts = talk.facts
        self.live: list[Option[Target]] = [
            Option(f"registration.{held.id}", my_past.in_brief(held, talk), held)
            for held in my_past.live(talk)
        ]
        with_others: list[tuple[Accompanied, Option[Target]]] = [
            (held, Option(f"companion.{held.id}", my_company.in_brief(held, talk), held))
            for held in facts.accompanied
        ]
        self.live += [option for held, option in with_others if not my_company.is_past(held, talk)]
        self.ideas: list[Option[Target]] = [
            Option(f"idea.{idea.id}", _handed_in(idea), idea, also=idea.reference)
            for idea in facts.ideas
            if idea.state is not IdeaState.WITHDRAWN
        ]
        self.past: list[Option[Target]] = [
            Option(f"registration.{held.id}", my_past.in_brief(held, talk), held)
            for held in my_past.over(talk)
        ]
        self.past += [option for held, option in with_others if my_company.is_past(held, talk)]
        consents: Option[Target] = Option(onward.CONSENTS, _("My consents"), onward.CONSENTS)
        self.shown = (
            *self.live,
            *_folded(self.ideas, onward.IDEAS, _("My ideas ({count})")),
            *_folded(self.past, PAST, _("Over or given back ({count})")),
            *(self._consents(talk) or ((consents,) if facts.consents else ())),
        )
        ideas: Option[Target] = Option(onward.IDEAS, _("My ideas"), onward.IDEAS)
        self.behind = (*self.ideas, *self.past, ideas, consents)

    def _consents(self, talk: Talk) -> Sequence[Option[Target]]:
        """Offer the few consents at once to somebody who has nothing else that is live."""
        stand = my_consents.standing(talk)
        if self.live or len(stand) > FEW:
            return ()
        named = [(each, my_consents.named(each, talk)) for each in stand]
        return [
            Option(f"consent.{each.id}", _("Withdraw: {consent}").format(consent=name), each)
            for each, name in named
        ]


def _folded(
    options: Sequence[Option[Target]], name: str, label: Phrase
) -> Sequence[Option[Target]]:
    if len(options) <= FEW:
        return options
    return (Option(name, label.format(count=len(options)), name),)


def _ended(end: End | Reply, *ways: str) -> End:
    """Offer how to go on where nothing is to be carried out."""
    return Told((end,), onward.onward(*ways)) if isinstance(end, Reply) else end


def _handed_in(idea: Idea) -> Joined:
    text = " ".join(idea.text.split())
    excerpt = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"
    return Joined((idea.reference, excerpt), by=": ")


def told(
    command: Command,
    outcome: SeatOutcome | IdeaAmended | IdeaWithdrawn | IdeaNotThere,
    facts: Facts,
) -> Told:
    """Say what came of a change."""
    match outcome:
        case IdeaAmended() | IdeaWithdrawn() | IdeaNotThere():
            return my_idea.told(outcome)
        case _:
            return receipts.told(command, outcome, facts)


MINE = Flow(
    name="mine",
    title=_("What is mine"),
    script=mine,
    words=("mine", "meine"),
    tell=told,
    help=_("/mine – my registrations, ideas and consents"),
)
