"""Whoever cannot be seated as things stand is asked, keeps their position, and holds up nobody."""

from __future__ import annotations

import pytest

from bot.services.examples import as_published
from tests.town import Citizen, Town


def file(*, seats: int = 1, version: str = "1") -> str:
    """Give the event file with so many seats in the room, and a version of the consent."""
    published = as_published().replace("capacity = 12 ", f"capacity = {seats} ")
    return published.replace('version = "1"', f'version = "{version}"')


def flat(words: str) -> str:
    return " ".join(words.split())


def news(citizen: Citizen) -> str:
    """Read the last letter to somebody."""
    return flat(citizen.mail)[-700:]


@pytest.fixture
def zoe(town: Town) -> Citizen:
    """Let Zoe have the only seat."""
    town.announce(file())
    zoe = town.citizen("zoe")
    zoe.registers()
    return zoe


def waits(town: Town, name: str, *children: str) -> Citizen:
    """Let somebody wait."""
    citizen = town.citizen(name)
    citizen.registers(children=list(children))
    return citizen


class TestNewWords:
    def test_nobody_is_seated_on_words_that_have_changed_before_they_agree_anew(
        self, town: Town, zoe: Citizen
    ) -> None:
        anna, bert = waits(town, "anna"), waits(town, "bert")
        town.announce(file(version="2"))

        assert "The wording of a consent has changed." in news(anna)
        assert "The wording of a consent has changed." not in zoe.mail
        bert.says("/mine", "1", "agree")
        assert "Thank you, I have noted that." in flat(bert.says("yes"))
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news: you have a seat!" in bert.mail
        assert "A seat was free, but I could not give it to you." in news(anna)
        assert "Good news" not in anna.mail

    def test_nobody_is_told_of_a_seat_that_would_have_been_somebody_elses(
        self, town: Town, zoe: Citizen
    ) -> None:
        anna, bert = waits(town, "anna"), waits(town, "bert")
        town.announce(file(version="2"))
        anna.says("/mine", "1", "agree", "yes")
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news" in anna.mail
        assert "A seat was free" not in flat(bert.mail)

    def test_whoever_agrees_anew_gets_what_is_free_at_once(self, town: Town, zoe: Citizen) -> None:
        anna = waits(town, "anna")
        town.announce(file(version="2"))
        zoe.says("/mine", "1", "give back", "yes")
        anna.says("/mine", "1")
        assert "Until you agree to the new one, others pass you." in flat(anna.mail)
        anna.says("agree", "yes")

        assert "Good news: you have a seat!" in anna.mail

    def test_whoever_does_not_agree_keeps_their_position_and_is_told_once(
        self, town: Town, zoe: Citizen
    ) -> None:
        anna = waits(town, "anna")
        town.announce(file(version="2"))
        town.announce(file(version="2", seats=1).replace("Kick-off", "The kick-off"))
        assert "others pass you" in flat(anna.says("/mine", "1", "agree", "no"))
        bert = waits(town, "bert")
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news" in bert.mail
        assert anna.mail.count("The wording of a consent has changed. Your") == 1
        assert "position 1" in flat(anna.says("/mine", "1"))

    def test_the_old_words_coming_back_end_the_question(self, town: Town, zoe: Citizen) -> None:
        anna = waits(town, "anna")
        town.announce(file(version="2"))
        town.announce(file(version="1"))
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news" in anna.mail

    def test_a_parent_agrees_anew_for_each_child_as_well(self, town: Town, zoe: Citizen) -> None:
        town.announce(file(seats=2))
        anna = waits(town, "anna", "Ida Beispiel")
        town.announce(file(seats=2, version="2"))
        anna.says("/mine", "1", "agree")
        assert "Ida Beispiel is under 16" in flat(anna.says("yes"))
        anna.says("yes")
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news" in anna.mail


class TestLargeGroups:
    def test_a_group_that_no_longer_fits_is_told_and_passed(self, town: Town, zoe: Citizen) -> None:
        town.announce(file(seats=4))
        anna = waits(town, "anna", "Ida Beispiel", "Max Beispiel", "Mia Beispiel")
        town.announce(file(seats=3))

        assert "only 3 seats altogether now, and there are 4 of you" in news(anna)
        zoe.says("/mine", "1", "give back", "yes")
        bert = town.citizen("bert")
        assert "3 seats free" in flat(bert.says("/register auftakt"))
        bert.goes_on()
        assert "Your seat is confirmed" in bert.mail
        assert "others pass you" in flat(anna.says("/mine", "1"))

    def test_it_hears_that_it_fits_again_and_nobody_passes_it(
        self, town: Town, zoe: Citizen
    ) -> None:
        town.announce(file(seats=4))
        anna = waits(town, "anna", "Ida Beispiel", "Max Beispiel", "Mia Beispiel")
        town.announce(file(seats=3))
        town.announce(file(seats=4))

        assert "There are enough seats for your group again." in news(anna)
        zoe.says("/mine", "1", "give back", "yes")
        assert "Good news" in anna.mail

    def test_fewer_of_them_get_their_seats(self, town: Town, zoe: Citizen) -> None:
        town.announce(file(seats=4))
        anna = waits(town, "anna", "Ida Beispiel", "Max Beispiel", "Mia Beispiel")
        town.announce(file(seats=3))
        zoe.says("/mine", "1", "give back", "yes")
        anna.says("/mine", "1", "Mia Beispiel is not coming", "yes")

        assert "Good news" in anna.mail
