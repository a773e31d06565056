"""Members of staff: invited with a one-time code, which whoever types it uses up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.people import (
    Dismissed,
    InvitationUnknown,
    Joined,
    JoinStaff,
    LastAdmin,
    NoStaff,
    PersonId,
    Role,
    RoleKept,
)
from bot.services import codes
from bot.services.acts import Actor, Notice, Result
from bot.store import audit, links, people
from bot.store.database import Transaction

INVITATION_LASTS = timedelta(days=7)


def invite(tx: Transaction, role: Role, now: datetime) -> str:
    """Make a code with which one person becomes a member of staff; it is shown only here."""
    code = codes.new()
    people.invite(tx, codes.digest(code), role, now + INVITATION_LASTS)
    return code


def join(
    tx: Transaction, command: JoinStaff, actor: Actor
) -> Result[Joined | RoleKept | InvitationUnknown]:
    """Make the person who typed a valid code a member of staff; nobody loses rights by it."""
    code, held = codes.digest(command.code), people.role(tx, actor.person)
    offered = people.offered(tx, code, actor.now)
    if held is not None and offered is not None and held.includes(offered):
        return Result(RoleKept())
    role = people.redeem(tx, code, actor.now)
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


def dismiss(
    tx: Transaction, person: PersonId, now: datetime, *, even_last: bool
) -> Result[Dismissed | LastAdmin | NoStaff]:
    """Take somebody's rights as a member of staff; each of their chats is told."""
    role = people.role(tx, person)
    if role is None:
        return Result(NoStaff())
    if role is Role.ADMIN and people.admins(tx) == 1 and not even_last:
        return Result(LastAdmin())
    people.dismiss(tx, person)
    entry = audit.Entry(at=now, what="staff left", person=person, details={"role": role.value})
    audit.record(tx, [entry])
    return Result(
        Dismissed(),
        tuple(Notice(person, Dismissed(), chat) for chat in links.chats(tx, person)),
    )
