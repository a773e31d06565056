"""The calendar file of a registration, read with the library that calendar programs could use."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from bot.domain.events import Event, EventId, PlaceId
from bot.domain.seats import RegistrationState
from bot.services.calendars import Source, calendar, date_of
from tests.sample import EVENT, NOW, ROOM, START, STREAM, text

HALL, HOME = replace(ROOM, id=PlaceId(1)), replace(STREAM, id=PlaceId(2))
KICK_OFF = replace(EVENT, revision=1, places=(HALL, HOME))
CITY = Source(0xC0FFEE, "stadt@castrop-rauxel.de")


@dataclass(frozen=True)
class Held:
    """What Anna has there."""

    place: PlaceId = HALL.id
    state: RegistrationState = RegistrationState.CONFIRMED
    sequence: int = 1


ANNA = Held()


def file(held: Held = ANNA, event: Event = KICK_OFF, language: str = "de") -> bytes:
    return calendar(held, event, language, NOW, CITY)


def by_icalendar(content: bytes) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(content).events
    return found


def by_vobject(content: bytes) -> Any:  # noqa: ANN401 (what it reads has no types)
    return vobject.readOne(content.decode()).vevent


def entry(held: Held = ANNA, event: Event = KICK_OFF, language: str = "de") -> icalendar.Event:
    return by_icalendar(file(held, event, language))


def test_it_says_what_when_and_where() -> None:
    found = entry()

    assert found["summary"] == "Auftakt"
    assert found.decoded("dtstart") == START
    assert found.decoded("dtend") == START + timedelta(hours=2)
    assert found["location"] == "DIEZE, Erinstraße 6"
    assert found["description"] == "Worum es geht\n\nSaal\n\nWenige Plätze"
    assert found["url"] == EVENT.stream
    assert found["organizer"] == f"mailto:{EVENT.email}"
    assert found["contact"] == EVENT.telephone
    assert found["status"] == "CONFIRMED"
    assert found.decoded("dtstamp") == NOW


def test_it_speaks_the_language_of_the_person() -> None:
    found = entry(language="en")

    assert found["summary"] == "Auftakt (en)"
    assert "Worum es geht (en)" in str(found["description"])


NIGHTS = [
    pytest.param("Europe/Berlin", "2020-08-21T10:00", timedelta(hours=54), id="three days"),
    pytest.param("Europe/Berlin", "2020-10-24T23:00", timedelta(hours=5), id="winter time"),
    pytest.param("Europe/Berlin", "2021-03-27T23:00", timedelta(hours=5), id="summer time"),
    pytest.param("Asia/Kathmandu", "2020-08-20T20:00", timedelta(hours=5), id="far away"),
    pytest.param("America/St_Johns", "2020-12-31T23:00", timedelta(hours=2), id="new year"),
]


@pytest.mark.parametrize(("zone", "wall", "lasting"), NIGHTS)
def test_two_independent_programs_read_the_same_hours_without_a_zone_of_ours(
    zone: str, wall: str, lasting: timedelta
) -> None:
    start = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    event = replace(KICK_OFF, zone=ZoneInfo(zone), starts_at=start, ends_at=start + lasting)
    content = file(event=event)
    one, other = by_icalendar(content), by_vobject(content)

    assert b"VTIMEZONE" not in content  # Outlook reads none with RDATE
    assert (one.decoded("dtstart"), one.decoded("dtend")) == (start, start + lasting)
    assert (other.dtstart.value, other.dtend.value) == (start, start + lasting)


def test_it_is_a_publication_of_version_2() -> None:
    found = icalendar.Calendar.from_ical(file())

    assert found["version"] == "2.0"
    assert found["method"] == "PUBLISH"
    assert found["prodid"]


TRICKY = 'Größe; \\ a,b: "Straße" 🚲\nÄÖÜäöüß '


def test_lines_are_folded_and_two_programs_read_every_letter() -> None:
    words = (TRICKY * 40).strip()
    content = file(event=replace(KICK_OFF, title=text(TRICKY.strip()), summary=text(words)))

    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is torn
    assert str(by_icalendar(content)["description"]).startswith(words)
    assert by_vobject(content).description.value.startswith(words)
    assert by_vobject(content).summary.value == TRICKY.strip()


def test_the_city_is_the_organizer_where_the_event_names_nobody() -> None:
    content = file(event=replace(KICK_OFF, email=""))

    assert by_icalendar(content)["organizer"] == "mailto:stadt@castrop-rauxel.de"
    assert by_vobject(content).organizer.value == "mailto:stadt@castrop-rauxel.de"


def test_an_evening_stands_in_a_calendar_once_and_the_latest_file_counts() -> None:
    moved = replace(KICK_OFF, revision=2, starts_at=START + timedelta(minutes=30))
    given_back = Held(state=RegistrationState.CANCELLED, sequence=2)
    files = [
        date_of(KICK_OFF, "de", NOW, CITY),
        file(),
        file(event=moved),
        file(given_back, moved),
        file(Held(sequence=3), moved),  # registered again
    ]
    entries = list(map(by_icalendar, files))

    assert len({each["uid"] for each in entries}) == 1
    sequences = [int(str(each["sequence"])) for each in entries]
    assert sequences == sorted(set(sequences))
    assert entries[2].decoded("dtstart") == START + timedelta(minutes=30)


def test_another_installation_or_event_is_another_entry() -> None:
    uid = entry()["uid"]

    assert by_icalendar(calendar(ANNA, KICK_OFF, "de", NOW, Source(1)))["uid"] != uid
    assert entry(event=replace(KICK_OFF, id=EventId(9)))["uid"] != uid


@pytest.mark.parametrize(
    ("held", "event"),
    [
        (Held(state=RegistrationState.CANCELLED), KICK_OFF),
        (Held(state=RegistrationState.MOVED), KICK_OFF),
        (ANNA, replace(KICK_OFF, cancelled=True)),
    ],
)
def test_what_is_over_is_taken_out_of_the_calendar(held: Held, event: Event) -> None:
    content = file(held, event)
    one, other = by_icalendar(content), by_vobject(content)

    assert icalendar.Calendar.from_ical(content)["method"] == "CANCEL"
    assert one["status"] == other.status.value == "CANCELLED"
    assert one["uid"] == other.uid.value == entry()["uid"]
    assert one["organizer"] == f"mailto:{event.email}"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (RegistrationState.CONFIRMED, "CONFIRMED"),
        (RegistrationState.WAITING, "TENTATIVE"),
        (RegistrationState.CANCELLED, "CANCELLED"),
        (RegistrationState.MOVED, "CANCELLED"),
    ],
)
def test_its_status_is_that_of_the_registration(state: RegistrationState, status: str) -> None:
    assert entry(replace(ANNA, state=state))["status"] == status


def test_who_is_not_in_the_room_is_not_sent_there() -> None:
    found = entry(replace(ANNA, place=HOME.id))

    assert found["location"] == "Livestream"
    assert found["url"] == STREAM.link


def test_an_event_without_details_has_no_empty_lines() -> None:
    bare = replace(KICK_OFF, venue=None, telephone="", stream="", places=())
    found = entry(event=bare)

    assert {"location", "url", "contact"}.isdisjoint(
        name.lower()
        for name in found.keys()  # noqa: SIM118 (an Event is not its names)
    )


def test_everybody_after_the_first_costs_next_to_nothing() -> None:
    file()
    start = perf_counter()
    for number in range(500):
        file(Held(sequence=number))

    assert (perf_counter() - start) / 500 < 0.001
