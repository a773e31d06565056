"""How people say who comes along, and that nobody does."""

from __future__ import annotations

import pytest

from bot.dialogue.denials import is_denial
from bot.dialogue.parties import Mention, Unclear, mentions


def read(text: str) -> list[str] | None:
    """Write mentions briefly: the name, or "?" for somebody without one; behind it the age."""
    found = mentions(text)
    assert not isinstance(found, Unclear)
    return None if found is None else [_brief(each) for each in found]


def _brief(mention: Mention) -> str:
    age = "" if mention.age is None else f" {mention.age}"
    return (mention.name or f"?{mention.called}") + age


@pytest.mark.parametrize(
    ("text", "people"),
    [
        *[(text, 1) for text in ("1", "+1", "one", "eine Begleitung", "1 Freund", "zu zweit")],
        *[(text, 2) for text in ("2", "zwei Freunde", "zu dritt", "2 kommen mit mir", "Wir 3")],
        *[(text, 2) for text in ("my two kids", "two of my friends", "meine Eltern", "3 mit mir")],
        *[(text, 3) for text in ("three", "wir sind zu viert", "Wir sind zu 4.", "we are four")],
        *[(text, 3) for text in ("mein Mann und zwei Kinder", "there are four of us")],
        ("2 Erwachsene und 3 Kinder", 5),
        ("a club of eight", 7),
        ("8 Leute vom Schachclub", 8),
        ("eine Gruppe von 6", 5),
    ],
)
def test_a_number_of_people_is_understood(text: str, people: int) -> None:
    found = mentions(text)

    assert isinstance(found, tuple)
    assert [each.name for each in found] == [""] * people


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *[
            (f"Willi Müller{between}Wilma Müller", ["Willi Müller", "Wilma Müller"])
            for between in (" und ", ", ", "\n", " & ", " and ", "; ", " + ", " sowie ", ", und ")
        ],
        ("1. Willi Müller\n2. Wilma Müller", ["Willi Müller", "Wilma Müller"]),
        ("Anna und Otto Meyer", ["Anna Meyer", "Otto Meyer"]),
        (
            "Anna, Otto und Ida von der Heide",
            [f"{x} von der Heide" for x in ("Anna", "Otto", "Ida")],
        ),
        ("Herr und Frau Schulz", ["Herr Schulz", "Frau Schulz"]),
        ("Lena Berger (14)", ["Lena Berger 14"]),
        ("Lena Berger, 14 Jahre", ["Lena Berger 14"]),
        ("Mia Beispiel (unter 16)", ["Mia Beispiel 15"]),
        (
            "Lena (14), Otto (17) und Ida Berger (8)",
            ["Lena Berger 14", "Otto Berger 17", "Ida Berger 8"],
        ),
        ("mein Mann Otto und meine Tochter Lena (9)", ["Otto", "Lena 9"]),
        ("eine Freundin namens Ida Groß", ["Ida Groß"]),
        ("My two kids Tom and Tim", ["Tom", "Tim"]),
        ("Ich bringe Otto Meyer mit", ["Otto Meyer"]),
        ("Otto Meyer und ich", ["Otto Meyer"]),
        ("Wir sind zu dritt: Otto Meyer und Ida Groß", ["Otto Meyer", "Ida Groß"]),
        ("Frau Meyer", ["Frau Meyer"]),
        ("Willi Sieben", ["Willi Sieben"]),
        ("Dr. Otto Meyer-Schmidt", ["Dr. Otto Meyer-Schmidt"]),
    ],
)
def test_names_in_one_answer_are_one_person_each(text: str, names: list[str]) -> None:
    assert read(text) == names


@pytest.mark.parametrize(
    "text", ["my husband", "Meine Oma", "a friend", "der Mann meiner Schwester"]
)
def test_somebody_without_a_name_is_remembered_as_they_were_called(text: str) -> None:
    assert read(text) == [f"?{text}"]


@pytest.mark.parametrize("text", ["Freunde", "ein paar Freunde", "Familie Müller", "my friends"])
def test_people_without_a_number_are_unclear(text: str) -> None:
    assert mentions(text) is Unclear.HOW_MANY


@pytest.mark.parametrize("text", ["Meyer, Otto", "Otto Meyer, mein Mann"])
def test_one_person_or_two_is_unclear(text: str) -> None:
    assert mentions(text) is Unclear.ONE_OR_TWO


@pytest.mark.parametrize("text", ["👍", "...", "?"])
def test_signs_are_nobody(text: str) -> None:
    assert mentions(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("Keine Begleitung", "niemand mehr", "das wars", "das war’s", "nö", "alleine", "nur ich"),
        *("that's all", "gar nichts", "nichts", "keine", "brauche nichts", "Ich komme ganz allein"),
        *("nobody else", "just me", "No special needs", "nichts Besonderes", "nein danke"),
        *("ohne Begleitung", "it's just me", "I don't need anything", "sonst niemand", "fertig"),
    ],
)
def test_a_no_is_understood_in_many_words(text: str) -> None:
    assert is_denial(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nina Keiner",
        "no stairs, please",
        "keine Treppen",
        "alles",
        "ohne Gluten",
        "Hilfe",
        "ja",
        "👍",
        "0",
    ],
)
def test_what_says_more_than_no_is_none(text: str) -> None:
    assert not is_denial(text)
