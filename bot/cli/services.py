"""The commands that keep the bot running on its chat networks."""

from __future__ import annotations

import click

from bot.app.duties import ALL, WEB, WORKER, Duties
from bot.app.networks import serve
from bot.cli.databases import configured, opened, prepare


@click.command()
def run() -> None:
    """Run the bot on its chat networks, all in one process.

    It fetches messages from Telegram, or serves a webhook if TELEGRAM_WEBHOOK_URL is set.
    """
    _serve(ALL)


@click.command()
def web() -> None:
    """Serve the webhook on PORT, and /health; needs a worker beside it, and PostgreSQL."""
    _serve(WEB)


@click.command()
def worker() -> None:
    """Do what no webhook does: send what is left over, fetch messages, do the jobs."""
    _serve(WORKER)


def _serve(duties: Duties) -> None:
    settings = configured()
    with opened(settings, alone=True) as database:
        database.examine()
        prepare(settings.data_dir)
        serve(settings, database, duties, lambda words: click.echo(words, err=True))
