"""Becoming a member of staff, with a one-time code."""

from __future__ import annotations

from bot.dialogue.flow import Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.domain.facts import Facts
from bot.domain.people import InvitationUnknown, Joined, JoinStaff
from bot.i18n import _

CODE_LENGTH = 40


def join(talk: Talk) -> JoinStaff:
    """Take the code; whether it is good is decided when it is used up."""
    code = talk.ask("code", Text(prompt=_("Which code were you given?"), max_length=CODE_LENGTH))
    return JoinStaff(code)


def told(_command: Command, outcome: Joined | InvitationUnknown, _facts: Facts) -> Told:
    """Welcome a colleague, or say that the code is no good."""
    match outcome:
        case Joined(role):
            text = _("Welcome to the team! /help now shows the commands for staff as well.")
            return Told((Reply(text, menu_of=role.value),))
        case InvitationUnknown():
            text = _(
                "This code is not valid: it may have been used already, or it is too old. "
                "Please ask for a new one."
            )
    return Told((Reply(text),))


JOIN = Flow(
    name="join",
    title=_("Staff"),
    script=join,
    tell=told,
    argument="code",
    entry="staff",
)
