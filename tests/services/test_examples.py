"""The example that ships: true to the press release, and always ahead."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Event, LocalText, PlaceKind
from bot.i18n import LANGUAGES
from bot.services.eventfiles.toml import read
from bot.services.examples import as_published, example

BERLIN = ZoneInfo("Europe/Berlin")
PUBLISHED = datetime(2020, 8, 3, 10, tzinfo=UTC)


def events(text: str) -> tuple[Event, Event]:
    kick_off, conference = read(text.encode(), "example.toml")
    return kick_off, conference


def wall(event: Event, instant: datetime) -> str:
    return f"{event.local(instant):%Y-%m-%d %H:%M}"


def test_the_kick_off_is_as_the_press_release_says() -> None:
    event, _ = events(as_published())

    assert event.slug == "auftakt"
    assert event.keyword == "Digitalisierung 20.08."
    assert wall(event, event.starts_at) == "2020-08-20 18:00"
    assert wall(event, event.ends_at) == "2020-08-20 20:00"
    assert event.venue
    assert event.venue.name == "DIEZE"
    assert event.venue.address == "Erinstraße 6, 44575 Castrop-Rauxel"
    assert [speaker.name for speaker in event.speakers] == ["Miguel Garcia", "Pierre Golz"]
    hall, stream = event.places
    assert hall.kind is PlaceKind.ROOM
    assert wall(event, hall.deadline) == "2020-08-18 00:00"
    assert [terms.slug for terms in hall.consents] == ["broadcast"]
    assert stream.kind is PlaceKind.STREAM
    assert not stream.registration
    assert stream.link == event.stream == "https://www.facebook.com/StadtCastropRauxel"


def test_the_video_conference_is_as_the_press_release_says() -> None:
    _, event = events(as_published())

    assert event.slug == "videokonferenz"
    assert event.keyword == "Digitalisierung 31.08."
    assert wall(event, event.starts_at) == "2020-08-31 18:00"
    assert wall(event, event.ends_at) == "2020-08-31 20:30"
    (zoom,) = event.places
    assert zoom.kind is PlaceKind.ONLINE
    assert zoom.capacity == 75
    assert wall(event, zoom.deadline) == "2020-08-26 00:00"
    assert zoom.consents == ()


def test_both_are_reached_as_the_press_release_says() -> None:
    for event in events(as_published()):
        assert event.telephone == "02305 / 106-2101"
        assert event.email == "digitalisierung@castrop-rauxel.de"


def texts(value: object) -> list[LocalText]:
    if isinstance(value, LocalText):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in texts(part)]
    if is_dataclass(value):
        return texts(tuple(getattr(value, field.name) for field in fields(value)))
    return []


def test_every_text_is_there_in_every_language() -> None:
    found = texts(events(as_published()))

    assert len(found) > 20
    assert {frozenset(text.texts) for text in found} == {frozenset(LANGUAGES)}


def test_sentences_in_leichte_sprache_are_short() -> None:
    for text in texts(events(as_published())):
        for line in text.texts["de@leicht"].splitlines():
            for sentence in line.split(". "):
                assert len(sentence.split()) <= 14, sentence


def test_before_the_deadline_the_example_is_the_published_one() -> None:
    assert example(PUBLISHED) == as_published()


@pytest.mark.slow
@given(st.datetimes(datetime(2020, 8, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_the_example_lies_ahead_on_the_same_weekdays_and_at_the_same_hours(local: datetime) -> None:
    now = local.replace(tzinfo=UTC)
    for event, published in zip(events(example(now)), events(as_published()), strict=True):
        start, before = event.local(event.starts_at), published.local(published.starts_at)

        assert now < min(place.deadline for place in event.places) <= event.ends_at
        assert (start.weekday(), start.time()) == (before.weekday(), before.time())
        assert event.keyword == f"Digitalisierung {start:%d.%m.}"
        assert event.title == published.title


@pytest.mark.slow
@given(st.datetimes(datetime(2021, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_the_first_deadline_is_at_most_a_week_and_a_day_away(local: datetime) -> None:
    now = local.replace(tzinfo=UTC)

    kick_off, _ = events(example(now))

    assert kick_off.places[0].deadline - now <= timedelta(days=8, hours=1)
