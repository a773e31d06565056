"""Event files: what they say becomes events, and what is wrong with them is said all at once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.domain.events import Event, LocalText, PlaceKind, Venue
from bot.flows.events import EVENTS
from bot.flows.idea import IDEA
from bot.services.eventfiles.models import File
from bot.services.eventfiles.problems import EventFileError, Problem
from bot.services.eventfiles.toml import read
from bot.services.examples import as_published

HANDBOOK = Path(__file__).parents[3] / "docs" / "event-file.md"

HEAD = """[[event]]
slug = "one"
keyword = "Treff"
title.de = "Eins"
summary.de = "Worum es geht"
"""
TIMES = """start = 2020-08-20T18:00:00
end = 2020-08-20T20:00:00
"""
PLACE = """[[event.place]]
slug = "hall"
kind = "room"
title.de = "Saal"
"""
CONSENT = """[[event.place.consent]]
slug = "broadcast"
version = "1"
title.de = "Übertragung"
wording.de = "Ich bin zu sehen."
"""
SMALL = HEAD + TIMES + PLACE


def one(text: str) -> Event:
    (event,) = read(text.encode(), "events.toml")
    return event


def problems(text: str) -> list[Problem]:
    with pytest.raises(EventFileError) as refused:
        read(text.encode(), "events.toml")
    return refused.value.problems


def only(text: str) -> Problem:
    (problem,) = problems(text)
    return problem


def test_wall_times_become_instants() -> None:
    event = one(SMALL)

    assert event.starts_at == datetime(2020, 8, 20, 16, tzinfo=UTC)
    assert event.ends_at == datetime(2020, 8, 20, 18, tzinfo=UTC)
    assert event.starts_at.utcoffset() == timedelta(0)


def test_another_zone_has_another_wall_time() -> None:
    event = one(HEAD + 'zone = "Europe/Lisbon"\n' + TIMES + PLACE)

    assert event.starts_at == datetime(2020, 8, 20, 17, tzinfo=UTC)
    assert event.zone.key == "Europe/Lisbon"


def test_the_order_of_zone_and_times_makes_no_difference() -> None:
    assert one(HEAD + TIMES + 'zone = "Europe/Lisbon"\n' + PLACE).starts_at.hour == 17


def test_a_zone_belongs_to_one_event() -> None:
    second = SMALL.replace('"one"', '"two"').replace('"Treff"', '"Fest"')
    lisbon = HEAD + 'zone = "Europe/Lisbon"\n' + TIMES + PLACE

    hours = [event.starts_at.hour for event in read((lisbon + second).encode(), "events.toml")]

    assert hours == [17, 16]


def test_a_last_day_of_registration_belongs_to_it_as_a_whole() -> None:
    place = one(SMALL + "register_until = 2020-08-17\n").places[0]

    assert place.deadline == datetime(2020, 8, 17, 22, tzinfo=UTC)


def test_the_last_day_before_winter_time_has_25_hours() -> None:
    late = SMALL.replace("2020-08-20", "2020-10-30") + "register_until = 2020-10-25\n"

    assert one(late).places[0].deadline == datetime(2020, 10, 25, 23, tzinfo=UTC)


def test_registration_can_end_at_a_wall_time() -> None:
    place = one(SMALL + "register_until = 2020-08-17T12:00:00\n").places[0]

    assert place.deadline == datetime(2020, 8, 17, 10, tzinfo=UTC)


def test_without_a_deadline_registration_ends_with_the_start() -> None:
    event = one(SMALL)

    assert event.places[0].deadline == event.starts_at


def test_what_needs_no_registration_is_open_to_the_end() -> None:
    event = one(SMALL + "registration = false\n")

    assert event.places[0].deadline == event.ends_at
    assert not event.places[0].registration


def test_texts_lose_the_line_breaks_around_them() -> None:
    event = one(SMALL.replace('"Worum es geht"', '"""\nErstens.\nZweitens.\n"""'))

    assert event.summary == LocalText({"de": "Erstens.\nZweitens."})


def test_everything_that_can_be_said_arrives() -> None:
    event = one(
        HEAD
        + TIMES
        + """stream = "https://example.org/live"
