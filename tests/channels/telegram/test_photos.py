"""Photos from people: fetched, cleaned, kept with an idea; or the reason why not."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.channels import downloads
from bot.channels.telegram import files
from bot.channels.telegram.receiving import MOST_ATTEMPTS
from bot.intake import PICTURES
from bot.store.database import Database
from bot.store.ideas import MOST_OF_ONE_PERSON
from bot.store.tables import metadata
from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import TO_PICTURE, shows, walks
from tests.serving import Serving, wait_until
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow

TAKEN = "one picture"


def picture(kind: str = "JPEG") -> bytes:
    """Draw a picture."""
    file = BytesIO()
    Image.new("RGB", (400, 200), "red").save(file, kind)
    return file.getvalue()


def kept(database: Database) -> list[bytes]:
    """Give the pictures that are kept."""
    with database.transaction() as tx:
        return [bytes(row.content) for row in tx.execute(select(metadata.tables["pictures"]))]


def waiting(database: Database) -> int:
    """Count the messages that wait for a picture."""
    with database.transaction() as tx:
        return len(tx.execute(select(metadata.tables["postponed"])).all())


@pytest.fixture
def asked(telegram: Telegram, anna: Phone) -> Phone:
    """Let Anna be asked for a picture."""
    walks(telegram, anna, *TO_PICTURE)
    shows(anna, "Would you like to add a picture?")
    anna.reads()
    return anna


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot have less patience with files."""
    monkeypatch.setattr(downloads, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(files, "PAUSE_SECONDS", 0.02)


def test_a_photo_goes_with_an_idea(telegram: Telegram, asked: Phone, database: Database) -> None:
    asked.sends_photo(picture())
    asked.waits_for(TAKEN)
    walks(telegram, asked, "yes")

    asked.waits_for("Thank you")
    [content] = kept(database)
    assert Image.open(BytesIO(content)).size == (400, 200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_may_come_as_a_file(asked: Phone, database: Database, kind: str) -> None:
    asked.sends_document(f"a.{kind.lower()}", picture(kind), f"image/{kind.lower()}")

    asked.waits_for(TAKEN)
    assert len(kept(database)) == 1


def test_a_picture_that_is_too_large_is_not_even_fetched(telegram: Telegram, asked: Phone) -> None:
    asked.sends_document("a.png", picture("PNG"), "image/png", size=20 * 1024 * 1024 + 1)

    asked.waits_for("This picture is too large: I can take 20 MB.")
    assert telegram.calls.count("getFile") == 0


def test_a_picture_that_telegram_finds_too_large_is_too_large(
    telegram: Telegram, asked: Phone
) -> None:
    telegram.faults.next("getFile", Fault.bad_request("file is too big"))
    asked.sends_photo(picture())

    asked.waits_for("This picture is too large")


@pytest.mark.parametrize("content", [b"", b"no picture at all", picture()[:200]])
def test_a_broken_picture_is_asked_for_again(
    asked: Phone, database: Database, content: bytes
) -> None:
    asked.sends_document("a.jpg", content, "image/jpeg")

    asked.waits_for("Would you like to add a picture?")
    assert kept(database) == []


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("method", ["getFile", "file"])
def test_a_picture_that_does_not_come_in_time_is_asked_for_again(
    telegram: Telegram, asked: Phone, method: str
) -> None:
    telegram.faults.always(method, Fault.bad_gateway())
    asked.sends_photo(picture())
    asked.waits_for("Your picture has not reached me. Please send it once more.")
    telegram.faults.clear()
    asked.sends_photo(picture())

    asked.waits_for(TAKEN)


def test_a_failure_on_the_way_is_tried_again(
    telegram: Telegram, asked: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PAUSE_SECONDS", 0.02)
    telegram.faults.next("getFile", Fault.closed())
    telegram.faults.next("file", Fault.bad_gateway())
    asked.sends_photo(picture())

    asked.waits_for(TAKEN)


def test_while_a_picture_does_not_come_others_are_answered(
    telegram: Telegram, asked: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(files, "PAUSE_SECONDS", 0.05)
    telegram.faults.always("getFile", Fault.bad_gateway())
    asked.sends_photo(picture())
    telegram.waits_until(lambda: telegram.calls.count("getFile") > 1)
    bert = telegram.person("bert", "en").starts()

    bert.waits_for("Welcome")
    telegram.faults.clear()
    asked.waits_for(TAKEN)
    telegram.waits_until_read()


def test_very_many_pictures_of_one_person_hold_up_nobody_and_are_not_fetched(
    telegram: Telegram, asked: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PATIENCE_SECONDS", 60.0)
    telegram.faults.always("getFile", Fault.hangs(1))
    for _ in range(110):
        asked.sends_photo(picture())
    waits = []
    for number in range(150):  # more than Telegram gives at once
        bert = telegram.person(f"bert {number}", "en")
        before = time.monotonic()
        bert.starts().waits_for("Welcome")
        waits.append(time.monotonic() - before)
    telegram.faults.clear()
    asked.waits_for("very many pictures at once", seconds=60)

    assert sorted(waits)[len(waits) // 2] < 0.5
    assert max(waits) < 2
    assert telegram.calls.count("getFile") <= PICTURES.at_once


def test_a_picture_that_was_taken_comes_after_a_restart(
    telegram: Telegram, url: str, database: Database
) -> None:
    anna = telegram.person("anna", "en")
    with serving(telegram, url):
        walks(telegram, anna, *TO_PICTURE)
        shows(anna, "Would you like to add a picture?")
        telegram.faults.always("getFile", Fault.closed())
        anna.sends_photo(picture())
        anna.types("/help")
        telegram.waits_until_read()
    assert kept(database) == []
    telegram.faults.clear()
    with serving(telegram, url):
        anna.waits_for(TAKEN)
        anna.waits_for("This is what I can do:")

    assert len(kept(database)) == 1
    assert waiting(database) == 0


def test_a_picture_that_ends_the_program_again_and_again_is_set_aside(
    telegram: Telegram, asked: Phone, database: Database, service: Serving, url: str
) -> None:
    telegram.faults.always("getFile", Fault.closed())
    asked.sends_photo(picture())
    telegram.waits_until_read()
    service.end()
    telegram.faults.clear()
    with database.transaction() as tx:
        tx.execute(update(metadata.tables["postponed"]).values(attempts=MOST_ATTEMPTS))
    fetched = telegram.calls.count("getFile")
    with serving(telegram, url):
        asked.waits_for("Your picture has not reached me.")

    assert telegram.calls.count("getFile") == fetched
    assert waiting(database) == 0


def test_a_picture_that_nothing_asks_for_is_not_kept(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    walks(telegram, anna, "/start", "/register auftakt", "yes")
    anna.sends_photo(picture())
    telegram.waits_until_read()
    wait_until(lambda: waiting(database) == 0)

    assert kept(database) == []


def test_of_the_pictures_of_one_person_the_last_ones_are_kept(
    asked: Phone, database: Database
) -> None:
    for _ in range(MOST_OF_ONE_PERSON + 2):
        asked.sends_photo(picture())
        asked.waits_for(TAKEN)
        asked.types("change picture")
        asked.waits_for("Would you like to add a picture?")

    assert len(kept(database)) == MOST_OF_ONE_PERSON


def test_words_behind_a_picture_wait_for_it(telegram: Telegram, asked: Phone) -> None:
    telegram.faults.next("getFile", Fault.hangs(0.1))
    asked.sends_photo(picture())
    asked.types("/help")

    asked.waits_for(TAKEN)
    asked.waits_for("This is what I can do:")


def test_of_an_album_the_first_picture_counts_and_one_is_told_so_once(
    asked: Phone, database: Database, telegram: Telegram
) -> None:
    asked.sends_album([picture(), picture(), picture()])
    telegram.waits_until_read()

    shows(asked, TAKEN)
    shows(asked, "I look at one picture at a time")
    assert len(kept(database)) == 1
    assert len([each for each in asked.messages if "one picture at a time" in each.text]) == 1


def test_a_picture_that_nobody_asked_for_is_explained(anna: Phone) -> None:
    anna.starts().waits_for("Welcome")
    anna.types("/cancel")
    anna.waits_for("All right.")
    anna.sends_photo(picture())

    anna.waits_for("A picture can go with an idea.")
