"""Companions: who comes along. Children are agreed for, adults answer with a code of their own."""

from __future__ import annotations

from functools import cache

from bot.dialogue.consenting import Consent, consent
from bot.dialogue.flow import Flow
from bot.dialogue.messages import Reply
from bot.dialogue.names import Name
from bot.dialogue.questions import Optional, Text, optional, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.events import ConsentTerms, Event, Place
from bot.domain.seats import AnswerForCompanion, Companion
from bot.flows import wording
from bot.flows.privacy_notice import short
from bot.flows.receipts import told
from bot.i18n import Phrase, _

NAME_LENGTH = 80
MOST_COMPANIONS = 5
ADULT_AT = 16
"""From this age on one consents for oneself (GDPR, Art. 8)."""


def companions(talk: Talk, event: Event, place: Place) -> tuple[Companion, ...]:
    """Ask for one companion after the other."""
    coming: list[Companion] = []
    for number in range(1, MOST_COMPANIONS + 1):
        name = talk.ask(
            f"companion.{number}.name", _companion(number), clears=(f"companion.{number}.child",)
        )
        if name is None:
            break
        companion = _agreed(talk, number, name, event, place)
        if companion is not None:
            coming.append(companion)
    return tuple(coming)


@cache
def _companion(number: int) -> Optional[str]:
    if number == 1:
        prompt: Phrase = _("Who is coming with you? Please type one name.")
        skip = _("I am coming alone")
    else:
        prompt = _("Who else is coming? Please type one name.")
        skip = _("Nobody else")
    return optional(
        Name(
            prompt=prompt,
            label=_("Companion {number}").format(number=number),
            max_length=NAME_LENGTH,
        ),
        skip=skip,
        nothing=_("nobody"),
    )


def _agreed(talk: Talk, number: int, name: str, event: Event, place: Place) -> Companion | None:
    """Children are agreed for by a parent or guardian, adults answer for themselves later.

    None is a child for whom nobody agreed: it does not come along.
    """
    if not place.consents:
        return Companion(name)
    is_child = talk.ask(
        f"companion.{number}.child",
        yes_or_no(_("Is this person under {age}: {name}?").format(name=name, age=ADULT_AT)),
    )
    if not is_child:
        return Companion(name)
    agreements = []
    for terms in place.consents:
        agreement = talk.ask(
            f"companion.{number}.consent.{terms.slug}", _for_a_child(name, terms, event, talk)
        )
        if agreement is None:
            talk.say(
                f"companion.{number}.stays",
                _(
                    "That is fine. I do not register {name}; whoever is under {age} needs the "
                    "consent of a parent or guardian for this place."
                ).format(name=name, age=ADULT_AT),
            )
            return None
        agreements.append(agreement)
    return Companion(name, child=True, agreements=tuple(agreements))


def _for_a_child(name: str, terms: ConsentTerms, event: Event, talk: Talk) -> Consent:
    return consent(
        _("{name} is under {age}. So a parent or guardian has to agree to this:").format(
            name=name, age=ADULT_AT
        ),
        terms,
        talk.language,
        label=_("Consent for {name}").format(name=name),
        about=f"{event.slug}: {name}",
        answers=(
            _("I am a parent or guardian, and I agree"),
            _("No, {name} does not come").format(name=name),
        ),
    )


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
