"""The command that talks to the bot in the terminal."""

from __future__ import annotations

import click

from bot import clock
from bot.app.terminals import Visit, converse
from bot.cli.databases import configured, opened, prepare
from bot.i18n import LANGUAGES
from bot.store import events
from bot.store.database import Database

LONGEST_NAME = 64
INTERRUPTED = 130
"""128 and the number of the signal, as shells have it."""


def _name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"a name has 1 to {LONGEST_NAME} characters.")
    return name


@click.command()
@click.option(
    "--as",
    "name",
    metavar="NAME",
    default="citizen",
    show_default=True,
    callback=_name,
    help="Who you are; another name is another person.",
)
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES), case_sensitive=False),
    help="Language of the conversation.",
)
@click.option(
    "--example", is_flag=True, help="Load the two example events, unless an event lies ahead."
)
@click.pass_context
def chat(context: click.Context, name: str, language: str | None, *, example: bool) -> None:
    """Talk to the bot in this terminal.

    From a pipe it answers line by line, and ends with the input. A line that names a picture
    file (.jpg, .png, .webp, .heic) sends this picture.
    """
    settings = configured()
    prepare(settings.data_dir)
    with opened(settings, alone=True, creates=True) as database:
        _provide_events(database, example=example)
        try:
            converse(settings, database, Visit(name, language))
        except KeyboardInterrupt:
            context.exit(INTERRUPTED)


def _provide_events(database: Database, *, example: bool) -> None:
    now = clock.now()
    with database.transaction() as tx:
        if events.upcoming(tx, now):
            return
        if example:
            # Reading event files takes time to import, and is needed once.
            from bot.services.events import load_file  # noqa: PLC0415
            from bot.services.examples import example as moved  # noqa: PLC0415

            load_file(tx, moved(now).encode(), "example", now)
            return
    click.echo(
        "No event lies ahead. To load the two example events: stadtdialog chat --example", err=True
    )
