"""The commands that keep a copy of the database, bring it back, and tell whether it is whole."""

from __future__ import annotations

import sqlite3
from io import BytesIO
from pathlib import Path

import click
from PIL import Image

from bot.cli.databases import configured, not_there, opened, owned, prepare
from bot.services.refusals import OperatorError
from bot.settings import Settings
from bot.store import backups, ideas, ownership

_file = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_file
def backup(file: Path) -> None:
    """Copy the database into FILE, also while a program runs (SQLite)."""
    source = _sqlite(configured())
    if not ownership.is_filled(source):
        raise not_there(source)
    if file.exists():
        raise OperatorError(f"{file} is there already, and was left as it is. Name another file.")
    _copy(source, file)
    click.echo(f"{file}: whole, {file.stat().st_size:,} bytes")


@click.command()
@_file
@click.option("--replace", is_flag=True, help="Put it in the place of the database that is there.")
def restore(file: Path, *, replace: bool) -> None:
    """Bring the database back that was copied into FILE; end the program first (SQLite)."""
    target = _sqlite(configured())
    _refuse_damaged(file)
    prepare(target.parent)
    with owned(target):
        if ownership.is_filled(target):
            if not replace:
                raise OperatorError(
                    f"There is a database at {target.absolute()}.\n"
                    "To put this one in its place, and keep that one beside it, add: --replace"
                )
            click.echo(f"What was there is kept: {backups.set_aside(target)}")
        _copy(file, target)
    click.echo("Restored. Whoever was erased since this copy was made has to be erased again.")


@click.command()
def check() -> None:
    """Tell whether the database and the pictures in it are whole."""
    settings = configured()
    file = ownership.file_of(settings.database_url)
    if file is not None and not ownership.is_filled(file):
        raise not_there(file)
    if file is not None:
        _refuse_damaged(file)
    with opened(settings) as database, database.transaction() as tx:
        damaged = [each.reference for each in ideas.pictured(tx, None) if not _opens(each.content)]
    if damaged:
        raise OperatorError(f"The pictures of these ideas are damaged: {', '.join(damaged)}.")
    click.echo("Whole.")


def _sqlite(settings: Settings) -> Path:
    file = ownership.file_of(settings.database_url)
    if file is None:
        raise OperatorError(
            "This database is PostgreSQL: use pg_dump and pg_restore, as docs/operations.md shows."
        )
    return file


def _copy(source: Path, target: Path) -> None:
    try:
        backups.copy(source, target)
    except (OSError, sqlite3.Error, backups.Damaged) as error:
        raise OperatorError(f"{source} cannot be copied to {target}: {error}") from error


def _refuse_damaged(file: Path) -> None:
    if found := backups.faults(file):
        raise OperatorError("\n".join((f"{file} is not a whole database of Stadtdialog:", *found)))


def _opens(content: bytes) -> bool:
    try:
        with Image.open(BytesIO(content)) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
