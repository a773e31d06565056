"""A picture that is larger than Telegram gives to a bot: the person is told, and can go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.telegram.serving import serving
from tests.faults.plays import IDEA, found
from tests.telegram import Fault, Phone, Telegram
from tests.telegram.conftest import picture

pytestmark = pytest.mark.slow

TOO_LARGE_BYTES = 20 * 1024 * 1024 + 1


@pytest.fixture
def anna(sqlite_url: str, telegram: Telegram) -> Iterator[Phone]:
    """Give Anna a phone on which she is asked for a picture."""
    found(sqlite_url)
    with serving(telegram, sqlite_url):
        phone = telegram.person("anna", "en").starts()
        phone.waits_for("Welcome")
        for line, answer in zip(
            IDEA, ("What would", "What is your idea", "Where", "Is everything right"), strict=False
        ):
            phone.types(line)
            phone.waits_for(answer)
        phone.types("change picture")
        phone.waits_for("Would you like to add a picture")
        yield phone
        phone.sends_photo(picture(50))
        phone.waits_for("one picture")
    assert telegram.defects == []


def test_the_update_says_how_large_it_is(anna: Phone, telegram: Telegram) -> None:
    anna.sends_document("large.jpg", picture(50), "image/jpeg", size=TOO_LARGE_BYTES)
    anna.waits_for("too large")

    assert telegram.calls.count("getFile") == 0


def test_telegram_says_that_it_is_too_large(anna: Phone, telegram: Telegram) -> None:
    telegram.faults.next("getFile", Fault.bad_request("file is too big"))
    anna.sends_photo(picture(50))
    anna.waits_for("too large")

    assert telegram.calls.count("getFile") == 1
