"""The command that brings the database to the schema of this program."""

from __future__ import annotations

import click

from bot.cli.databases import configured
from bot.cli.databases import migrate as bring_up


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema. Make a backup first."""
    click.echo("The database is up to date now." if bring_up(configured()) else "Nothing to do.")
