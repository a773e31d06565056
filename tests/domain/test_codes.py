"""Codes as people type them."""

from __future__ import annotations

import pytest

from bot.domain import codes

CODE = "AB2C3D4E"


@pytest.mark.parametrize(
    "typed",
    [
        "companion-AB2C3D4E",
        "Companion-ab2c3d4e.",
        "companion – AB2C 3D4E",
        "companion—AB2C-3D4E",
        "companion‑AB2C3D4E",
        "companion: AB2C3D4E",
        "companion AB2C3D4E",
        "„companion-AB2C3D4E“",
        " (companion-AB2C3D4E) ",
        "companion_AB2C3D4E!",
    ],
)
def test_a_code_with_its_prefix(typed: str) -> None:
    parts = codes.prefixed(typed)

    assert parts is not None
    assert (parts[0], codes.one_time(parts[1])) == ("companion", CODE)
    assert codes.essence(typed) == CODE


@pytest.mark.parametrize("typed", [CODE, "ab2c3d4e", "AB2C 3D4E", "AB2C–3D4E.", "„AB2C3D4E“"])
def test_a_code_alone(typed: str) -> None:
    assert codes.alone(typed) == CODE
    assert codes.essence(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["Abendessen", "Anna-Lena", "23456789", "WERBUNGS", "AB2C3D4", "AB2C3D4EF", "1B2C3D4E"]
)
def test_what_is_no_code(typed: str) -> None:
    assert codes.alone(typed) is None


@pytest.mark.parametrize("typed", ["auf-takt", "Auf–Takt.", "auf takt", "„auf-takt“"])
def test_the_short_name_of_an_event(typed: str) -> None:
    assert codes.slug(typed) == "auf-takt"
