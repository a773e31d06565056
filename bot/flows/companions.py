"""Companions: who comes along; children are agreed for, adults answer for themselves later."""

from __future__ import annotations

from bot.dialogue.consenting import consent
from bot.dialogue.questions import Optional, Text, optional, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.events import Place
from bot.domain.seats import Companion
from bot.i18n import Phrase, _

NAME_LENGTH = 80
MOST_COMPANIONS = 5
ADULT_AT = 16
"""From this age on one consents for oneself (GDPR, Art. 8)."""


def companions(talk: Talk, place: Place) -> tuple[Companion, ...]:
    """Ask for one companion after the other."""
    coming: list[Companion] = []
    while len(coming) < MOST_COMPANIONS:
        number = len(coming) + 1
        name = talk.ask(f"companion.{number}.name", _companion(number))
        if name is None:
            break
        coming.append(_agreed(talk, number, name, place))
    return tuple(coming)


def _companion(number: int) -> Optional[str]:
    if number == 1:
        prompt: Phrase = _("Who is coming with you? Please type one name.")
        skip = _("I am coming alone")
    else:
        prompt = _("Who else is coming? Please type one name.")
        skip = _("Nobody else")
    return optional(
        Text(
            prompt=prompt,
            label=_("Companion {number}").format(number=number),
            max_length=NAME_LENGTH,
        ),
        skip=skip,
        nothing=_("nobody"),
    )


def _agreed(talk: Talk, number: int, name: str, place: Place) -> Companion:
    """Children are agreed for by a parent or guardian; adults answer for themselves later."""
    if not place.consents:
        return Companion(name)
    is_child = talk.ask(
        f"companion.{number}.child",
        yes_or_no(_("Is {name} under {age} years old?").format(name=name, age=ADULT_AT)),
    )
    if not is_child:
        return Companion(name)
    agreements = []
    for terms in place.consents:
        agreement = talk.ask(
            f"companion.{number}.consent.{terms.slug}",
            consent(
                _("As a parent or guardian of {name}, do you agree to this for {name}?").format(
                    name=name
                ),
                terms,
                talk.language,
                label=_("Consent for {name}").format(name=name),
            ),
        )
        if agreement is not None:
            agreements.append(agreement)
    return Companion(name, child=True, agreements=tuple(agreements))
