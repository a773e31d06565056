"""Pictures, dates, places and data: what goes with messages, both ways."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot.channels import downloads
from bot.services.examples import as_published
from bot.store.database import Database
from bot.store.tables import pictures
from tests.channels.matrix.serving import TO_PICTURE, TO_RECEIPT, Place, walks
from tests.matrix import Citizen, contents
from tests.matrix.screens import Shown

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]

TAKEN = "one picture"
ADDRESS = "Erinstraße 6, 44575 Castrop-Rauxel"
LONG = "😀" * 2_200


@pytest.fixture(scope="module")
def events() -> str:
    """Put the first event on the map, and tell a long story about it."""
    position = f'"{ADDRESS}"\nlatitude = 51.5519\nlongitude = 7.3117'
    story = "To open the dialogue, Miguel Garcia"
    published = as_published().replace(f'"{ADDRESS}"', position, 1)
    assert story in published
    return published.replace(story, f"{LONG} {story}")


def picture(kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.new("RGB", (400, 200), "red").save(file, kind)
    return file.getvalue()


def kept(database: Database) -> list[bytes]:
    """Give the pictures that are kept."""
    with database.transaction() as tx:
        return [bytes(row.content) for row in tx.execute(select(pictures))]


def is_file(message: Shown) -> bool:
    return message.kind == "m.file"


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_photo_goes_with_an_idea(place: Place, records: Database, *, encrypted: bool) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    walks(anna, *TO_PICTURE)
    anna.sends_photo(picture(), caption="This is where I mean")
    anna.waits_for(TAKEN)
    walks(anna, ("yes", "Thank you"))

    assert Image.open(BytesIO(kept(records)[-1])).size == (400, 200)


def test_a_picture_may_come_as_a_file(anna: Citizen, records: Database) -> None:
    before = len(kept(records))
    walks(anna, *TO_PICTURE)
    anna.sends_document("a.png", picture("PNG"), "image/png")

    anna.waits_for(TAKEN)
    assert len(kept(records)) == before + 1


def test_a_picture_that_is_none_or_too_large_or_lost_is_asked_for_again(
    anna: Citizen, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(kept(records))
    walks(anna, *TO_PICTURE)
    anna.sends_photo(b"no picture at all")
    anna.waits_for("Would you like to add a picture?")
    large = contents.attachment("m.image", "a", "image/png", 25_000_000)
    anna.sends(large | {"file": _encrypted(anna, picture())})
    anna.waits_for("This picture is too large: I can take 20 MB.")
    changed = _encrypted(anna, picture()) | {"hashes": {"sha256": "A" * 43}}
    anna.sends(large | {"info": {}, "file": changed})
    anna.waits_for("Your picture has not reached me.")
    monkeypatch.setattr(downloads, "LARGEST_BYTES", 100)
    anna.sends_document("a.png", picture("PNG"), "image/png")

    anna.waits_for("This picture is too large")
    assert len(kept(records)) == before


def _encrypted(anna: Citizen, content: bytes) -> dict[str, object]:
    place = anna.client.uploaded(content, "image/png", encrypted=True)["file"]
    assert isinstance(place, dict)
    return place


@pytest.mark.parametrize("encrypted", [True, False])
def test_dates_and_data_come_as_files(place: Place, *, encrypted: bool) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    walks(anna, *TO_RECEIPT)
    date = anna.waits_for(is_file)
    walks(anna, ("!privacy", "1."))
    anna.types("what")
    data = anna.waits_for(is_file)

    assert (date.file_name, date.media_type) == ("termin-auftakt.ics", "text/calendar")
    assert date.text == "Date for your calendar"
    assert "Kick-off: Our city goes digital" in date.file.decode()
    assert ("file" in date.content, "url" in date.content) == (encrypted, not encrypted)
    assert (data.file_name, data.media_type) == ("stadtdialog-data.json", "application/json")
    assert data.text.startswith("This file is yours alone.")
    assert "Anna Adler" in json.dumps(json.loads(data.file), ensure_ascii=False)


def test_a_long_text_comes_in_parts_and_its_place_on_the_map(anna: Citizen) -> None:
    anna.types("!events")
    anna.waits_for("Which event")
    walks(anna, ("1", "More about it"), ("more", "Other events"))
    parts = [each for each in anna.messages if "😀" in each.text]
    anna.types("Map")
    shown = anna.waits_for(lambda message: message.kind == "m.location")

    assert len(parts) > 1
    assert sum(part.text.count("😀") for part in parts) == len(LONG)
    assert shown.geo_uri == "geo:51.5519,7.3117"
    assert shown.text.startswith(f"DIEZE\n{ADDRESS}")
    assert "openstreetmap.org" in shown.text
