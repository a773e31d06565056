"""Every key of the event file does something: whoever changes it sees or hears it somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.channels.attachments import enclosed
from bot.dialogue.messages import Tapped
from bot.services.attachments import Calendar
from bot.services.eventfiles.models import File
from bot.services.privacy import as_json
from bot.store import conversations
from bot.store.database import Transaction
from bot.store.outbox import Letter
from tests.answering import Registering
from tests.town import Citizen, Town, spoken

FAIR = """
[[event]]
slug = "fest"
keyword = "Stadtfest"
title.de = "Ein Fest"
summary.de = "Worum es geht"
zone = "Europe/Berlin"
start = 2020-08-20T18:00:00
end = 2020-08-20T20:00:00
stream = "https://www.example.org/live"
telephone = "02305 / 106-2101"
email = "fest@example.org"
cost.de = "Der Eintritt ist frei"
pillars = ["city", "administration"]
fill_from_hours = 24
cancelled = false

[event.venue]
name = "Saalbau"
address = "Am Markt 1"
latitude = 51.5
longitude = 7.3

[[event.programme]]
de = "Begrüßung"

[[event.speaker]]
name = "Ida Beispiel"
role.de = "Gastgeberin"
topic.de = "Feste"

[[event.place]]
slug = "saal"
kind = "room"
title.de = "Im Saal"
note.de = "Eingang hinten"
link = "https://www.example.org/saal"
capacity = 3
register_until = 2020-08-17
registration = true

[[event.place.consent]]
slug = "film"
version = "1"
title.de = "Einwilligung"
wording.de = "Ich bin zu sehen."
link = "https://www.example.org/wortlaut"
guardian.de = "Mein Kind ist zu sehen."

[[event.place]]
slug = "stream"
kind = "stream"
title.de = "Zu Hause"
registration = false
"""

CHANGES = {
    "event.slug": ('slug = "fest"', 'slug = "feier"'),
    "event.keyword": ('"Stadtfest"', '"Stadtfeier"'),
    "event.title": ('"Ein Fest"', '"Eine Feier"'),
    "event.summary": ("Worum es geht", "Was es gibt"),
    "event.zone": ("Europe/Berlin", "Europe/London"),
    "event.start": ("T18:00:00", "T17:00:00"),
    "event.end": ("T20:00:00", "T21:00:00"),
    "event.stream": ("org/live", "org/jetzt"),
    "event.telephone": ("106-2101", "106-2102"),
    "event.email": ("fest@", "feier@"),
    "event.cost": ("Der Eintritt ist frei", "5 Euro"),
    "event.pillars": ('["city", "administration"]', '["city"]'),
    "event.fill_from_hours": ("fill_from_hours = 24", "fill_from_hours = 48"),
    "event.cancelled": ("cancelled = false", "cancelled = true"),
    "event.venue.name": ("Saalbau", "Stadthalle"),
    "event.venue.address": ("Am Markt 1", "Am Markt 2"),
    "event.venue.latitude": ("51.5", "51.6"),
    "event.venue.longitude": ("7.3", "7.4"),
    "event.programme": ("Begrüßung", "Musik"),
    "event.speaker.name": ("Ida Beispiel", "Eva Beispiel"),
    "event.speaker.role": ("Gastgeberin", "Gast"),
    "event.speaker.topic": ('"Feste"', '"Feiern"'),
    "event.place.slug": ('slug = "saal"', 'slug = "halle"'),
    "event.place.kind": ('kind = "room"', 'kind = "online"'),
    "event.place.title": ("Im Saal", "In der Halle"),
    "event.place.note": ("Eingang hinten", "Eingang vorn"),
    "event.place.link": ("org/saal", "org/halle"),
    "event.place.capacity": ("capacity = 3", "capacity = 9"),
    "event.place.register_until": ("2020-08-17", "2020-08-16"),
    "event.place.registration": ("registration = false", "registration = true"),
    "event.place.consent.slug": ('slug = "film"', 'slug = "bild"'),
    "event.place.consent.version": ('version = "1"', 'version = "2"'),
    "event.place.consent.title": ('"Einwilligung"', '"Zustimmung"'),
    "event.place.consent.wording": ("Ich bin zu sehen.", "Man sieht mich."),
    "event.place.consent.link": ("org/wortlaut", "org/text"),
    "event.place.consent.guardian": ("Mein Kind ist", "Das Kind ist"),
}


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Name every key of a table, and those of the tables in it instead of the tables."""
    for name, field in model.model_fields.items():
        tables = [each for each in _inside(field.annotation) if issubclass(each, BaseModel)]
        path = f"{above}{name}"
        if tables:
            yield from keys(tables[0], f"{path}.")
        else:
            yield path


def _inside(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def test_no_key_is_forgotten_here() -> None:
    assert sorted(CHANGES) == sorted(keys(File))


def played(text: str, url: str) -> str:
    """Let two families do everything that one can do, and give all that they read."""
    town = Town.founded(url, text)
    anna, bert = town.citizen("anna", "de"), town.citizen("bert", "de")
    anna.says("Stadtfest", "/abbrechen", "/events fest")
    for way in ("more", "map", "calendar"):
        if (button := _button(anna, way)) is not None:
            anna.sends(Tapped(button))
    for citizen in (anna, bert):
        citizen.says("/register fest")
        if citizen.asked not in {None, "event", "next"}:  # there is something to register for
            citizen.goes_on(Registering(children=["Emil Beispiel"]))
    anna.says("idea-fest", "Mehr Bänke im Park, bitte.", "1")
    with town.database.transaction() as tx:
        files = [repr(each) for letter in town.letters for each in _enclosed(tx, letter, town)]
        known = conversations.lock(tx, [("terminal", "anna")], town.now)
        data = as_json(tx, known["terminal", "anna"].person)
    town.database.close()
    read = "\n".join([spoken(town.letters), *files, data.decode()])
    return re.sub(r"\b[0-9a-f]{10}\b", "", read)  # the id of a run: no two are alike


def _button(citizen: Citizen, way: str) -> str | None:
    choices = citizen.town.letters[-1].payload.get("choices", ())
    return next((button for _label, button in choices if button.endswith(f":{way}")), None)


def _enclosed(tx: Transaction, letter: Letter, town: Town) -> Iterator[object]:
    for each in enclosed(tx, letter, town.now):
        yield each
        if isinstance(each, Calendar):  # its UID is another one in each town
            yield re.sub(rb"UID:.*", b"", each.content)


@pytest.fixture(scope="module")
def as_it_was(tmp_path_factory: pytest.TempPathFactory) -> str:
    return played(FAIR, f"sqlite:///{tmp_path_factory.mktemp('fair') / 'fair.sqlite'}")


def test_without_a_change_everybody_reads_the_same(sqlite_url: str, as_it_was: str) -> None:
    assert played(FAIR, sqlite_url) == as_it_was


@pytest.mark.slow
@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_key_is_seen_by_those_who_read(key: str, sqlite_url: str, as_it_was: str) -> None:
    before, after = CHANGES[key]
    assert before in FAIR

    assert played(FAIR.replace(before, after), sqlite_url) != as_it_was
