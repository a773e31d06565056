"""The command for the QR codes with which people on the spot or at home get into the chat."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import click
import segno

from bot.channels import links
from bot.cli.databases import configured, opened
from bot.cli.places import found_event
from bot.flows.events import EVENTS
from bot.flows.idea import IDEA
from bot.services.refusals import OperatorError
from bot.settings import Settings

QUIET_ZONE_MODULES = 4
"""ISO/IEC 18004: what has to stay empty around a code."""
PNG_PIXELS = 1000
"""The least width of a picture: 8 cm on paper at 300 dots per inch."""

USES = {
    EVENTS.entry: "for the poster; it opens the event",
    IDEA.entry: "for the live stream; it asks for an idea",
}


def _username(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[A-Za-z0-9_]{5,32}", name):
        raise click.BadParameter("5 to 32 letters (a-z), digits and underscores, without the @.")
    return name


@click.command()
@click.argument("event", metavar="SLUG")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where the files go; without it, the current directory.",
)
@click.option(
    "--username",
    metavar="NAME",
    callback=_username,
    help="The bot's name on Telegram, without the @; without it, Telegram is asked.",
)
def qr(event: str, directory: Path, username: str | None) -> None:
    """Make the QR codes for an event.

    One for the poster and one for the live stream, each as SVG for print and as PNG. On Matrix
    one opens the chat, and the command says what has to be typed there.
    """
    settings = configured()
    with opened(settings) as database, database.transaction() as tx:
        slug = found_event(tx, event).slug
    if settings.matrix_user is not None:
        _for_matrix(settings.matrix_user, slug, directory)
    if username or settings.telegram_token or settings.matrix_user is None:
        _for_telegram(username or _on_telegram(settings), slug, directory)


def _for_matrix(user_id: str, slug: str, directory: Path) -> None:
    """Make the code that opens the chat on Matrix, where links cannot say what is wanted there."""
    link = links.on_matrix(user_id)
    _write(directory, "matrix", segno.make_qr(link, error="M"))
    click.echo(f"matrix.svg, matrix.png: for Matrix; it opens the chat\n{link}")
    for entry, use in USES.items():
        click.echo(f"to be typed there: {entry}-{slug}, {use}")


def _for_telegram(username: str, slug: str, directory: Path) -> None:
    for entry, use in USES.items():
        code = f"{entry}-{slug}"
        link = links.on_telegram(username, code)
        _write(directory, code, segno.make_qr(link, error="M"))
        click.echo(f"{code}.svg, {code}.png: {use}\n{link}")


def _on_telegram(settings: Settings) -> str:
    # The client of Telegram takes time to import, and is needed only here.
    from bot.channels.telegram.accounts import username  # noqa: PLC0415

    return username(settings)


def _write(directory: Path, name: str, code: segno.QRCode) -> None:
    """Draw a code on white, so that it can be read on any ground."""
    svg, png = BytesIO(), BytesIO()
    border = QUIET_ZONE_MODULES
    code.save(svg, "svg", border=border, light="white", omitsize=True)
    scale = -(-PNG_PIXELS // code.symbol_size(border=border)[0])
    code.save(png, "png", border=border, scale=scale)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"{name}.svg").write_bytes(svg.getvalue())
        (directory / f"{name}.png").write_bytes(png.getvalue())
    except OSError as error:
        raise OperatorError(
            f"The files cannot be written to {directory}: {error.strerror}."
        ) from error
