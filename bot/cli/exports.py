"""The command that writes registrations, ideas and consents to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile

import click

from bot.cli.databases import configured, opened
from bot.cli.pictures import write
from bot.services import exports
from bot.services.exports import Format, Subject
from bot.services.refusals import OperatorError

IN_MEMORY = 16 * 1024 * 1024


@click.command()
@click.argument("subject", type=click.Choice([subject.value for subject in Subject]))
@click.option("--event", "event_slug", metavar="SLUG", help="Only what belongs to this event.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.CSV.value,
    show_default=True,
    help="CSV or Excel's own for spreadsheets, JSON for programs.",
)
@click.option("--with-personal-data", is_flag=True, help="Add names and contacts.")
@click.option(
    "--pictures",
    type=click.Path(path_type=Path),
    metavar="TARGET",
    help="Write the pictures of the ideas as well: into a directory, or an archive (x.zip).",
)
def export(
    subject: str,
    event_slug: str | None,
    form: str,
    *,
    with_personal_data: bool,
    pictures: Path | None,
) -> None:
    """Write what is stored to standard output."""
    if pictures is not None and subject != Subject.IDEAS:
        raise OperatorError("--pictures: only ideas have pictures.")
    if form == Format.XLSX and sys.stdout.isatty():
        raise OperatorError(f"A workbook is nothing to read here. Add: > {subject}.xlsx")
    # Whoever reads the output may be slow, and must not keep the database locked meanwhile.
    with SpooledTemporaryFile(IN_MEMORY) as file:
        with opened(configured()) as database, database.transaction() as tx:
            file.writelines(
                exports.export(
                    tx,
                    Subject(subject),
                    Format(form),
                    event_slug=event_slug,
                    with_personal_data=with_personal_data,
                )
            )
            if pictures is not None:
                count = write(exports.pictures(tx, event_slug), pictures)
                click.echo(f"{count} pictures in {pictures}", err=True)
        file.seek(0)
        copyfileobj(file, sys.stdout.buffer)
