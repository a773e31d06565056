"""The commands for events: what they are, how many seats they have, and how one gets in."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import BinaryIO

import click

from bot import clock
from bot.app.houses import owe
from bot.cli.databases import configured, opened
from bot.cli.outcomes import tell_by_hand
from bot.cli.places import found
from bot.domain.outcomes import CapacityChanged
from bot.flows.book import FLOWS
from bot.services import events as services
from bot.services import examples, seats
from bot.services.refusals import OperatorError

MOST_SEATS = 1_000_000
"""More than any hall, and no more than the database can count."""

STDIN = "<stdin>"
_place = click.option("--place", "place", metavar="SLUG", required=True, help="Which place.")


@click.group()
def events() -> None:
    """Load and change events."""


@events.command()
@click.argument("file", type=click.File("rb"))
def load(file: BinaryIO) -> None:
    """Load the events of a file.

    FILE "-" is standard input. Loading a file twice changes nothing; a changed file updates its
    events.
    """
    settings, now = configured(), clock.now()
    name, content = getattr(file, "name", STDIN), file.read()
    name = "standard input" if name == STDIN else name
    with opened(settings) as database, database.transaction() as tx:
        loaded = services.load_file(tx, content, name, now, FLOWS.words)
        unreached = owe(tx, loaded.notices, settings)
    for word, slugs in (
        ("new", loaded.created),
        ("changed", loaded.updated),
        ("as it was", loaded.unchanged),
    ):
        for slug in slugs:
            click.echo(f"{slug}: {word}")
    for slug, where in loaded.kept:
        click.echo(
            f"{slug}: {where.slug} keeps its {_counted(where.capacity)}, set since the "
            "file was loaded last. A new number in the file counts.",
            err=True,
        )
    _report(loaded.capacities, unreached)


@events.command()
@click.option("--as-published", is_flag=True, help="With the dates of August 2020.")
def example(*, as_published: bool) -> None:
    """Write the example event file.

    Its dates are moved by whole weeks, so that they lie ahead.
    """
    text = examples.as_published() if as_published else examples.example(clock.now())
    click.echo(text, nl=False)


@events.command()
@click.argument("event", metavar="EVENT")
@_place
def access(event: str, place: str) -> None:
    """Store the access data of a place.

    The data, such as a link to a meeting, are read from standard input. They are given only to
    people who are confirmed there, and never shown here.
    """
    if sys.stdin.isatty():
        secret = click.prompt("Access data (not shown)", hide_input=True)
    else:
        secret = _utf8(sys.stdin.buffer.read())
    with opened(configured()) as database, database.transaction() as tx:
        services.keep_access(tx, event, place, secret)
    click.echo("Stored.")


@events.command()
@click.argument("event", metavar="EVENT")
@_place
@click.argument("seats_there", metavar="SEATS", type=click.IntRange(0, MOST_SEATS))
def capacity(event: str, place: str, seats_there: int) -> None:
    """Set how many seats a place has.

    More: the waiting list moves up at once. Fewer: nobody loses a seat; see "move-back".
    """
    settings, now = configured(), clock.now()
    with opened(settings) as database, database.transaction() as tx:
        known, where = found(tx, event, place)
        result = seats.change_capacity(tx, where.id, seats_there, now)
        unreached = owe(tx, result.notices, settings)
    click.echo(f"{place}: {_counted(seats_there)}")
    if now >= known.starts_at and not known.cancelled:
        click.echo("The event has begun, so nobody moves up any more.", err=True)
    _report([result.outcome], unreached)


@events.command("move-back")
@click.argument("event", metavar="EVENT")
@_place
def move_back(event: str, place: str) -> None:
    """Move the latest arrivals to the waiting list.

    Only as many as there are too many since the capacity was lowered; they are told at once.
    """
    settings = configured()
    with opened(settings) as database, database.transaction() as tx:
        _event, where = found(tx, event, place)
        result = seats.move_back(tx, where.id, clock.now())
        unreached = owe(tx, result.notices, settings)
    click.echo(f"{place}: {len(result.notices)} people moved back")
    _report([result.outcome], unreached)


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperatorError("Standard input is not UTF-8; nothing was stored.") from error


def _counted(capacity: int | None) -> str:
    if capacity is None:
        return "seats without a limit"
    return "1 seat" if capacity == 1 else f"{capacity} seats"


def _report(changes: Iterable[CapacityChanged], unreached: int) -> None:
    """Say on stderr what is left to do."""
    for change in changes:
        if change.over:
            click.echo(
                f"Over by {change.over}: cancellations will absorb that. "
                'To move the latest arrivals to the waiting list: "events move-back".',
                err=True,
            )
    tell_by_hand(unreached)
