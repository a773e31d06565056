"""Tables for spreadsheets: in columns, with umlauts, and nothing in them is calculated."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.spreadsheets import as_csv, as_xlsx, defused
from tests.workbooks import workbook

LIST = "- Bänke\n- Licht\n-Bäume\n\n  - hohe"


def cells(content: bytes) -> list[list[str]]:
    """Read CSV as a German Excel does: at semicolons, with quotes, in UTF-8 because it says so."""
    text = content.decode("utf-8-sig")
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(StringIO(text, newline=""), strict=True, delimiter=";"))


def test_a_german_excel_finds_columns_and_umlauts() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "Änne; Müller, geb. Öz", "text": 'Sie sagte: "Ja,\nbitte;"\r\nUnd ging.', "n": 3},
        {"name": None, "text": True, "n": ["Ida", "Emil"]},
    ]

    read = cells(b"".join(as_csv(["name", "text", "n"], rows)))

    assert read == [
        ["name", "text", "n"],
        ["Änne; Müller, geb. Öz", 'Sie sagte: "Ja,\nbitte;"\nUnd ging.', "3"],
        ["", "true", "Ida | Emil"],
    ]


def test_an_instant_is_one_that_a_spreadsheet_knows() -> None:
    rows = [{"at": datetime(2020, 8, 3, 10, tzinfo=UTC)}]

    assert cells(b"".join(as_csv(["at"], rows)))[1] == ["2020-08-03 10:00:00"]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("+49-1+cmd", "'+49-1+cmd"),
        ("+4923051062101", "'+4923051062101"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "\nx"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("＠x", "'＠x"),
        ("-1", "–1"),
        ("－1", "–1"),
        ("-2+3+cmd|' /C calc'!A0", "–2+3+cmd|' /C calc'!A0"),
        ("  =1", "  '=1"),
        ("\u00a0=1", "\u00a0'=1"),
        ("\u200b=1", "\u200b'=1"),
        ("\n=1", "\n'=1"),
        ("a;=1", "a;'=1"),
        ("a, =1", "a, '=1"),
        ("a\n +1", "a\n '+1"),
        ('=HYPERLINK("https://example.org")', '\'=HYPERLINK("https://example.org")'),
    ],
)
def test_a_cell_that_would_be_calculated_is_defused(cell: str, safe: str) -> None:
    assert defused(cell) == safe


@pytest.mark.parametrize(
    "cell",
    [
        *("", "Bänke", "1-2", "a = b", "mail@example.org", "'=1", "2+2", "Bank - Licht", "* Bank"),
        *("+49 2305 1062101", "+1 201-555-0123", "02305 / 106-2101"),
    ],
)
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


def test_a_list_keeps_its_look_and_gets_no_apostrophe() -> None:
    assert defused(LIST) == "– Bänke\n– Licht\n–Bäume\n\n  – hohe"


@given(st.text(alphabet="=+-@＝\t\r\n ;,'\"a1\u200b"))
def test_no_split_of_a_cell_begins_a_formula(cell: str) -> None:
    for piece in defused(cell).translate(dict.fromkeys(map(ord, "\r\n\t,"), ";")).split(";"):
        assert piece.strip(" \u200b")[:1] not in set("=+-@＝＋－＠")


def test_a_workbook_keeps_every_word_as_it_is() -> None:
    words = ["=1+1", "+49 2305 1062101", LIST, "https://example.org", "_x0041_", "007", "Öz\x01"]
    rows = [{"text": word} for word in words]

    read = workbook(as_xlsx(["text"], rows))

    assert [row[0] for row in read] == ["text", *words]


def test_a_workbook_has_numbers_and_dates() -> None:
    rows = [{"n": 3, "at": datetime(2020, 8, 3, 12, tzinfo=UTC), "yes": True, "no": None}]

    read = workbook(as_xlsx(["n", "at", "yes", "no"], rows))

    assert read[1] == [3, 44046.5, True]


def test_an_empty_workbook_has_a_head() -> None:
    assert workbook(as_xlsx(["name"], [])) == [["name"]]
