"""Exports for staff: registrations, ideas and consents, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import orjson

from bot.dialogue.contacts import international
from bot.domain.events import EventId
from bot.domain.people import ContactKind
from bot.services.refusals import OperatorError
from bot.services.spreadsheets import as_csv, as_xlsx
from bot.store import events, exports, ideas
from bot.store.database import Transaction
from bot.store.exports import Cells
from bot.store.ideas import Pictured


class Subject(StrEnum):
    """What can be exported."""

    REGISTRATIONS = "registrations"
    IDEAS = "ideas"
    CONSENTS = "consents"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    XLSX = "xlsx"
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
            "arrived_at_local",
            "arrived_at_utc",
            "time_zone",
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
            "created_at_local",
            "created_at_utc",
            "time_zone",
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
            "given_at_local",
            "given_at_utc",
            "withdrawn_at_local",
            "withdrawn_at_utc",
            "time_zone",
        ),
        ("name",),
    ),
}

HOME = ZoneInfo("Europe/Berlin")
"""Where ideas are read that belong to no event; events have a zone of their own."""


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
    rows = map(_with_both_times, columns.rows(tx, event))
    match form:
        case Format.CSV:
            return as_csv(names, map(_with_telephones, rows))
        case Format.XLSX:
            return as_xlsx(names, map(_with_telephones, rows))
        case Format.JSON:
            return _json({name: cells[name] for name in names} for cells in rows)


def pictures(tx: Transaction, event_slug: str | None = None) -> Iterator[Pictured]:
    """Give the pictures of the ideas that an export lists, one at a time."""
    return ideas.pictured(tx, None if event_slug is None else _event(tx, event_slug))


def _event(tx: Transaction, slug: str) -> EventId:
    event = events.by_slug(tx, slug)
    if event is None:
        raise OperatorError(f"There is no event “{slug}”.")
    return event.id


def _with_both_times(cells: Cells) -> Cells:
    """Say each instant in UTC, which orders them, and on the clock where people read it."""
    zone = HOME if cells["zone"] is None else ZoneInfo(cells["zone"])
    told = cells | {"time_zone": zone.key}
    for name, value in cells.items():
        if name.endswith("_at"):
            told[f"{name}_utc"] = value
            told[f"{name}_local"] = None if value is None else value.astimezone(zone)
    return told


def _with_telephones(cells: Cells) -> Cells:
    """Write telephone numbers in groups: a spreadsheet takes long figures for a quantity."""
    if cells.get("contact_kind") != ContactKind.PHONE or not cells["contact"]:
        return cells
    return cells | {"contact": international(cells["contact"])}


def _json(rows: Iterable[Cells]) -> Iterator[bytes]:
    yield b"["
    separator = b"\n"
    for row in rows:
        yield separator + orjson.dumps(row, option=orjson.OPT_UTC_Z)
        separator = b",\n"
    yield b"\n]\n"
