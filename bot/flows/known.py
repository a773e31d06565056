"""What is known already: whoever comes to two events gives name and contact once."""

from __future__ import annotations

from bot.dialogue.contacts import spoken
from bot.dialogue.talk import Talk
from bot.domain.events import Event
from bot.domain.seats import HOLDING, Registration
from bot.flows.details import REACH
from bot.i18n import _

_DETAILS = ("name", "organisation", "contact")


def take_over(talk: Talk, event: Event) -> None:
    """Take name, organisation and contact from another registration, and say so.

    They stand in the summary and can be changed there, or with /back; only once, so that whoever
    goes back is asked.
    """
    if any(talk.knows(key) for key in ("known", *_DETAILS)):
        return
    other = _latest(talk, event)
    if other is None:
        return
    talk.keep("known", other.id)
    talk.keep("name", other.name)
    talk.keep("organisation", other.organisation or None)
    talk.keep("contact", REACH.dump(other.contact))
    talk.say(
        "known",
        _(
            "I take this from your other registration: {name}, {contact}. You can change it at "
            "the end."
        ).format(name=other.name, contact=spoken(other.contact)),
    )


def _latest(talk: Talk, event: Event) -> Registration | None:
    """Find what the person holds elsewhere, the latest first."""
    held = [each for each in talk.facts.registrations if each.state in HOLDING and each.name]
    return max((each for each in held if each.event != event.id), key=_arrived, default=None)


def _arrived(held: Registration) -> tuple[float, int]:
    return held.arrived_at.timestamp(), held.id
