"""The ways on from where a conversation has ended, as buttons below its last words."""

from __future__ import annotations

from bot.dialogue.flow import Begin, Flow
from bot.dialogue.questions import OneOf, Option, Text
from bot.dialogue.talk import Talk
from bot.domain.seats import CompanionId, RegistrationId
from bot.i18n import _

MINE, CONSENTS, IDEAS, EVENTS, IDEA = "mine", "consents", "ideas", "events", "idea"
"""Ways that lead to the same place for everybody."""

LONGEST = 200


def registration(number: RegistrationId) -> str:
    """Lead to one's own registration."""
    return f"registration.{number}"


def company(number: CompanionId) -> str:
    """Lead to what somebody else has registered for one."""
    return f"companion.{number}"


def take(number: RegistrationId) -> str:
    """Lead to the free seats that are kept for a waiting group."""
    return f"take.{number}"


def register(event_slug: str) -> str:
    """Lead to the registration for an event, from its beginning."""
    return f"register.{event_slug}"


def onward(*ways: str) -> Begin:
    """Offer these ways below what is said last; whoever was in the middle of something goes on."""
    return Begin(ONWARD.name, {"ways": " ".join(ways)})


def _script(talk: Talk) -> Begin:
    ways = talk.ask("ways", Text(prompt="", max_length=LONGEST)).split()
    prompt = _("How would you like to go on?")
    return talk.ask("next", OneOf(prompt=prompt, of=tuple(map(_option, ways))))


def _option(way: str) -> Option[Begin]:
    match way.partition(".")[::2]:
        case ("registration" | "companion", _number):
            return Option(way, _("See or change it"), Begin("mine", {"target": way}))
        case ("take", number):
            given = {"target": f"registration.{number}", "action": "take"}
            return Option(way, _("Take what is free, the rest waits"), Begin("mine", given))
        case ("register", slug):
            return Option(way, _("Register"), Begin("register", {"event": slug}))
        case ("consents", _rest):
            return Option(way, _("My consents"), Begin("mine", {"target": way}))
        case ("ideas", _rest):
            return Option(way, _("My ideas"), Begin("mine", {"target": way}))
        case ("idea", _rest):
            return Option(way, _("Hand in an idea"), Begin("idea"))
        case ("events", _rest):
            return Option(way, _("See the events"), Begin("events"))
        case _:
            return Option(MINE, _("What is mine"), Begin("mine"))


ONWARD = Flow(name="onward", title=_("How to go on"), script=_script, passing=True)
