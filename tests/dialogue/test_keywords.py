"""Keywords of events, with any form of their date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.keywords import events_with
from tests.sample import EVENT

FIRST = replace(
    EVENT,
    keyword="Digitalisierung 20.08.",
    slug="first",
    starts_at=datetime(2020, 8, 20, 16, tzinfo=UTC),
)
SECOND = replace(FIRST, keyword="Digitalisierung 31.08.", slug="second")
PLAIN = replace(FIRST, keyword="Klimadialog", slug="plain")
ALL = (FIRST, SECOND, PLAIN)


def meant(text: str) -> list[str]:
    return [event.slug for event in events_with(text, ALL)]


@pytest.mark.parametrize(
    "typed",
    [
        "Digitalisierung 20.08.",
        "digitalisierung 20.8",
        "Digitalisierung 20.8.",
        "DIGITALISIERUNG 20.08.2020",
        "Digitalisierung 20.08.20",
        "Digitalisierung 20. August",
        "Digitalisierung am 20. August 2020",
        "Digitalisierung vom 20.08.",
        "Digitalisierung 20 08",
        "Digitalisierung 20/8",
        "Digitalisierung 20-08",
        "Digitalisierung, 20. Aug.",
        "Digitalisierung 20.08.!",
        "„Digitalisierung 20.08.“",
        '"Digitalisierung 20.08."',
        "Digitalisierung 20 August",
    ],
)
def test_a_keyword_with_another_form_of_its_date(typed: str) -> None:
    assert meant(typed) == ["first"]


def test_without_its_date_it_may_mean_several_events() -> None:
    assert meant("Digitalisierung") == ["first", "second"]


def test_a_keyword_needs_no_date() -> None:
    assert meant("klimadialog") == ["plain"]
    assert meant("Klimadialog.") == ["plain"]


@pytest.mark.parametrize(
    "typed", ["Digitalisierung 21.08.", "Digitalisierung 20.08.2021", "20.08.", "Klima", "Hallo"]
)
def test_what_means_no_event(typed: str) -> None:
    assert meant(typed) == []
