"""The commands for members of staff."""

from __future__ import annotations

from datetime import datetime

import click

from bot import clock
from bot.app.houses import owe
from bot.cli.databases import configured, opened
from bot.domain.people import Dismissed, LastAdmin, Member, NoStaff, PersonId, Role
from bot.services import people
from bot.services.people import INVITATION_LASTS
from bot.services.refusals import OperatorError
from bot.store import people as store

LARGEST_NUMBER = 2**63 - 1


@click.group()
def staff() -> None:
    """Invite members of staff, list them, and let them go."""


@staff.command()
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What they may do; each role may do what the ones before it may.",
)
def invite(role: str) -> None:
    """Make a code with which one person becomes a member of staff."""
    with opened(configured()) as database, database.transaction() as tx:
        code = people.invite(tx, Role(role), clock.now())
    click.echo(
        f"staff-{code}\n\n"
        f"Whoever types this into a chat with the bot first is {role} from then on.\n"
        f"It works once, within {INVITATION_LASTS.days} days, and is shown only here."
    )


@staff.command("list")
def list_() -> None:
    """List the members of staff, and the codes that can still be used."""
    with opened(configured()) as database, database.transaction() as tx:
        members, invitations = store.members(tx), store.open_invitations(tx, clock.now())
    for member in members:
        click.echo(_line(member))
    for open_ in invitations:
        click.echo(f"unused code: {open_.role.value}, until {_day(open_.expires_at)}")
    if not members:
        click.echo("Nobody is a member of staff. Invite somebody: staff invite", err=True)


@staff.command()
@click.argument("number", metavar="NUMBER", type=click.IntRange(1, LARGEST_NUMBER), required=False)
@click.option("--last-admin", is_flag=True, help="Remove them even if nobody else is an admin.")
@click.option("--unused-codes", is_flag=True, help="Let no code work that was not used so far.")
def remove(*, number: int | None, last_admin: bool, unused_codes: bool) -> None:
    """Let a member of staff go.

    NUMBER is the one in "staff list". From this moment on they read no names any more. They are
    told in their chats.
    """
    if number is None and not unused_codes:
        raise OperatorError("Give a NUMBER, as “staff list” shows it, or --unused-codes.")
    settings, now = configured(), clock.now()
    with opened(settings) as database, database.transaction() as tx:
        if number is not None:
            result = people.dismiss(tx, PersonId(number), now, even_last=last_admin)
            _refuse(result.outcome, number)
            owe(tx, result.notices, settings)
        withdrawn = store.withdraw_invitations(tx) if unused_codes else 0
        left = len(store.open_invitations(tx, now))
    if number is not None:
        click.echo(f"{number} is no longer a member of staff.")
    if unused_codes:
        click.echo(f"{withdrawn} unused codes no longer work.")
    if left:
        click.echo(
            f"{left} codes are not used yet, and make whoever types them a member of staff. "
            "If they know one, end all of them: staff remove --unused-codes",
            err=True,
        )


def _refuse(outcome: Dismissed | LastAdmin | NoStaff, number: int) -> None:
    match outcome:
        case Dismissed():
            pass
        case LastAdmin():
            raise OperatorError(
                f"{number} is the only admin. Invite another one first, or add: --last-admin"
            )
        case NoStaff():
            raise OperatorError(f"{number} is no member of staff. “staff list” shows who is.")


def _line(member: Member) -> str:
    chats = ", ".join(f"{channel} {address}" for channel, address in member.chats)
    return f"{member.person}  {member.role.value}, since {_day(member.since)}: {chats or 'no chat'}"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
