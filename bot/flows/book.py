"""Every conversation that the program can hold."""

from __future__ import annotations

from bot.dialogue.flow import Flow, Flows
from bot.domain.facts import Facts
from bot.flows import onward
from bot.flows.after_idea import AFTER_IDEA
from bot.flows.companions import COMPANION
from bot.flows.events import EVENTS
from bot.flows.idea import IDEA
from bot.flows.link import LINK
from bot.flows.mine import MINE
from bot.flows.my_idea import MY_IDEA
from bot.flows.privacy import PRIVACY
from bot.flows.register import REGISTER
from bot.flows.returning import RETURNING
from bot.flows.staff.ideas import IDEAS
from bot.flows.staff.joining import JOIN
from bot.flows.staff.overviews import REGISTRATIONS, STATISTICS
from bot.flows.staff.undelivered import UNDELIVERED
from bot.flows.welcome import LANGUAGE, LOST, WELCOME, helper
from bot.i18n import _


def _open_to(facts: Facts) -> list[Flow]:
    return [flow for flow in FLOWS.open_to(facts.role) if flow.help is not None]


HELP = Flow(
    name="help",
    title=_("Help"),
    script=helper(_open_to),
    words=("help", "hilfe"),
    interlude=True,
)

FLOWS = Flows(
    (
        WELCOME,
        EVENTS,
        REGISTER,
        IDEA,
        AFTER_IDEA,
        MY_IDEA,
        MINE,
        PRIVACY,
        LINK,
        LANGUAGE,
        HELP,
        LOST,
        RETURNING,
        onward.ONWARD,
        COMPANION,
        JOIN,
        REGISTRATIONS,
        UNDELIVERED,
        IDEAS,
        STATISTICS,
    ),
    keywords="register",
    lost="lost",
    back=RETURNING.name,
    ideas="my-idea",
    onward=onward.onward(onward.EVENTS, onward.MINE),
)
