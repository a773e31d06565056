"""The code of a companion, as a message that can be passed on as it is."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue.messages import Reply
from bot.domain.events import EventId
from bot.domain.facts import Facts
from bot.domain.outcomes import CompanionCode
from bot.domain.seats import RegistrationId
from bot.flows import wording
from bot.i18n import Renderable, _, lines, n_, paragraphs


def invitation(code: CompanionCode, sender: str, event_id: EventId, facts: Facts) -> Reply:
    """Say everything that a companion has to know: from whom, for what, and how to answer."""
    event = facts.event(event_id)
    return Reply(
        paragraphs(
            _("<b>For {name}</b>").format(name=code.name),
            _("{sender} has registered you with the city of {city} for:").format(
                sender=sender, city=facts.city.name
            ),
            lines(
                event.title,
                wording.when(event),
                wording.where(event.venue) if event.venue else None,
            ),
            lines(
                _("We need your own consent. Please write this word to me, in a chat of your own:"),
                Markup("<code>companion-{}</code>").format(code.code),
            ),
            _("You are free to say no. Without a chat, you decide at the door."),
        )
    )


def invitations(
    codes: Sequence[CompanionCode], registration: RegistrationId, event: EventId, facts: Facts
) -> tuple[Reply, ...]:
    """Write a message for each companion, and ask to pass them on."""
    if not codes:
        return ()
    sender = next((held.name for held in facts.registrations if held.id == registration), "")
    return (
        *(invitation(code, sender, event, facts) for code in codes),
        Reply(_pass_on(len(codes))),
    )


def _pass_on(count: int) -> Renderable:
    return n_(
        "Please pass on the message above: nobody can agree for another adult. If it gets lost, "
        "/mine makes a new code.",
        "Please pass on the {count} messages above: nobody can agree for another adult. If one "
        "gets lost, /mine makes a new code.",
        count,
    )
