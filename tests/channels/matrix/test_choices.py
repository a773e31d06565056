"""Choices, consent and receipts: whole ways through the conversations, typed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.tables import registrations
from tests.channels.matrix.serving import (
    TO_CONSENT,
    TO_RECEIPT,
    TO_SUMMARY,
    WELCOME,
    walks,
)
from tests.matrix import Citizen

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]


def held(database: Database) -> int:
    """Count those who hold a seat or a place in the line."""
    with database.transaction() as tx:
        holding = select(func.count()).where(registrations.c.state.in_(("confirmed", "waiting")))
        return int(tx.execute(holding).scalar_one())


def test_choices_are_numbered_in_the_text(anna: Citizen) -> None:
    anna.types("!events")
    shown = anna.waits_for("Which event")

    assert "\n\n1. Kick-off: Our city goes digital (20 Aug)\n2. Video conference" in shown.text


def test_a_choice_is_its_number_its_label_or_a_word(anna: Citizen) -> None:
    for answer in ("3", "Hand in an idea", "HAND in"):
        walks(anna, (answer, "What would you like to tell us?"), ("cancel", "Stopped"))
        walks(anna, ("start", WELCOME))


def test_a_consent_is_typed_and_a_whole_registration_ends_in_a_receipt(
    anna: Citizen, records: Database
) -> None:
    before = held(records)
    walks(anna, *TO_CONSENT)
    asked = anna.last
    anna.types("perhaps")
    anna.waits_for("Please answer yes or no.")
    walks(anna, *TO_RECEIPT[2:])
    date = anna.waits_for(lambda message: message.kind == "m.file")

    assert asked.encrypted
    assert asked.text.endswith("1. I agree\n2. I do not agree")
    assert date.file.startswith(b"BEGIN:VCALENDAR\r\n")
    assert held(records) == before + 1


def test_a_line_of_the_summary_is_changed_by_its_number(anna: Citizen) -> None:
    walks(anna, *TO_SUMMARY, ("4", "What is your name?"), ("Anna Berg", "Name: Anna Berg"))

    assert "9. Yes, register" in anna.last.text
