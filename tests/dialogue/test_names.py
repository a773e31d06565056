"""How a name is read, with what people say around it, and what is asked about."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.addresses import unlinked
from bot.dialogue.names import Oddity, read_name, read_organisation
from tests.town import Citizen, Town


@pytest.fixture
def anna(town: Town) -> Citizen:
    citizen = town.citizen("anna")
    citizen.says("/register auftakt", "1", "1")
    return citizen


@pytest.mark.parametrize(
    "text", ["www.example.org", "Anna example.org", "https://a.example/x", "t.me/anna", "a.de/c?d"]
)
def test_a_web_address_is_asked_about_and_is_no_link_for_staff(text: str) -> None:
    assert read_name(text).oddity is Oddity.SIGNS
    assert re.search(r"\w\.\w|:/", unlinked(text)) is None


@pytest.mark.parametrize(
    "text", ["Dr.med. Ida Groß", "J.R.R. Tolkien", "St. Clair", "Ida Gross jr."]
)
def test_a_dot_makes_no_address(text: str) -> None:
    assert read_name(text).oddity is None
    assert unlinked(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Weiß", "Weiß"),
        ("Weiß, Hans", "Weiß, Hans"),
        ("Meyer, Anna", "Meyer, Anna"),
        ("Ich bin die Ida Groß", "Ida Groß"),
        ("ich bin's, die Ida Groß", "Ida Groß"),
        ("Hallo, mein Name ist Ida Groß.", "Ida Groß"),
        ("Hier ist die Frau Dr. Weiß", "Frau Dr. Weiß"),
        ("Ida Groß ist mein Name", "Ida Groß"),
        ("I’m Ida Groß", "Ida Groß"),
        ("Hi, this is Ida Groß", "Ida Groß"),
        ("my name's Ida Groß!", "Ida Groß"),
        ("Name: Ida Groß", "Ida Groß"),
        ("Anna von und zu Stein", "Anna von und zu Stein"),
        ("My Nguyen", "My Nguyen"),
        ("Ja Müller", "Ja Müller"),
        ("Anna M.", "Anna M."),
        ("Anna\nMeyer", "Anna Meyer"),
    ],
)
def test_the_name_alone_is_kept(text: str, name: str) -> None:
    read = read_name(text)

    assert (read.name, read.oddity) == (name, None)


@pytest.mark.parametrize("text", ["Lena Berger (14)", "Lena Berger, 14 Jahre", "Lena Berger 14"])
def test_an_age_is_no_part_of_a_name(text: str) -> None:
    read = read_name(text)

    assert (read.name, read.age, read.oddity) == ("Lena Berger", 14, None)


@pytest.mark.parametrize(
    ("text", "oddity"),
    [
        ("Danke!", Oddity.ANSWER),
        ("nein danke", Oddity.ANSWER),
        ("weiß nicht", Oddity.SENTENCE),
        ("my husband", Oddity.RELATION),
        ("und meine Frau", Oddity.RELATION),
        ("Anna und Otto Meyer", Oddity.SEVERAL),
        ("Anna Meyer, Otto Meyer", Oddity.SEVERAL),
        ("Anna Meyer\nOtto Meyer", Oddity.SEVERAL),
        ("Herr und Frau Meyer", Oddity.SEVERAL),
        ("Familie Müller", Oddity.SEVERAL),
        ("wir sind zu dritt", Oddity.COUNT),
        ("02305 99887", Oddity.SIGNS),
        ("why?", Oddity.SIGNS),
    ],
)
def test_what_is_odd_about_a_name_is_said(text: str, oddity: Oddity) -> None:
    assert read_name(text).oddity is oddity


@pytest.mark.parametrize("text", ["TSV Habinghorst, 3 Personen", "3 persons", "a club of 8 people"])
def test_how_many_people_come_is_no_part_of_the_name_of_a_club(text: str) -> None:
    assert read_organisation(text).oddity is Oddity.COUNT


@pytest.mark.parametrize("text", ["Schalke 04", "Wir für Habinghorst 1898 e.V.", "Vier Pfoten"])
def test_a_club_may_have_numbers_in_its_name(text: str) -> None:
    assert read_organisation(text).oddity is None


@pytest.mark.parametrize("text", ["Danke", "Wir Meyer", "Anna und Otto Meyer", "X Æ A-12"])
def test_whoever_says_it_again_is_believed(anna: Citizen, text: str) -> None:
    refused = anna.says(text)
    anna.says("/help")

    assert "For whom are you coming?" not in refused
    assert "For whom are you coming?" in anna.says(f"{text}.")
    assert f"Name: {text}" in anna.says("1", "1", "1", "1")


@pytest.mark.parametrize("yes", ["Yes, that is the name", "ja", "1"])
def test_whoever_says_yes_that_is_the_name_is_believed(anna: Citizen, yes: str) -> None:
    anna.says("Anna und Otto Meyer")

    assert "For whom are you coming?" in anna.says(yes)
    assert "Name: Anna und Otto Meyer" in anna.says("1", "1", "1", "1")


def test_the_button_that_insists_can_be_tapped_later(anna: Citizen) -> None:
    anna.says("Wir Meyer", "/help")

    assert "For whom are you coming?" in anna.taps("Yes, that is the name")


def test_another_name_is_no_insistence(anna: Citizen) -> None:
    anna.says("Anna und Otto Meyer", "Anna Meyer")

    assert "Name: Anna Meyer" in anna.says("1", "1", "1", "1")
