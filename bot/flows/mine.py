"""What is mine: registrations with their position, ideas, consents; change it or take it back."""

from __future__ import annotations

from datetime import UTC

from bot.dialogue.flow import Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.consents import Consent
from bot.domain.events import Event
from bot.domain.facts import Facts
from bot.domain.ideas import Idea, IdeaNotThere, IdeaState, IdeaWithdrawn, WithdrawIdea
from bot.domain.outcomes import ConsentWithdrawn, SeatOutcome
from bot.domain.seats import (
    HOLDING,
    Registration,
    RegistrationState,
    SeatCommand,
    WithdrawConsent,
)
from bot.flows import onward, receipts, wording
from bot.flows.my_registration import KEPT, registration
from bot.flows.terms import NEEDS_TERMS
from bot.i18n import Joined, Moment, Phrase, Renderable, _, lines, paragraphs

EXCERPT = 40
MOST_IDEAS = 8

End = SeatCommand | WithdrawIdea | Told

NOTHING = _(
    "You have no registration, and you have not handed in any idea yet. /events shows what is "
    "on, /idea takes your ideas."
)


def mine(talk: Talk) -> End:
    """Show what a person has, let them pick one thing, and go on with that."""
    options: list[Option[Registration | Idea]] = [
        Option(f"registration.{held.id}", _held(held, talk.facts), held)
        for held in talk.facts.registrations
        if held.state in HOLDING
    ]
    options += [
        Option(f"idea.{idea.id}", _handed_in(idea), idea, also=idea.reference)
        for idea in talk.facts.ideas[:MOST_IDEAS]
        if idea.state is not IdeaState.WITHDRAWN
    ]
    if not options:
        nothing = Reply(paragraphs(NOTHING, _consents(talk.facts)))
        return Told((nothing,), onward.onward(onward.EVENTS, onward.IDEA))
    prompt = paragraphs(
        _("<b>This is yours.</b> What would you like to look at or change?"),
        _consents(talk.facts),
    )
    target = talk.ask("target", OneOf(prompt=prompt, of=tuple(options)))
    if isinstance(target, Registration):
        return _ended(registration(talk, target), onward.registration(target.id), onward.EVENTS)
    return _ended(_idea(talk, target), onward.MINE, onward.IDEA)


def _ended(end: End | Reply, *ways: str) -> End:
    """Offer how to go on where nothing is to be carried out."""
    return Told((end,), onward.onward(*ways)) if isinstance(end, Reply) else end


def _held(held: Registration, facts: Facts) -> Phrase:
    event = facts.event(held.event)
    if event.cancelled:
        return _("{event}: cancelled").format(event=wording.named(event))
    place = event.place_by_id(held.place)
    named = {"event": wording.named(event), "place": place.title if place else ""}
    if held.state is RegistrationState.WAITING:
        return _("{event}: waiting list, position {position} ({place})").format(
            position=held.position or 0, **named
        )
    return _("{event}: seat confirmed ({place})").format(**named)


def _handed_in(idea: Idea) -> Joined:
    text = " ".join(idea.text.split())
    excerpt = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"
    return Joined((idea.reference, excerpt), by=": ")


def _consents(facts: Facts) -> Renderable | None:
    if not facts.consents:
        return None
    return lines(
        _("<b>Your consents</b>"), *(_consent(consent, facts) for consent in facts.consents)
    )


def _consent(consent: Consent, facts: Facts) -> Phrase:
    event = next((one for one in facts.events if one.slug == consent.event_slug), None)
    zone = event.zone if event is not None else UTC
    about: dict[str, Renderable] = {
        "consent": _title(consent, event),
        "event": event.title if event is not None else consent.event_slug,
        "given": Moment(consent.given_at.astimezone(zone), "date"),
    }
    if consent.withdrawn_at is None:
        return _("{consent} ({event}): given on {given}").format(**about)
    withdrawn = Moment(consent.withdrawn_at.astimezone(zone), "date")
    return _("{consent} ({event}): given on {given}, withdrawn on {withdrawn}").format(
        withdrawn=withdrawn, **about
    )


def _title(consent: Consent, event: Event | None) -> Renderable:
    offered = [terms for place in event.places for terms in place.consents] if event else []
    for terms in (NEEDS_TERMS, *offered):
        if terms.slug == consent.slug:
            return terms.title
    return consent.slug


def _idea(talk: Talk, idea: Idea) -> WithdrawIdea | Reply:
    """Show an idea and offer to take it back."""
    shown = paragraphs(
        _("<b>{reference}</b>").format(reference=idea.reference),
        idea.text,
        _("Name: {name}").format(name=idea.name or _("published without a name")),
        _("It has arrived and is waiting for the working groups."),
    )
    action = talk.ask(
        "action",
        OneOf(
            prompt=shown,
            of=(
                Option("withdraw", _("Take it back"), "withdraw"),
                Option("keep", _("Leave it as it is"), "keep"),
            ),
        ),
    )
    if action == "keep":
        return KEPT
    sure = _("Shall I delete this idea? Its text and its picture are then gone for good.")
    return WithdrawIdea(idea.id) if talk.ask("sure.idea", yes_or_no(sure)) else KEPT


def told(
    command: Command, outcome: SeatOutcome | IdeaWithdrawn | IdeaNotThere, facts: Facts
) -> Told:
    """Say what came of a change."""
    match outcome:
        case IdeaWithdrawn(reference):
            gone = _("{reference} is deleted.").format(reference=reference)
            return Told((Reply(gone),), onward.onward(onward.MINE, onward.IDEA))
        case IdeaNotThere():
            gone = _("That idea is not there any more.")
            return Told((Reply(gone),), onward.onward(onward.MINE, onward.IDEA))
        case ConsentWithdrawn(now=None) if _gave_back(command, facts):
            text = paragraphs(
                _("Your consent is withdrawn, from now on."),
                _("Your registration is given back: {event}.").format(
                    event=wording.named(facts.event(outcome.event))
                ),
            )
            return Told((Reply(text),), onward.onward(onward.MINE, onward.EVENTS))
        case _:
            return receipts.told(command, outcome, facts)


def _gave_back(command: WithdrawConsent, facts: Facts) -> bool:
    return any(
        held.id == command.registration and held.state is RegistrationState.CANCELLED
        for held in facts.registrations
    )


MINE = Flow(
    name="mine",
    title=_("What is mine"),
    script=mine,
    words=("mine", "meine"),
    tell=told,
    help=_("/mine – my registrations, ideas and consents"),
)
