"""What came of changing a group: who was added, renamed, or has taken over."""

from __future__ import annotations

from bot.dialogue.flow import Command, Told
from bot.dialogue.messages import Attachment, Reply
from bot.domain.facts import Facts
from bot.domain.outcomes import (
    AgreedAnew,
    AlreadyRegistered,
    CodeRenewed,
    ConsentMissing,
    Grown,
    PassedOn,
    Renamed,
    Seated,
    SeatRefusal,
    TooLarge,
)
from bot.domain.seats import AddCompanions, AnswerForCompanion, PassOn, RegistrationId
from bot.flows import onward, refusals, wording
from bot.flows.invitations import invitations
from bot.flows.onward import EVENTS, MINE
from bot.i18n import Renderable, _, lines, listed, paragraphs


def told(outcome: Grown | AgreedAnew | Renamed | CodeRenewed | PassedOn, facts: Facts) -> Told:
    """Say what has changed for a group, and for whom nothing has."""
    match outcome:
        case Grown():
            return _grown(outcome, facts)
        case AgreedAnew(waits):
            noted = paragraphs(
                _("Thank you, I have noted that."),
                _(
                    "You are on the waiting list, at position {position}. When it is your turn, "
                    "your seat is confirmed by itself, and I write to you at once."
                ).format(position=waits.position),
            )
            return _about(noted, waits.registration)
        case Renamed(registration, _event, name):
            return _about(_("The name is now: {name}").format(name=name), registration)
        case CodeRenewed(registration, event, code):
            letters = invitations((code,), registration, event, facts)
            new = Reply(_("Here is a new code. The former one does not work any more."))
            ways = onward.onward(onward.registration(registration), EVENTS)
            return Told((new, *letters), ways)
        case PassedOn(event, name):
            text = _("Done: your registration for “{event}” belongs to {name} now.").format(
                event=facts.event(event).title, name=name
            )
            return Told((Reply(text),), onward.onward(MINE, EVENTS))


def _about(text: Renderable, registration: RegistrationId) -> Told:
    return Told((Reply(text),), onward.onward(onward.registration(registration), EVENTS))


def refused(command: Command, outcome: SeatRefusal, facts: Facts) -> Told:
    """Say why a group stays as it is; everything else is refused as a registration is."""
    match command, outcome:
        case AddCompanions(registration=registration), AlreadyRegistered():
            text: Renderable = _(
                "Nobody was added: some of you are waiting already, and whoever is added now would "
                "pass those behind you. You can add more people as soon as all of you have a seat."
            )
            return _about(text, registration)
        case AddCompanions(registration=registration), TooLarge(capacity=capacity):
            text = _("Nobody was added: the place holds {seats} altogether.").format(
                seats=wording.people(capacity)
            )
            return _about(text, registration)
        case AddCompanions(registration=registration), ConsentMissing():
            text = _(
                "Nobody was added: the wording of a consent has changed in the meantime. Please "
                "begin again, so that you can read it."
            )
            return _about(text, registration)
        case PassOn(registration=registration), AlreadyRegistered():
            text = _(
                "Nothing has changed: your companion has a registration of their own for this "
                "event."
            )
            return _about(text, registration)
        case AnswerForCompanion(), AlreadyRegistered():
            text = _(
                "You have a seat of your own for this event already, and nobody takes two. If you "
                "would rather come with the others, give yours back first, then type the code "
                "again."
            )
            return Told((Reply(text),), onward.onward(MINE, EVENTS))
        case _:
            return refusals.refused(outcome, facts)


def _grown(outcome: Grown, facts: Facts) -> Told:
    """Say who is added, what they have, and who comes altogether."""
    now, rest, names = outcome.now, outcome.rest, listed(outcome.names)
    news: Renderable
    about = now.registration if rest is None else rest.registration
    if rest is not None:
        news = _(
            "{names}: on the waiting list at position {position}, arrival number {number}. "
            "Nothing changes for the others. I will write to you."
        ).format(names=names, position=rest.position, number=rest.arrival_number)
    elif isinstance(now, Seated):
        news = _("Added, with a seat: {names}. You are now {people}.").format(
            names=names, people=wording.people(now.party_size)
        )
    else:
        news = _("Added: {names}. You are now {people}, and wait together.").format(
            names=names, people=wording.people(now.party_size)
        )
    ways = onward.onward(onward.registration(now.registration), EVENTS)
    calendar = Attachment("calendar", now.registration) if isinstance(now, Seated) else None
    event = facts.event(now.event)
    text = paragraphs(lines(event.title, wording.when(event)), news)
    first = Reply(text, attachments=(calendar,) if calendar else ())
    return Told((first, *invitations(outcome.codes, about, now.event, facts)), ways)
