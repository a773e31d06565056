"""Members of staff: invited with a one-time code, which whoever types it uses up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.people import InvitationUnknown, Joined, JoinStaff, Role
from bot.services import codes
from bot.services.acts import Actor, Result
from bot.store import audit, people
from bot.store.database import Transaction

INVITATION_LASTS = timedelta(days=7)


def invite(tx: Transaction, role: Role, now: datetime) -> str:
    """Make a code with which one person becomes a member of staff; it is shown only here."""
    code = codes.new()
    people.invite(tx, codes.digest(code), role, now + INVITATION_LASTS)
    return code


def join(tx: Transaction, command: JoinStaff, actor: Actor) -> Result[Joined | InvitationUnknown]:
    """Make the person who typed a valid code a member of staff."""
    role = people.redeem(tx, codes.digest(command.code), actor.now)
    if role is None:
        return Result(InvitationUnknown())
    people.appoint(tx, actor.person, role, actor.now)
    entry = audit.Entry(
        at=actor.now,
        what="staff joined",
        person=actor.person,
        actor=actor.person,
        details={"role": role.value},
    )
    audit.record(tx, [entry])
    return Result(Joined(role))
