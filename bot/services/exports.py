"""Exports for staff: registrations, ideas and consents as CSV or JSON, row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import StringIO

import orjson

from bot.domain.events import EventId
from bot.services.refusals import OperatorError
from bot.store import events, exports
from bot.store.database import Transaction
from bot.store.exports import Cells


class Subject(StrEnum):
    """What can be exported."""

    REGISTRATIONS = "registrations"
    IDEAS = "ideas"
    CONSENTS = "consents"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True)
class _Columns:
    """What an export shows: nothing gets into it that is not named here."""

    rows: Callable[[Transaction, EventId | None], Iterator[Cells]]
    always: tuple[str, ...]
    personal: tuple[str, ...]


_COLUMNS = {
    Subject.REGISTRATIONS: _Columns(
        exports.registrations,
        (
            "event",
            "arrival_number",
            "arrived_at",
            "place",
            "state",
            "party_size",
            "channel",
            "consents",
        ),
        ("name", "organisation", "contact_kind", "contact", "companions"),
    ),
    Subject.IDEAS: _Columns(
        exports.ideas,
        (
            "reference",
            "event",
            "origin",
            "kind",
            "pillar",
            "text",
            "state",
            "created_at",
            "has_picture",
        ),
        ("name", "organisation"),
    ),
    Subject.CONSENTS: _Columns(
        exports.consents,
        (
            "event",
            "arrival_number",
            "slug",
            "version",
            "language",
            "state",
            "given_at",
            "withdrawn_at",
        ),
        ("name",),
    ),
}

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for an old code page, and Jürgen becomes JÃ¼rgen."""

# Spreadsheets calculate a cell that begins like this, some of them after blanks and invisible
# characters. A German Excel splits at semicolons, whatever the quotes say, so what stands behind
# one (or in a new line) can begin a cell as well.
_INVISIBLE = r"[\s\x00-\x1f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
_FORMULA = re.compile(rf"(\A|[;\r\n\t])(?=[\t\r]|{_INVISIBLE}[=+\-@＝＋－＠])")


def export(
    tx: Transaction,
    subject: Subject,
    form: Format,
    *,
    event_slug: str | None = None,
    with_personal_data: bool = False,
) -> Iterator[bytes]:
    """Write an export piece by piece; read it to its end within the transaction."""
    event = None if event_slug is None else _event(tx, event_slug)
    columns = _COLUMNS[subject]
    names = columns.always + (columns.personal if with_personal_data else ())
    rows = ({name: cells[name] for name in names} for cells in columns.rows(tx, event))
    return _csv(names, rows) if form is Format.CSV else _json(rows)


def defused(cell: str) -> str:
    """Put an apostrophe before everything that a spreadsheet would calculate."""
    return _FORMULA.sub(r"\1'", cell)


def _event(tx: Transaction, slug: str) -> EventId:
    event = events.by_slug(tx, slug)
    if event is None:
        raise OperatorError(f"There is no event “{slug}”.")
    return event.id


def _csv(names: Iterable[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK + _line(names)
    for row in rows:
        yield _line(map(_cell, row.values()))


def _line(cells: Iterable[str]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow(cells)  # RFC 4180: commas, quotes doubled, lines end in CR LF
    return line.getvalue().encode()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case list():
            return defused("; ".join(map(str, value)))
        case _:
            return defused(str(value)) if isinstance(value, str) else str(value)


def _json(rows: Iterable[Cells]) -> Iterator[bytes]:
    yield b"["
    separator = b"\n"
    for row in rows:
        yield separator + orjson.dumps(row, option=orjson.OPT_UTC_Z)
        separator = b",\n"
    yield b"\n]\n"
