"""What people hear without having asked: it came to nothing, the stream has moved, it is off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import jobs
from bot.services.examples import as_published
from tests.town import HOUSE, Citizen, Town

STREAM = 'stream = "https://www.facebook.com/StadtCastropRauxel"'
NEW_STREAM = "https://stream.example.org/live"
TO_THE_START = timedelta(days=10, hours=6, minutes=1)


def small() -> str:
    """Give the event file with a single seat in the room."""
    return as_published().replace("capacity = 12", "capacity = 1")


@pytest.fixture
def zoe(town: Town) -> Citizen:
    """Let Zoe have the only seat."""
    town.announce(small())
    zoe = town.citizen("zoe")
    zoe.registers()
    return zoe


@pytest.fixture
def anna(town: Town, zoe: Citizen) -> Citizen:
    """Let Anna wait behind her."""
    assert zoe.mail
    anna = town.citizen("anna")
    anna.registers()
    return anna


def letters_after(citizen: Citizen, happens: Callable[[], object]) -> list[str]:
    """Read what is written to somebody while something happens."""
    with citizen.town.database.transaction() as tx:
        before = {row[0] for row in tx.execute(text("select id from outbox"))}
    happens()
    with citizen.town.database.transaction() as tx:
        rows = tx.execute(
            text("select id, payload from outbox where chat = :chat order by id"),
            {"chat": citizen.name},
        ).all()
    return [str(payload) for number, payload in rows if number not in before]


def attached(citizen: Citizen) -> list[str]:
    """Name what goes with the last letter to somebody."""
    letter = [each for each in citizen.town.letters if each.chat == citizen.name][-1]
    return [kind for kind, _number in letter.payload.get("attach", ())]


class TestInVain:
    def test_who_waits_hears_once_that_it_came_to_nothing(self, anna: Citizen) -> None:
        town = anna.town
        town.passes(TO_THE_START - timedelta(minutes=2))
        early = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))
        town.passes(timedelta(minutes=2))
        first = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))
        town.passes(timedelta(hours=1))
        second = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))

        assert early == []
        assert len(first) == 1
        assert "no seat has become free" in first[0]
        assert "facebook.com" in first[0]
        assert second == []

    def test_and_again_if_the_event_was_moved_and_begins_anew(self, anna: Citizen) -> None:
        town = anna.town
        town.passes(TO_THE_START)
        first = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))
        town.announce(small().replace("2020-08-20T", "2020-08-27T"))
        moved = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))
        town.passes(timedelta(days=7))
        second = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))

        assert [len(first), len(moved), len(second)] == [1, 0, 1]
        assert "no seat has become free" in second[0]

    def test_who_has_the_seat_hears_nothing(self, anna: Citizen, zoe: Citizen) -> None:
        anna.town.passes(TO_THE_START)

        assert letters_after(zoe, lambda: jobs.due(zoe.town.database, HOUSE, zoe.town.now)) == []

    @pytest.mark.parametrize("case", ["called off", "long ago"])
    def test_nobody_is_told_what_is_no_news(self, anna: Citizen, case: str) -> None:
        town = anna.town
        if case == "called off":
            off = 'slug = "auftakt"\ncancelled = true'
            town.announce(small().replace('slug = "auftakt"', off))
        town.passes(TO_THE_START if case == "called off" else timedelta(days=12))
        told = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))

        assert "no seat has become free" not in "".join(told)

    def test_a_group_that_was_split_learns_whom_it_concerns(self, town: Town) -> None:
        town.announce(as_published().replace("capacity = 12", "capacity = 2"))
        town.citizen("zoe").registers()
        anna = town.citizen("anna")
        anna.registers(companions=["Bert Beispiel"], few="split.1")
        town.passes(TO_THE_START)
        told = letters_after(anna, lambda: jobs.due(town.database, HOUSE, town.now))

        assert "The others keep their seats" in "".join(told)


class TestStream:
    def test_who_has_a_seat_and_who_waits_hear_of_another_link(
        self, anna: Citizen, zoe: Citizen
    ) -> None:
        anna.town.announce(small().replace(STREAM, f'stream = "{NEW_STREAM}"'))

        for citizen in (anna, zoe):
            assert "the live stream of" in " ".join(citizen.mail.split())
            assert NEW_STREAM in citizen.mail

    def test_while_the_event_runs_too_but_not_afterwards(self, anna: Citizen) -> None:
        town = anna.town
        town.passes(TO_THE_START)
        town.announce(small().replace(STREAM, f'stream = "{NEW_STREAM}"'))
        town.passes(timedelta(hours=5))
        town.announce(small().replace(STREAM, f'stream = "{NEW_STREAM}/2"'))

        assert NEW_STREAM in anna.mail
        assert f"{NEW_STREAM}/2" not in anna.mail

    def test_the_same_link_is_no_news(self, anna: Citizen) -> None:
        before = anna.mail
        anna.town.announce(small().replace("18:00", "18:00"))

        assert anna.mail == before


class TestCalendars:
    @pytest.mark.parametrize(
        "steps",
        [
            ("/mine", "1", "Give back my seat", "yes"),
            ("/mine", "My consents", "1", "Withdraw and give back my seat"),
        ],
        ids=["given back", "consent withdrawn"],
    )
    def test_what_ends_the_entry_goes_with_a_seat_that_is_given_back(
        self, zoe: Citizen, steps: tuple[str, ...]
    ) -> None:
        zoe.says(*steps)

        assert attached(zoe) == ["cancellation"]

    def test_and_with_the_news_that_an_event_is_called_off(self, zoe: Citizen) -> None:
        off = 'slug = "auftakt"\ncancelled = true'
        zoe.town.announce(small().replace('slug = "auftakt"', off))

        assert attached(zoe) == ["cancellation"]

    def test_but_not_with_a_place_in_the_line(self, anna: Citizen) -> None:
        anna.says("/mine", "1", "Leave the waiting list", "yes")

        assert attached(anna) == []
