"""Access data: each registration is sent it once, however late it gets its seat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import jobs
from bot.services import events, seats
from bot.services.attachments import Access, Reader, resolve
from bot.store import events as stored_events
from bot.store import outbox
from tests.answering import Registering
from tests.town import HOUSE, Citizen, Town

LINK = "https://zoom.example.org/j/1"
CONFERENCE = "videokonferenz"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def conference(town: Town) -> Town:
    """Let there be access data for the video conference, which everybody gets on 26 August."""
    with town.database.transaction() as tx:
        events.keep_access(tx, CONFERENCE, "zoom", LINK)
    return town


def minute_passes(town: Town) -> None:
    """Let the jobs do what is due, a minute later."""
    town.passes(MINUTE)
    jobs.due(town.database, HOUSE, town.now)
    with town.database.transaction() as tx:
        letters = outbox.claim(tx, "terminal", town.now, town.now + MINUTE)
        outbox.mark_sent(tx, [letter.id for letter in letters])
    town.letters.extend(letters)


def links(citizen: Citizen) -> int:
    """Count how often somebody was sent access data that they may have now."""
    town = citizen.town
    reader = Reader("en", town.now, "terminal", citizen.name)
    with town.database.transaction() as tx:
        return sum(
            resolve(tx, kind, number, reader) == Access(LINK)
            for letter in town.letters
            if letter.chat == citizen.name
            for kind, number in letter.payload.get("attach", ())
            if kind == "access"
        )


def unwrapped(said: str) -> str:
    return " ".join(said.split())


def registration_has_ended(town: Town) -> None:
    town.now = datetime.fromisoformat("2020-08-26T00:00+02:00")
    minute_passes(town)


def is_extended(town: Town) -> None:
    """Let people register for the video conference until its last day."""
    with town.database.transaction() as tx:
        event = stored_events.by_slug(tx, CONFERENCE)
        assert event is not None
        longer = [replace(place, deadline=event.starts_at - DAY) for place in event.places]
        stored_events.save(tx, replace(event, places=tuple(longer)))


def test_whoever_registers_in_an_extended_time_gets_the_data_when_it_ends(conference: Town) -> None:
    anna, bert = conference.citizen("anna"), conference.citizen("bert")
    anna.registers(CONFERENCE)
    registration_has_ended(conference)
    is_extended(conference)
    said = bert.registers(CONFERENCE)
    assert "after registration has ended: 30 Aug" in unwrapped(said)
    minute_passes(conference)
    assert (links(anna), links(bert)) == (1, 0)

    conference.passes(5 * DAY)
    for _ in range(3):
        minute_passes(conference)

    assert (links(anna), links(bert)) == (1, 1)


def test_whoever_moves_up_after_the_deadline_gets_the_data_within_a_minute(
    conference: Town,
) -> None:
    with conference.database.transaction() as tx:
        event = stored_events.by_slug(tx, CONFERENCE)
        assert event is not None
        seats.change_capacity(tx, event.places[0].id, 1, conference.now)
    anna, bert = conference.citizen("anna"), conference.citizen("bert")
    anna.registers(CONFERENCE)
    bert.registers(CONFERENCE, until="sure")
    bert.goes_on(Registering())
    registration_has_ended(conference)
    assert (links(anna), links(bert)) == (1, 0)

    anna.says("/mine", "1", "cancel my registration", "yes")
    assert "access data here shortly" in unwrapped(bert.mail)
    for _ in range(3):
        minute_passes(conference)

    assert (links(anna), links(bert)) == (0, 1)


def test_the_data_is_under_mine_as_soon_as_it_was_sent(conference: Town) -> None:
    anna = conference.citizen("anna")
    anna.registers(CONFERENCE)
    said = unwrapped(anna.says("/mine", "1"))
    assert "after registration has ended" in said
    assert "Access data" not in said
    registration_has_ended(conference)

    said = unwrapped(anna.says("/cancel", "/mine", "1"))
    assert "after registration has ended" not in said
    assert "Here is your access data." in anna.says("access data")

    assert links(anna) == 2


def test_whoever_loses_the_seat_and_gets_it_back_is_sent_the_data_again(conference: Town) -> None:
    anna, bert = conference.citizen("anna"), conference.citizen("bert")
    anna.registers(CONFERENCE)
    bert.registers(CONFERENCE)
    registration_has_ended(conference)
    with conference.database.transaction() as tx:
        event = stored_events.by_slug(tx, CONFERENCE)
        assert event is not None
        place = event.places[0].id
        seats.change_capacity(tx, place, 1, conference.now)
        seats.move_back(tx, place, conference.now)
    assert links(bert) == 0
    assert "Access data" not in bert.says("/mine", "1")

    with conference.database.transaction() as tx:
        seats.change_capacity(tx, place, 2, conference.now)
    minute_passes(conference)

    assert links(bert) == 2  # both letters: the seat is theirs again
