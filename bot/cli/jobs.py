"""The command that does what the clock demands, for installations where no program runs."""

from __future__ import annotations

import click

from bot import clock
from bot import jobs as work
from bot.app.houses import house
from bot.cli.databases import configured, opened


@click.command()
def jobs() -> None:
    """Do what is due now: move lines up, send access data, delete what is no longer needed.

    A running chat does this by itself once a minute; without one, call this from cron.
    """
    settings = configured()
    with opened(settings) as database:
        work.due(database, house(settings), clock.now())