telephone = "02305 / 106-2101"
email = "dialog@example.org"
cost.de = "kostenlos"
pillars = ["city"]
fill_from_hours = 1.5
cancelled = true
[event.venue]
name = "DIEZE"
address = "Erinstraße 6"
latitude = 51
longitude = 7.25
[[event.programme]]
de = "Begrüßung"
[[event.speaker]]
name = "Anna"
role.de = "Rednerin"
topic.de = "Etwas"
"""
        + PLACE
        + 'capacity = 0\nlink = "https://example.org"\nnote."de@leicht" = "Kurz"\n'
        + CONSENT
        + 'link = "https://example.org/privacy"\n'
    )

    assert event.stream == "https://example.org/live"
    assert event.telephone == "02305 / 106-2101"
    assert event.email == "dialog@example.org"
    assert event.cost == LocalText({"de": "kostenlos"})
    assert event.pillars == ("city",)
    assert event.fill_from == timedelta(minutes=90)
    assert event.cancelled
    assert event.venue == Venue("DIEZE", "Erinstraße 6", 51, 7.25)
    assert event.programme == (LocalText({"de": "Begrüßung"}),)
    assert event.speakers[0].topic == LocalText({"de": "Etwas"})
    (place,) = event.places
    assert place.kind is PlaceKind.ROOM
    assert place.capacity == 0
    assert place.link == "https://example.org"
    assert place.note == LocalText({"de@leicht": "Kurz"})
    (terms,) = place.consents
    assert (terms.slug, terms.version) == ("broadcast", "1")
    assert terms.wording == LocalText({"de": "Ich bin zu sehen."})
    assert terms.link == "https://example.org/privacy"


FAULTS = {
    "unknown key": (SMALL + "capacty = 3\n", 12, "event.place.capacty", "unknown", "capacity"),
    "unknown table": (SMALL + "[event.plan]\n", 12, "event.plan", "unknown", "place"),
    "unknown top level": ("x = 1\n" + SMALL, 1, "x", "unknown", "event"),
    "unknown language": (SMALL + 'title.fr = "x"\n', 12, "event.place.title.fr", "language", "de"),
    "plain text": (
        SMALL.replace('title.de = "Eins"', 'title = "Eins"'),
        4,
        "event.title",
        "Eins",
        "title.de",
    ),
    "empty text": (SMALL.replace('"Eins"', '" "'), 4, "event.title.de", "empty", "title.de"),
    "long text": (SMALL.replace("Eins", "x" * 3001), 4, "event.title.de", "3001", "3000"),
    "control character": (
        SMALL.replace("Eins", r"a\u0000b"),
        4,
        "event.title.de",
        "control",
        "texts",
    ),
    "no text": (SMALL + "[event.cost]\n", 12, "event.cost", "empty", "cost.de"),
    "bad slug": (SMALL.replace('"one"', '"One!"'), 2, "event.slug", "One!", "a-z"),
    "long slug": (SMALL.replace('"one"', f'"{"a" * 33}"'), 2, "event.slug", "aaa", "32"),
    "slug like an option": (SMALL.replace('"one"', '"-a"'), 2, "event.slug", "-a", "a-z"),
    "slug with a line break": (SMALL.replace('"one"', r'"a\nb"'), 2, "event.slug", "a b", "a-z"),
    "slug twice": (SMALL + PLACE, 13, "event.place.slug", "another place", "once"),
    "unknown zone": (HEAD + 'zone = "Mars"\n' + TIMES + PLACE, 6, "event.zone", "Mars", "Berlin"),
    "offset": (
        SMALL.replace("T20:00:00", "T20:00:00+02:00"),
        7,
        "event.end",
        "+02:00",
        "without an offset",
    ),
    "day as start": (SMALL.replace("T18:00:00", ""), 6, "event.start", "2020-08-20", "T18:00"),
    "text as start": (
        SMALL.replace("2020-08-20T18:00:00", '"18 Uhr"'),
        6,
        "event.start",
        "18 Uhr",
        "T18:00",
    ),
    "year 1": (SMALL.replace("2020-08-20T18", "0001-01-01T00"), 6, "event.start", "0001", "T18"),
    "year 9999": (
        SMALL + "register_until = 9999-12-31\n",
        12,
        "event.place.register_until",
        "9999",
        "2020",
    ),
    "time that does not exist": (
        SMALL.replace("2020-08-20T18:00:00", "2020-03-29T02:30:00"),
        6,
        "event.start",
        "does not exist",
        "clock",
    ),
    "time that comes twice": (
        SMALL.replace("2020-08-20T18:00:00", "2019-10-27T02:00:00"),
        6,
        "event.start",
        "twice",
        "clock",
    ),
    "end at the start": (
        SMALL.replace("T20:00:00", "T18:00:00"),
        7,
        "event.end",
        "not after the start",
        "after",
    ),
    "deadline after the start": (
        SMALL + "register_until = 2020-08-20T18:00:01\n",
        12,
        "event.place.register_until",
        "after the start",
        "not after",
    ),
    "deadline on the day of the event": (
        SMALL + "register_until = 2020-08-20\n",
        12,
        "event.place.register_until",
        "after the start",
        "not after",
    ),
    "deadline as text": (
        SMALL + 'register_until = "17.08."\n',
        12,
        "event.place.register_until",
        "17.08.",
        "2020-08-17",
    ),
    "capacity below zero": (SMALL + "capacity = -1\n", 12, "event.place.capacity", "-1", "0"),
    "capacity as text": (SMALL + 'capacity = "3"\n', 12, "event.place.capacity", "3", "number"),
    "capacity in halves": (SMALL + "capacity = 1.5\n", 12, "event.place.capacity", "1.5", "number"),
    "capacity as a truth": (SMALL + "capacity = true\n", 12, "event.place.capacity", "true", "0"),
    "unknown kind": (SMALL.replace('"room"', '"hall"'), 10, "event.place.kind", "hall", "online"),
    "no place": (HEAD + TIMES, 1, "event.place", "missing", "[[event.place]]"),
    "no event": ("# nothing\n", 1, "event", "missing", "[[event]]"),
    "one event instead of a list": (
        SMALL.replace("[[event]]", "[event]"),
        1,
        "event",
        "a table",
        "[[event]]",
    ),
    "registration for nobody": (
        SMALL + "capacity = 3\nregistration = false\n",
        13,
        "event.place.registration",
        "capacity",
        "without capacity",
    ),
    "truth in quotes": (
        SMALL + 'registration = "no"\n',
        12,
        "event.place.registration",
        "no",
        "false",
    ),
    "reserved consent": (
        SMALL + CONSENT.replace("broadcast", "needs"),
        13,
        "event.place.consent.slug",
        "uses itself",
        "another",
    ),
    "consent twice": (SMALL + CONSENT + CONSENT, 12, "event.place.consent", "more than once", "on"),
    "consent without German": (
        SMALL + CONSENT.replace("wording.de", "wording.en"),
        16,
        "event.place.consent.wording",
        "no German",
        "wording.de",
    ),
    "version as number": (
        SMALL + CONSENT.replace('"1"', "1"),
        14,
        "event.place.consent.version",
        "1",
        "quotes",
    ),
    "two wordings of one version": (
        SMALL
        + CONSENT
        + PLACE.replace("hall", "other")
        + CONSENT.replace("Ich bin", "Ich bin überall"),
        21,
        "event.place.consent",
        "otherwise",
        "version",
    ),
    "half a position": (
        SMALL + '[event.venue]\nname = "A"\naddress = "B"\nlatitude = 3\n',
        12,
        "event.venue",
        "only one",
        "both",
    ),
    "position off the earth": (
        SMALL + '[event.venue]\nname = "A"\naddress = "B"\nlatitude = 91\nlongitude = 1\n',
        15,
        "event.venue.latitude",
        "91",
        "degrees",
    ),
    "link without a scheme": (
        SMALL + 'link = "www.example.org"\n',
        12,
        "event.place.link",
        "www",
        "https://",
    ),
    "link that runs code": (
        SMALL + 'link = "javascript:alert(1)"\n',
        12,
        "event.place.link",
        "javascript",
        "https://",
    ),
    "link with another scheme": (
        SMALL + 'link = "javascript://example.org/%0aalert(1)"\n',
        12,
        "event.place.link",
        "javascript",
        "https://",
    ),
    "broken link": (SMALL + 'link = "http://[a"\n', 12, "event.place.link", "http", "https://"),
    "bad telephone": (HEAD + 'telephone = "123"\n' + TIMES + PLACE, 6, "event.telephone", "1", "0"),
    "bad email": (HEAD + 'email = "a@b@c"\n' + TIMES + PLACE, 6, "event.email", "a@b@c", "name@"),
    "unknown pillar": (HEAD + 'pillars = ["x"]\n' + TIMES + PLACE, 6, "event.pillars", "x", "city"),
    "hours below zero": (
        HEAD + "fill_from_hours = -1\n" + TIMES + PLACE,
        6,
        "event.fill_from_hours",
        "-1",
        "720",
    ),
    "speaker without a role": (
        SMALL + '[[event.speaker]]\nname = "A"\n',
        12,
        "event.speaker.role",
        "missing",
        "role.de",
    ),
    "syntax": ("[[event]]\nslug: one\n", 2, "", "'='", "TOML"),
    "syntax at the end": ("[[event]]\nslug = '''one\n", 3, "", "'''", "TOML"),
    "key twice": ("[[event]]\nslug = 'a'\nslug = 'b'\n", 3, "", "overwrite", "TOML"),
    "time without seconds": ("start = 2020-08-20T18:00\n", 1, "", "seconds", "18:00:00"),
    "day that does not exist": ("start = 2020-02-30\n", 1, "", "Invalid date", "TOML"),
}


@pytest.mark.parametrize(("text", "line", "key", "what", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line_its_key_and_what_is_expected(
    text: str, line: int, key: str, what: str, expected: str
) -> None:
    problem = only(text)

    assert (problem.line, problem.key) == (line, key)
    assert what in problem.what
    assert expected in problem.expected


@pytest.mark.parametrize("entry", [EVENTS.entry, IDEA.entry])
def test_the_longest_slug_fits_into_a_link_to_the_chat(entry: str) -> None:
    longest = one(SMALL.replace('"one"', f'"{"a-0" * 10}zz"')).slug

    assert only(SMALL.replace('"one"', f'"{longest}z"')).expected.endswith("at most 32 characters")
    # https://core.telegram.org/bots/features#deep-linking
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", f"{entry}-{longest}")


def test_keywords_that_differ_only_in_capitals_are_the_same() -> None:
    second = SMALL.replace('"one"', '"two"').replace('"Treff"', '"TREFF"')

    assert only(SMALL + second).key == "event.keyword"


@pytest.mark.parametrize(
    "keyword",
    ["Ja", "nein, danke", "1", "12.", "Hilfe", "Abbrechen", "zurück", "/start", "!x", "idee"],
)
def test_a_keyword_that_means_something_else_is_refused(keyword: str) -> None:
    with pytest.raises(EventFileError) as refused:
        read(SMALL.replace('"Treff"', f'"{keyword}"').encode(), "events.toml", commands={"idee"})

    (problem,) = refused.value.problems
    assert problem.key == "event.keyword"
    assert "Klimadialog" in problem.expected


@pytest.mark.parametrize("keyword", ["Klimadialog", "Digitalisierung 20.08.", "Jazz im Park"])
def test_any_other_keyword_is_taken(keyword: str) -> None:
    assert one(SMALL.replace('"Treff"', f'"{keyword}"')).keyword == keyword


def test_the_keyword_of_an_event_that_is_over_is_free_again() -> None:
    later = SMALL.replace('"one"', '"two"').replace("2020-", "2021-")
    text = (SMALL + later).encode()

    assert len(read(text, "events.toml", datetime(2020, 12, 1, tzinfo=UTC))) == 2
    with pytest.raises(EventFileError, match=r"event\.keyword"):
        read(text, "events.toml", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "written",
    [
        "20.08.2020 18:00",
        "20.8.2020, 18 Uhr",
        "20. August 2020, 18:00 Uhr",
        "Donnerstag, 20. Aug. 2020 um 18.00 Uhr",
        "2020-08-20 18:00",
    ],
)
def test_a_german_date_in_quotes_is_understood(written: str) -> None:
    event = one(SMALL.replace("2020-08-20T18:00:00", f'"{written}"'))

    assert event.starts_at == datetime(2020, 8, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("written", ["17.08.2020", "17. August 2020", "2020-08-17"])
def test_a_german_day_in_quotes_is_understood(written: str) -> None:
    event = one(SMALL + f'register_until = "{written}"\n')

    assert event.places[0].deadline == datetime(2020, 8, 17, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("start = 20.08.2020 18:00", "start = 2020-08-20T18:00:00"),
        ("start = 20. August 2020, 18 Uhr", "start = 2020-08-20T18:00:00"),
        ("start = 2020-8-20", "start = 2020-08-20"),
        ('start = "20.08.2020"', "start = 2020-08-20T18:00:00"),
        ('start = "31.02.2020 18:00"', "such as start = 2020-08-20T18:00:00"),
        ('start = "heute"', "such as start = 2020-08-20T18:00:00"),
        ("stream = https://example.org", 'stream = "https://example.org"'),
        ("telephone = „02305 106“", 'telephone = "02305 106"'),
        ('telephone = "02305 106', 'telephone = "02305 106"'),
        ("telephone =", "a value"),
        ("cancelled = ja", "true or false"),
        ("cancelled = True", "true or false"),
        ("fill_from_hours = 1,5", "fill_from_hours = 1.5"),
        ("fill_from_hours = 1e999", "from 0 to 720"),
        ("fill_from_hours = nan", "from 0 to 720"),
        ("fill_from_hours = -1", "from 0 to 720"),
        ("fill_from_hours = " + "9" * 5000, "TOML"),
        ("venue = " + "[" * 5000, "TOML"),
        ("venue" + ".x" * 100_000 + " = 1", "TOML"),
        ("[venue" + ".x" * 100_000 + "]", "TOML"),
        ("venue = " + "{a=" * 5000, "TOML"),
        ("venue = " + "[" * 300 + "]" * 300, "a table with [event.venue] above it"),
        ("titel = 1", "title"),
    ],
)
def test_a_slip_is_named_with_its_line_and_what_to_write_instead(line: str, instead: str) -> None:
    kept = [each for each in SMALL.splitlines() if not each.startswith(line.partition(" ")[0])]
    number = 1 + next(at for at, each in enumerate(kept) if each.startswith("slug"))

    problem = problems("\n".join([*kept[:number], line, *kept[number:]]) + "\n")[0]

    assert problem.line == number + 1
    assert instead in problem.expected


def test_a_stream_has_no_seats() -> None:
    text = SMALL.replace('kind = "room"', 'kind = "stream"') + "capacity = 12\n"

    assert only(text).key == "event.place.capacity"


def test_all_faults_are_named_at_once_in_the_order_of_the_file() -> None:
    text = (
        SMALL.replace('"one"', '"ONE"').replace("T20", "T17")
        + "capacity = -1\nwrong = 1\nregister_until = 2021-01-01\n"
        + PLACE
        + CONSENT.replace("wording.de", "wording.en")
        + SMALL
    )

    found = problems(text)

    assert [(problem.line, problem.key) for problem in found] == [
        (2, "event.slug"),
        (7, "event.end"),
        (12, "event.place.capacity"),
        (13, "event.place.wrong"),
        (14, "event.place.register_until"),
        (16, "event.place.slug"),
        (23, "event.place.consent.wording"),
        (26, "event.keyword"),
    ]


def test_the_message_names_the_file_and_the_line() -> None:
    with pytest.raises(EventFileError) as refused:
        read((SMALL + "capacity = -1\n").encode(), "august.toml")

    assert str(refused.value) == (
        "august.toml:12: event.place.capacity is -1. "
        "Expected: the number of seats, from 0; left out, nobody is turned away."
    )


def test_the_same_place_may_be_at_two_events() -> None:
    second = SMALL.replace('"one"', '"two"').replace('"Treff"', '"Fest"')

    assert len(read((SMALL + second).encode(), "events.toml")) == 2


def test_the_same_consent_may_be_at_two_places() -> None:
    event = one(SMALL + CONSENT + PLACE.replace("hall", "other") + CONSENT)

    assert event.places[0].consents == event.places[1].consents


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(EventFileError, match=r"^a\.toml:2: The file is not encoded in UTF-8"):
        read("# ok\ntitle = 'ä'".encode("latin-1"), "a.toml")


def test_a_byte_order_mark_and_line_ends_of_windows_do_no_harm() -> None:
    (event,) = read(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode(), "a.toml")

    assert event == one(SMALL)


@given(st.data())
def test_no_damage_to_a_file_is_more_than_a_refusal(data: st.DataObject) -> None:
    content = as_published().encode()
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 200))
    put = data.draw(
        st.sampled_from([b"", b"[", b'"', b"= 1", b"\n[[event]]\n", b"2020-08-20", b"\xff"])
    )

    found: list[Problem] = []
    try:
        read(content[:start] + put + content[start + length :], "damaged.toml")
    except EventFileError as error:
        found = error.problems

    assert all(problem.line >= 1 and problem.what and problem.expected for problem in found)


def tables(model: type[BaseModel]) -> list[type[BaseModel]]:
    found = [model]
    for field in model.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                found += tables(part)
    return found


@pytest.mark.parametrize("model", tables(File)[1:], ids=lambda model: model.__name__)
def test_the_handbook_explains_each_key_of_a_table(model: type[BaseModel]) -> None:
    header = re.match(r"\[+[a-z.]+\]+", model.__doc__ or "")
    assert header
    section = HANDBOOK.read_text(encoding="utf-8").split(f"## `{header[0]}`")[1].split("\n## ")[0]

    documented = re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)

    assert documented == list(model.model_fields)
