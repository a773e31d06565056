"""What goes with a message: the place on a map, the date for a calendar, one's own data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.services.examples import as_published
from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import TO_RECEIPT, founded_with, walks
from tests.serving import Serving
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow

ADDRESS = "Erinstraße 6, 44575 Castrop-Rauxel"


def test_a_place_with_a_position_comes_as_a_venue(telegram: Telegram, tmp_path: Path) -> None:
    position = f'"{ADDRESS}"\nlatitude = 51.5519\nlongitude = 7.3117'
    town = founded_with(tmp_path, as_published().replace(f'"{ADDRESS}"', position))
    with serving(telegram, f"sqlite:///{town}"):
        bert = telegram.person("bert", "en").starts("event-auftakt")
        bert.waits_for("Kick-off")
        bert.taps("Map")
        venue = bert.waits_for(lambda message: message.venue is not None).venue

    assert venue is not None
    assert (venue["title"], venue["address"]) == ("DIEZE", ADDRESS)
    assert (venue["location"]["latitude"], venue["location"]["longitude"]) == (51.5519, 7.3117)


def test_a_place_without_one_comes_as_words_with_a_link(telegram: Telegram, anna: Phone) -> None:
    anna.starts("event-auftakt")
    anna.waits_for("Kick-off")
    anna.taps("Map")

    words = anna.waits_for("openstreetmap.org")
    assert words.text.startswith(f"DIEZE\n{ADDRESS}\n")
    assert "query=Erinstra%C3%9Fe+6%2C+44575+Castrop-Rauxel" in words.text
    assert telegram.calls.count("sendVenue") == 0


def test_a_date_comes_as_a_file_for_the_calendar(anna: Phone) -> None:
    anna.starts("event-auftakt")
    anna.waits_for("Kick-off")
    anna.taps("Calendar file")

    file = anna.waits_for(lambda message: message.document is not None).document
    assert file is not None
    assert file.name.endswith(".ics")
    assert file.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Kick-off: Our city goes digital" in file.content.decode()


def test_a_receipt_comes_with_the_date_behind_it(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, *TO_RECEIPT)
    receipt = anna.waits_for("Your seat is confirmed.")
    file = anna.waits_for(lambda message: message.document is not None)

    assert file.id == receipt.id + 1
    assert "arrival number 1" in receipt.text


def test_one_s_own_data_come_as_a_file_with_a_warning(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, *TO_RECEIPT, "/privacy", "what")

    shown = anna.waits_for("This file is yours alone.")
    assert shown.document is not None
    assert "Anna Adler" in json.dumps(json.loads(shown.document.content), ensure_ascii=False)


def test_after_a_failure_in_the_middle_what_has_arrived_comes_not_again(
    telegram: Telegram, anna: Phone, service: Serving
) -> None:
    telegram.faults.next("sendDocument", Fault.too_many(1), chat=anna.id)
    walks(telegram, anna, *TO_RECEIPT)
    anna.waits_for("Your seat is confirmed.")
    anna.waits_for(lambda message: message.document is not None)

    assert service.failure is None
    receipts = [each for each in anna.messages if "Your seat is confirmed." in each.text]
    assert len(receipts) == 1
