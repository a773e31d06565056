"""A companion's own answer, with the code that they were given."""

from __future__ import annotations

from bot.dialogue.consenting import consent
from bot.dialogue.flow import Begin, Flow
from bot.dialogue.messages import Reply
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.domain.facts import Invitation
from bot.domain.seats import AnswerForCompanion, RegistrationState
from bot.flows import wording
from bot.flows.privacy_notice import short
from bot.flows.receipts import told
from bot.i18n import _

CODE_LENGTH = 40


def companion(talk: Talk) -> AnswerForCompanion | Begin | Reply:
    """Show a companion the exact wording, and take their own yes or no."""
    code = talk.ask("code", Text(prompt=_("Which code were you given?"), max_length=CODE_LENGTH))
    invitation = talk.facts.invitation(code)
    if invitation is None or (invitation.is_taken and not invitation.is_own):
        return Reply(
            _(
                "I do not know this code, or it has been used. Please check each letter, or ask "
                "for a new code: whoever registered you finds it under /mine. Our number is "
                "{telephone}."
            ).format(telephone=talk.facts.city.telephone)
        )
    over = _over(talk, invitation)
    if over is not None:
        return over
    talk.say("privacy", short(talk.facts))
    intro = _(
        "Hello {name}! {sender} has registered you for “{event}” ({when}). Before you come, we "
        "need your own consent. You are free to say no; then your seat passes on:"
    ).format(
        name=invitation.name,
        sender=invitation.sender,
        event=invitation.event.title,
        when=wording.when(invitation.event),
    )
    given = []
    for terms in invitation.place.consents:
        asked = consent(intro, terms, talk.language, about=invitation.event.slug)
        agreement = talk.ask(f"consent.{terms.slug}", asked)
        if agreement is None:
            return AnswerForCompanion(invitation.event.id, code, (), agreed=False)
        given.append(agreement)
    return AnswerForCompanion(invitation.event.id, code, tuple(given), agreed=True)


def _over(talk: Talk, invitation: Invitation) -> Begin | Reply | None:
    """Ask nothing of somebody whose answer could not count, and say why."""
    event = invitation.event
    if invitation.is_own:
        return Reply(
            _(
                "This code is for {name}. Please pass it on: everybody agrees for themselves, in a "
                "chat of their own, or at the door."
            ).format(name=invitation.name)
        )
    if any(held.id == invitation.companion for held in talk.facts.accompanied):
        return Begin("mine", {"target": f"companion.{invitation.companion}"})
    if event.cancelled:
        return Reply(_("“{event}” has been cancelled.").format(event=event.title))
    if event.is_over(talk.now):
        return Reply(_("“{event}” is over.").format(event=event.title))
    if any(
        held.event == event.id and held.state is RegistrationState.CONFIRMED
        for held in talk.facts.registrations
    ):
        return Reply(
            _(
                "You have a seat of your own for this event already, and nobody takes two. If you "
                "would rather come with the others, give yours back first, then type the code "
                "again."
            )
        )
    return None


COMPANION = Flow(
    name="companion",
    title=_("Your consent"),
    script=companion,
    tell=told,
    argument="code",
    entry="companion",
    keeps=True,
)
