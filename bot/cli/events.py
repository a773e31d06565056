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
from bot.cli.telling import ask_before_telling, confirm, somebody_is_there, tallied
from bot.domain.events import PlaceKind
from bot.domain.outcomes import CapacityChanged
from bot.flows.book import FLOWS
from bot.services import events as services
from bot.services import examples, seats
from bot.services.acts import Result
from bot.services.changes import differences
from bot.services.events import Loaded, refuse_doubtful
from bot.services.refusals import OperatorError
from bot.store.database import Transaction

MOST_SEATS = 1_000_000
"""More than any hall, and no more than the database can count."""

STDIN = "<stdin>"
_place = click.option("--place", "place", metavar="SLUG", required=True, help="Which place.")


@click.group()
def events() -> None:
    """Load and change events."""


@events.command()
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only show what would change and who would be told.")
@click.option(
    "--as-written",
    "meant",
    metavar="EVENT",
    multiple=True,
    help="What looks like a slip at this event is none; repeatable.",
)
def load(file: BinaryIO, *, dry_run: bool, meant: tuple[str, ...]) -> None:
    """Load the events of a file.

    FILE "-" is standard input. Loading a file twice changes nothing; a changed file updates its
    events. On a terminal you are asked before people are told of it.
    """
    settings, now = configured(), clock.now()
    name, content = getattr(file, "name", STDIN), file.read()
    name = "standard input" if name == STDIN else name

    def loaded(tx: Transaction) -> Loaded:
        return services.load_file(tx, content, name, now, FLOWS.words)

    with opened(settings) as database:
        if dry_run or somebody_is_there():
            with database.rehearsal() as tx:
                planned = loaded(tx)
                unreached = owe(tx, planned.notices, settings)
            if dry_run:
                _show(planned, unreached)
            refuse_doubtful(planned, name, now, meant)
            if dry_run:
                return
            confirm(planned.notices, _differences(planned))
        with database.transaction() as tx:
            done = loaded(tx)
            refuse_doubtful(done, name, now, meant)
            unreached = owe(tx, done.notices, settings)
    _report_loaded(done)
    _report(done.capacities, unreached)


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

    def changed(tx: Transaction) -> Result[CapacityChanged]:
        _event, where = found(tx, event, place)
        if where.kind is PlaceKind.STREAM:
            raise OperatorError(f"“{place}” is a stream, which has no seats.")
        return seats.change_capacity(tx, where.id, seats_there, now)

    with opened(settings) as database:
        ask_before_telling(database, lambda tx: changed(tx).notices)
        with database.transaction() as tx:
            known, _where = found(tx, event, place)
            result = changed(tx)
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
    settings, now = configured(), clock.now()

    def moved(tx: Transaction) -> Result[CapacityChanged]:
        return seats.move_back(tx, found(tx, event, place)[1].id, now)

    with opened(settings) as database:
        ask_before_telling(database, lambda tx: moved(tx).notices)
        with database.transaction() as tx:
            result = moved(tx)
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


def _show(planned: Loaded, unreached: int) -> None:
    """Say what a file would change, and who would be told what."""
    _report_loaded(planned)
    for line in _differences(planned):
        click.echo(line)
    for line in tallied(planned.notices):
        click.echo(f"told: {line}")
    click.echo("Nothing was stored, and nobody was told.", err=True)
    _report(planned.capacities, unreached)


def _differences(loaded: Loaded) -> list[str]:
    return [
        f"{change.after.slug}: {difference}"
        for change in loaded.changes
        for difference in differences(change)
    ]


def _report_loaded(loaded: Loaded) -> None:
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
