"""A companion's own answer, with the code that they were given."""

from __future__ import annotations

from bot.dialogue.consenting import consent
from bot.dialogue.flow import Flow
from bot.dialogue.messages import Reply
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.domain.seats import AnswerForCompanion
from bot.flows import wording
from bot.flows.privacy_notice import short
from bot.flows.receipts import told
from bot.i18n import _

CODE_LENGTH = 40


def companion(talk: Talk) -> AnswerForCompanion | Reply:
    """Show a companion the exact wording, and take their own yes or no."""
    code = talk.ask("code", Text(prompt=_("Which code were you given?"), max_length=CODE_LENGTH))
    invitation = talk.facts.invitation(code)
    if invitation is None:
        return Reply(
            _(
                "I do not know this code, or it has been used. Please check each letter, or call "
                "{telephone}."
            ).format(telephone=talk.facts.city.telephone)
        )
    talk.say("privacy", short(talk.facts))
    intro = _(
        "Hello {name}! Somebody has registered you for “{event}” ({when}). Before you come, we "
        "need your own consent. You are free to say no; then your seat passes on:"
    ).format(
        name=invitation.name,
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


COMPANION = Flow(
    name="companion",
    title=_("Your consent"),
    script=companion,
    tell=told,
    argument="code",
    entry="companion",
    keeps=True,
)
