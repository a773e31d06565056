"""The commands for members of staff."""

from __future__ import annotations

import click

from bot import clock
from bot.cli.databases import configured, opened
from bot.domain.people import Role
from bot.services import people
from bot.services.people import INVITATION_LASTS


@click.group()
def staff() -> None:
    """Invite members of staff."""


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
