"""What is asked about somebody who registers, in the words that every conversation uses."""

from __future__ import annotations

from functools import cache

from bot.dialogue.behalf import OnBehalf
from bot.dialogue.consenting import Consent, consent
from bot.dialogue.contacts import Reach
from bot.dialogue.denials import declinable
from bot.dialogue.own_names import OwnName
from bot.dialogue.questions import Optional, Text
from bot.flows.party import NAME_LENGTH
from bot.flows.terms import NEEDS_TERMS
from bot.i18n import Language, _

NEEDS_LENGTH = 500

NAME = OwnName(
    prompt=_("What is your name? First name and surname, please."),
    label=_("Name"),
    max_length=NAME_LENGTH,
)

ORGANISATION = OnBehalf(
    prompt=_("For whom are you coming? Privately, or for a club or a company?"),
    label=_("For"),
    max_length=NAME_LENGTH,
)

REACH = Reach(
    prompt=_("How can we reach you about changes? Type a telephone number or e-mail address."),
    label=_("Contact"),
)


@cache
def what_one_needs(*, is_online: bool = False) -> Optional[str]:
    """Ask for what helps at this kind of place."""
    prompt = (
        _("What do you need to take part well? For example subtitles or sign language.")
        if is_online
        else _(
            "What do you need to take part well? For example a wheelchair place or sign language."
        )
    )
    return declinable(
        Text(prompt=prompt, label=_("Needs"), max_length=NEEDS_LENGTH),
        skip=_("No, nothing"),
        nothing=_("nothing"),
    )


@cache
def consent_to_needs(language: Language) -> Consent:
    """Ask whether needs may be kept."""
    return consent(
        _("May I keep that? Without your consent I forget it again right away:"),
        NEEDS_TERMS,
        language,
    )
