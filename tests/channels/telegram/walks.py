"""Ways through the conversations that several tests walk, and what is at their ends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.services.examples import as_published
from bot.store.database import Database
from tests.telegram import Phone, Shown, Telegram
from tests.telegram.views import View
from tests.town import Town

TO_CONSENT = ("/register auftakt", "1")
TO_CONTACT = (*TO_CONSENT, "yes", "Anna Adler", "privately")
TO_RECEIPT = (*TO_CONTACT, "here", "alone", "no", "yes")
TO_PICTURE = ("/idea", "1", "Breakout rooms, please", "1", "change picture")


def walks(telegram: Telegram, phone: Phone, *texts: str) -> None:
    """Type one text after the other, each when what the one before led to is committed."""
    if (phone.bot.id, phone.id) not in phone.records.private:
        phone.starts()
    for text in texts:
        phone.types(text)
        telegram.waits_until_read()


def shows(phone: View, words: str) -> Shown:
    """Wait for a message with these words, or with such a button, whether it was read or not."""

    def found() -> list[Shown]:
        return [each for each in phone.messages if words in each.words]

    with phone.records.changed:
        assert phone.records.changed.wait_for(found, 10), f"no {words!r} in\n{phone}"
        return found()[-1]


def founded_with(directory: Path, events: str) -> Path:
    """Found a town with other events; gives the file."""
    file = directory / f"{secrets.token_hex(4)}.sqlite"
    Town.founded(f"sqlite:///{file}", events).database.close()
    return file


def many_events(count: int) -> str:
    """Write a file with so many events, whose names fit on buttons."""
    text = as_published()
    second = text[text.rindex("[[event]]") :]
    for old in (
        "Videokonferenz: Ihre Erfahrungen sind gefragt",
        "Video conference: tell us about your experiences",
        "Video-Treffen: Was haben Sie erlebt?",
    ):
        assert old in second
        second = second.replace(old, "Forum 00")
    return "\n".join(
        second.replace("Forum 00", f"Forum {number:02}")
        .replace('"videokonferenz"', f'"forum-{number}"')
        .replace('"Digitalisierung 31.08."', f'"Forum {number}"')
        for number in range(1, count + 1)
    )


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Let nobody else write into a SQLite database, so that nothing can be committed."""
    with database.transaction():
        yield
