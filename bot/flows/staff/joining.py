"""Becoming a member of staff, with a one-time code, and no longer being one."""

from __future__ import annotations

from bot.dialogue.flow import Command, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.domain.facts import Facts
from bot.domain.people import InvitationUnknown, Joined, JoinStaff, RoleKept
from bot.i18n import _

CODE_LENGTH = 40


def join(talk: Talk) -> JoinStaff:
    """Take the code; whether it is good is decided when it is used up."""
    code = talk.ask("code", Text(prompt=_("Which code were you given?"), max_length=CODE_LENGTH))
    return JoinStaff(code)


def told(_command: Command, outcome: Joined | RoleKept | InvitationUnknown, _facts: Facts) -> Told:
    """Welcome a colleague, or say that the code is no good."""
    match outcome:
        case Joined(role):
            text = _("Welcome to the team! /help now shows the commands for staff as well.")
            return Told((Reply(text, menu_of=role.value),))
        case RoleKept():
            text = _(
                "You may do all of that already, so nothing has changed. "
                "The code is still good: whoever is to have it can type it."
            )
        case InvitationUnknown():
            text = _(
                "This code is not valid: it may have been used already, or it is too old. "
                "Please ask for a new one."
            )
    return Told((Reply(text),))


def dismissed() -> Reply:
    """Tell somebody that they are no member of staff any more."""
    text = _(
        "You are no longer a member of the team: the commands for staff have ended in this chat. "
        "Your own registrations and ideas stay as they are, see /mine. Thank you for your work!"
    )
    return Reply(text, menu_of="")


JOIN = Flow(
    name="join",
    title=_("Staff"),
    script=join,
    tell=told,
    argument="code",
    entry="staff",
    typed=True,
)
