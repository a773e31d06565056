"""Tables as spreadsheets open them: CSV for a double click, and Excel's own format."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import Any

Row = Mapping[str, Any]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for an old code page, and Jürgen becomes JÃ¼rgen."""
SEPARATOR = ";"
"""Where the comma divides euros from cents, Excel divides columns at this, and at nothing else."""
BETWEEN_VALUES = " | "
"""Between several values of one cell: neither a separator nor in anybody's name."""

# Spreadsheets calculate a cell that begins like this, some of them after blanks and invisible
# characters. Opened as it is not meant to be (at commas, or without regard for quotes), the middle
# of a cell can become the beginning of another one.
_BEGINNING = r"(\A|[;,\n\t])([^\S\n]|[\x00-\x09\x0b-\x1f\u00ad\u200b-\u200f\u2060-\u2064\ufeff])*"
_HYPHEN = re.compile(rf"(?P<before>{_BEGINNING})[-－]")
_FORMULA = re.compile(rf"(?P<before>{_BEGINNING})(?=[=+@＝＋＠])")
_CONTROL = re.compile(r"\A(?=[\t\r])")
_TELEPHONE = re.compile(r"\+\d{1,3} \d[\d ()/-]*")
"""A number in groups: two numbers side by side are no formula, and stay text in every program."""

_MEMORY_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""
_WIDTH, _WIDE = 20, 80
_INSTANT = "dd.mm.yyyy hh:mm:ss"


def as_csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write CSV that a German Excel opens in columns, line by line (RFC 4180, semicolons)."""
    yield BYTE_ORDER_MARK + _line(names)
    for row in rows:
        yield _line(defused(_written(row[name])) for name in names)


def defused(cell: str) -> str:
    """Change what a spreadsheet would calculate, as little as can be.

    A hyphen, with which people begin the lines of a list, becomes a dash. Everything else gets an
    apostrophe. Telephone numbers stay as they are.
    """
    if _TELEPHONE.fullmatch(cell):
        return cell
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("'", _FORMULA.sub(r"\g<before>'", _HYPHEN.sub(r"\g<before>–", cell)))


def as_xlsx(names: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write a workbook: words are words whatever they begin with, and instants are dates."""
    import xlsxwriter  # noqa: PLC0415 (takes time to import, and is rarely needed)

    with SpooledTemporaryFile(_MEMORY_BYTES) as file:
        options = {"constant_memory": True, "default_date_format": _INSTANT}
        with xlsxwriter.Workbook(file, options) as workbook:
            sheet, head = workbook.add_worksheet(), workbook.add_format({"bold": True})
            wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
            for column, name in enumerate(names):
                sheet.set_column(column, column, _WIDE if name == "text" else _WIDTH)
                sheet.write_string(0, column, name, head)
            sheet.freeze_panes(1, 0)
            last = 0
            for last, row in enumerate(rows, start=1):
                for column, name in enumerate(names):
                    _fill(sheet, (last, column), row[name], wrapped)
            sheet.autofilter(0, 0, last, len(names) - 1)
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _fill(sheet: Any, cell: tuple[int, int], value: object, wrapped: Any) -> None:  # noqa: ANN401 (the library has no types)
    match value:
        case None | "":
            pass
        case bool():
            sheet.write_boolean(*cell, value)
        case int():
            sheet.write_number(*cell, value)
        case datetime():
            sheet.write_datetime(*cell, value.replace(tzinfo=None))
        case _:
            sheet.write_string(*cell, _written(value)[:_LONGEST_CELL], wrapped)


def _line(cells: Iterable[str]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line, delimiter=SEPARATOR).writerow(cells)
    return line.getvalue().encode()


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            # Without an offset, so that a spreadsheet takes it for a date; the head says which.
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        case list():
            return BETWEEN_VALUES.join(map(str, value))
        case _:
            return str(value)
