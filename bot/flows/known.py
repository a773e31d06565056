"""What is known already: whoever comes to two events gives name and contact once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.contacts import spoken
from bot.dialogue.talk import Talk
from bot.domain.seats import HOLDING, Registration
from bot.flows.details import REACH
from bot.i18n import _

_DETAILS = ("name", "organisation", "contact")


def take_over(talk: Talk, held: Sequence[Registration]) -> None:
    """Take over what is known from another registration, and say so.

    It stands in the summary and can be changed there, or with /back; only once, so that whoever
    goes back is asked. Whoever only changes the place (`held`) brings everybody and everything.
    """
    if any(talk.knows(key) for key in ("known", *_DETAILS)):
        return
    known = held[0] if held else _latest(talk)
    if known is None:
        return
    talk.keep("known", known.id)
    talk.keep("name", known.name)
    talk.keep("organisation", known.organisation or None)
    talk.keep("contact", REACH.dump(known.contact))
    if held:
        talk.keep("needs", known.needs or None)
        _bring_everybody(talk, known)
        return
    talk.say(
        "known",
        _(
            "I take this from your other registration: {name}, {contact}. You can change it at "
            "the end."
        ).format(name=known.name, contact=spoken(known.contact)),
    )


def _bring_everybody(talk: Talk, known: Registration) -> None:
    number = 0
    for number, companion in enumerate(known.companions, 1):
        talk.keep(f"companion.{number}.name", companion.name)
        if companion.consent is not None:  # it was asked who is a child
            talk.keep(f"companion.{number}.child", "yes" if companion.child else "no")
    talk.keep(f"companion.{number + 1}.name", None)


def _latest(talk: Talk) -> Registration | None:
    """Find what the person holds elsewhere, the latest first."""
    held = [each for each in talk.facts.registrations if each.state in HOLDING and each.name]
    return max(held, key=lambda each: each.id, default=None)
