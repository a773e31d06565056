"""The command that does what the clock demands, for installations where no program runs."""

from __future__ import annotations

import click

from bot import clock
from bot import jobs as work
from bot.app.houses import house
from bot.cli.databases import configured, opened
from bot.store import deletions


@click.command()
@click.option("--announced", is_flag=True, help="Only list what will be deleted soon.")
def jobs(*, announced: bool) -> None:
    """Do what is due now: move lines up, send access data, delete what is no longer needed.

    A running program does this by itself once a minute; without one, call this from cron, at least
    once a day. What is deleted after an event is announced three days before.
    """
    settings = configured()
    with opened(settings) as database:
        if announced:
            with database.transaction() as tx:
                for due in deletions.announced(tx):
                    click.echo(
                        f"{due.deletes_at:%Y-%m-%d} {due.event_slug}: {due.subject.value} "
                        f"({due.registrations} registrations)"
                    )
            return
        work.due(database, house(settings), clock.now())
