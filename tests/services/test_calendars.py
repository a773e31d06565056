"""The calendar file of a registration, read with the library that calendar programs could use."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.domain.events import Event, PlaceId
from bot.domain.people import HERE
from bot.domain.seats import Registration, RegistrationId, RegistrationState
from bot.services.calendars import calendar
from tests.sample import EVENT, NOW, ROOM, START, STREAM, text

HALL, HOME = replace(ROOM, id=PlaceId(1)), replace(STREAM, id=PlaceId(2))
KICK_OFF = replace(EVENT, revision=1, places=(HALL, HOME))
ANNA = Registration(
    id=RegistrationId(7),
    event=KICK_OFF.id,
    place=HALL.id,
    arrival_number=3,
    arrived_at=NOW,
    state=RegistrationState.CONFIRMED,
    name="Änne Müller",
    contact=HERE,
    organisation="",
    needs="Rollstuhl",
)


def entry(
    registration: Registration = ANNA, event: Event = KICK_OFF, language: str = "de"
) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(calendar(registration, event, language, NOW)).events
    return found


def test_it_says_what_when_and_where() -> None:
    found = entry()

    assert found["summary"] == "Auftakt"
    assert found.decoded("dtstart") == START
    assert found.decoded("dtend") == START + timedelta(hours=2)
    assert found["dtstart"].params["TZID"] == "Europe/Berlin"
    assert found.decoded("dtstart").replace(tzinfo=None).hour == 18
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


def test_it_describes_its_time_zone_so_that_every_program_shows_the_same_hour() -> None:
    for start in (START, START + timedelta(days=120)):
        event = replace(KICK_OFF, starts_at=start, ends_at=start + timedelta(hours=1))
        file = icalendar.Calendar.from_ical(calendar(ANNA, event, "de", NOW))

        (zone,) = file.timezones
        offset = start.astimezone(ZoneInfo("Europe/Berlin")).utcoffset()
        assert start.astimezone(zone.to_tz(lookup_tzid=False)).utcoffset() == offset


def test_it_is_a_publication_of_version_2() -> None:
    file = icalendar.Calendar.from_ical(calendar(ANNA, KICK_OFF, "de", NOW))

    assert file["version"] == "2.0"
    assert file["method"] == "PUBLISH"
    assert file["prodid"]


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    content = calendar(ANNA, replace(KICK_OFF, summary=text("Größe; \\ a,b\n" * 40)), "de", NOW)

    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    tricky = entry(event=replace(KICK_OFF, summary=text("a; \\ b,\nc")))
    assert str(tricky["description"]).startswith("a; \\ b,\nc")


def test_each_registration_is_one_entry_that_later_files_replace() -> None:
    moved = replace(KICK_OFF, revision=2, starts_at=START + timedelta(minutes=30))
    cancelled = replace(ANNA, state=RegistrationState.CANCELLED, sequence=1)
    files = [entry(), entry(event=moved), entry(cancelled, moved)]

    assert {file["uid"] for file in files} == {"registration-7@stadtdialog"}
    assert entry(replace(ANNA, id=RegistrationId(8)))["uid"] == "registration-8@stadtdialog"
    sequences = [int(str(file["sequence"])) for file in files]
    assert sequences == sorted(set(sequences))
    assert files[1].decoded("dtstart") == START + timedelta(minutes=30)


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


def test_a_cancelled_event_cancels_every_entry() -> None:
    assert entry(event=replace(KICK_OFF, cancelled=True))["status"] == "CANCELLED"


def test_who_is_not_in_the_room_is_not_sent_there() -> None:
    found = entry(replace(ANNA, place=HOME.id))

    assert found["location"] == "Livestream"
    assert found["url"] == STREAM.link


def test_an_event_without_details_has_no_empty_lines() -> None:
    bare = replace(KICK_OFF, venue=None, email="", telephone="", stream="", places=())
    found = entry(event=bare)

    assert {"location", "url", "organizer", "contact"}.isdisjoint(
        name.lower()
        for name in found.keys()  # noqa: SIM118 (an Event is not its names)
    )


def test_it_holds_nothing_personal() -> None:
    content = calendar(ANNA, KICK_OFF, "de", NOW).decode()

    assert "Müller" not in content
    assert "Rollstuhl" not in content


def test_everybody_after_the_first_costs_next_to_nothing() -> None:
    calendar(ANNA, KICK_OFF, "de", NOW)
    start = perf_counter()
    for number in range(500):
        calendar(replace(ANNA, id=RegistrationId(number)), KICK_OFF, "de", NOW)

    assert (perf_counter() - start) / 500 < 0.001
