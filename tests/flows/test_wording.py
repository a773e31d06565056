"""Days and times as they are read: whole, and with the place of the clock if it is another one."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.events import Event
from bot.flows import wording
from bot.i18n import render
from tests.sample import EVENT, ROOM


def lasting(start: str, end: str, zone: str = "Europe/Berlin") -> Event:
    there = ZoneInfo(zone)
    starts_at, ends_at = (
        datetime.fromisoformat(wall).replace(tzinfo=there) for wall in (start, end)
    )
    return replace(EVENT, zone=there, starts_at=starts_at, ends_at=ends_at)


FRIDAY = "Freitag, 21. August 2020"
SUNDAY = "Sonntag, 23. August 2020"


@pytest.mark.parametrize(
    ("start", "end", "when", "day"),
    [
        (
            "2020-08-21T10:00",
            "2020-08-21T16:00",
            f"{FRIDAY}, 10:00 Uhr bis etwa 16:00 Uhr",
            "21.08.",
        ),
        (
            "2020-08-21T10:00",
            "2020-08-23T16:00",
            f"{FRIDAY}, 10:00 Uhr, bis {SUNDAY}, etwa 16:00 Uhr",
            "21.08. bis 23.08.",
        ),
        (
            "2020-08-21T20:00",
            "2020-08-22T01:00",
            f"{FRIDAY}, 20:00 Uhr bis etwa 01:00 Uhr",
            "21.08.",
        ),
        (
            "2020-08-21T20:00",
            "2020-08-23T01:00",
            f"{FRIDAY}, 20:00 Uhr, bis {SUNDAY}, etwa 01:00 Uhr",
            "21.08. bis 23.08.",
        ),
    ],
)
def test_an_event_is_shown_from_its_first_day_to_its_last(
    start: str, end: str, when: str, day: str
) -> None:
    event = lasting(start, end)

    assert render(wording.when(event), "de") == when
    assert render(wording.named(event), "de") == f"Auftakt ({day})"


def test_an_event_in_another_zone_names_the_place_of_its_clock() -> None:
    event = lasting("2020-08-21T18:00", "2020-08-21T20:00", "Europe/London")
    place = replace(ROOM, deadline=event.starts_at)

    assert render(wording.when(event), "de") == (
        f"{FRIDAY}, 18:00 Uhr bis etwa 20:00 Uhr (Ortszeit London)"
    )
    assert "(Ortszeit London)" in render(wording.until(event, place), "de")


def test_where_the_clocks_show_the_same_nothing_is_added() -> None:
    event = lasting("2020-08-21T18:00", "2020-08-21T20:00", "Europe/Vienna")

    assert render(wording.when(event), "de") == f"{FRIDAY}, 18:00 Uhr bis etwa 20:00 Uhr"
