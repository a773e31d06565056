"""What people type who were thinking of something else: no name, no yes, no idea."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue.messages import Typed
from bot.i18n import n_, render
from tests.answering import Registering
from tests.town import Citizen, Town


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


@pytest.mark.parametrize(
    "text", ["ja", "No", "weiß nicht", "ich habe keine E-Mail", "02305/99887O", "warum?", "a@b.de"]
)
def test_what_is_no_name_is_refused_as_one(anna: Citizen, text: str) -> None:
    anna.registers(until="name")
    assert "does not look like a name" in anna.says(text)
    anna.goes_on(until="companion.1.name")
    assert "does not look like a name" in anna.says(text) or text in {"ja", "No"}


@pytest.mark.parametrize("text", ["Ich heiße Anna Beispiel", "my name is Anna Beispiel"])
def test_what_people_put_before_their_name_is_left_out(anna: Citizen, text: str) -> None:
    anna.registers(until="name")
    anna.says(text)

    assert "Name: Anna Beispiel" in anna.goes_on(until="sure")


def test_a_club_may_be_called_as_it_likes(anna: Citizen) -> None:
    said = anna.registers(organisation="Wir für Habinghorst 1898 e.V.", until="sure")

    assert "For: Wir für Habinghorst 1898 e.V." in said


@pytest.mark.parametrize("number", ["02305 / 99887O", "02305 12", "1"])
def test_a_number_with_a_slip_is_not_shortened_silently(anna: Citizen, number: str) -> None:
    anna.registers(until="contact")
    answer = anna.says(number) if number != "1" else anna.says("0")

    assert "How can we reach you" in answer


def test_a_child_for_whom_nobody_agrees_does_not_cost_the_others_their_seat(anna: Citizen) -> None:
    anna.registers(until="companion.1.name")
    answer = anna.says("Mia Beispiel", "yes", "no")
    assert "I do not register Mia Beispiel" in " ".join(answer.split())
    receipt = anna.goes_on(Registering(companions=["Bert Beispiel"]))

    assert "Your seat is confirmed" in receipt
    assert "2 people" in receipt


def test_who_does_not_want_another_place_keeps_the_one_they_have(anna: Citizen) -> None:
    anna.registers()
    answer = " ".join(anna.says("/register auftakt", "Leave it as it is").split())

    assert "stays as it is" in answer
    assert "Seat confirmed" in anna.says("/mine", "1")


def test_whoever_does_not_come_after_all_may_say_so_in_their_own_words(town: Town) -> None:
    anna = town.citizen("anna", "de")
    anna.registers()
    anna.says("/anmelden auftakt")

    assert "Soll ich Ihren Platz zurückgeben?" in " ".join(
        anna.says("Ich komme doch nicht").split()
    )


@pytest.mark.parametrize("word", ["Anmeldung", "registrieren", "Veranstaltungen", "Vorschlag"])
def test_the_likeliest_words_lead_on_from_anywhere(town: Town, word: str) -> None:
    anna = town.citizen("anna", "de")
    anna.says("Wo findet das statt?")
    answer = anna.says(word)

    assert "Bitte wählen Sie" not in answer
    assert anna.asked in {"event", "kind"}


def test_back_from_words_that_were_lost_is_the_beginning(anna: Citizen) -> None:
    anna.says("blub blub")

    assert "This is the beginning" in anna.says("/back")


def test_help_does_not_lead_back_to_words_that_were_lost(anna: Citizen) -> None:
    anna.says("blub blub")

    assert "I did not understand" not in anna.says("/help")


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("Hello, I would like to register", "Which event would you like to come to?"),
        ("I'm sorry, I cannot come after all", "You have no registration"),
        ("please forget me", "Your data belongs to you"),
    ],
)
def test_a_wish_in_ones_own_words_leads_to_its_conversation(
    anna: Citizen, wish: str, answer: str
) -> None:
    assert "I am not quite sure" in anna.says(wish)

    assert answer in anna.says("1")


def test_an_idea_that_sounds_like_a_wish_is_not_lost(anna: Citizen) -> None:
    anna.says("One should be able to register dogs online")
    anna.taps("Hand this in as an idea")
    anna.says("1", "1", "1", "1")

    assert "One should be able to register dogs online" in " ".join(anna.mail.split())


def test_no_to_an_idea_is_an_answer(anna: Citizen) -> None:
    assert "Shall I take that as an idea?" in anna.says("There should be more benches here")

    assert "Welcome" in anna.says("no")


def test_nothing_said_at_a_consent_but_an_answer_counts(town: Town, anna: Citizen) -> None:
    anna.registers(until="consent.saal.broadcast")
    for text in ("maybe", "yes but not like that", "👍", "I"):
        town.take(town.incoming(anna, Typed(text)))

    assert "Do you agree? Please answer yes or no." in " ".join(anna.mail.split())
    assert "What is your name?" not in anna.mail


@pytest.mark.parametrize("words", ["2", "?", "👍"])
def test_an_answer_to_no_question_leads_to_the_menu(anna: Citizen, words: str) -> None:
    anna.says("/help")
    answer = anna.says(words)

    assert "I have not asked anything just now." in answer
    assert "What would you like to do?" in answer


@pytest.mark.parametrize("word", ["anmelden", "Termine", "idee", "Datenschutz", "register"])
@pytest.mark.parametrize("before", ["/start", "/events", "/mine"])
def test_a_command_needs_no_sign_where_no_words_are_asked_for(
    anna: Citizen, before: str, word: str
) -> None:
    anna.says(before)

    assert "choose one of the answers" not in anna.says(word)
    assert "did not understand" not in anna.says("/back")


def test_a_keyword_works_in_quotes_and_with_another_form_of_its_date(anna: Citizen) -> None:
    anna.says("/start")

    assert "How would you like to take part?" in anna.says("„Digitalisierung 20. August“")


def test_a_keyword_without_its_date_leads_to_the_choice(anna: Citizen) -> None:
    assert "Which event would you like to come to?" in anna.says("Digitalisierung")


def test_who_comes_back_after_a_week_goes_on_with_what_they_wrote(
    town: Town, anna: Citizen
) -> None:
    anna.says("/register auftakt", "1", "1")
    town.passes(timedelta(days=5))
    answer = " ".join(anna.says("Anna Beispiel").split())
    assert "We were in the middle of your registration. I had asked: What is your name?" in answer
    assert "Kick-off: Our city goes digital" in answer
    assert "“Anna Beispiel”" in answer

    assert "For whom are you coming?" in anna.says("1")


def test_who_comes_back_may_discard_it(town: Town, anna: Citizen) -> None:
    anna.says("/register auftakt", "1", "1")
    town.passes(timedelta(days=5))
    anna.says("Anna Beispiel")

    assert "Welcome to the public dialogue" in anna.says("Discard")
    assert "nothing to cancel" not in anna.says("/register")


def test_who_comes_back_after_the_event_is_offered_the_next(town: Town, anna: Citizen) -> None:
    anna.says("/register auftakt", "1", "1")
    town.passes(timedelta(days=12))
    answer = anna.says("Anna Beispiel")

    assert "is over by now" in answer
    assert "Which event would you like to know about?" in answer


def test_a_consent_is_never_given_by_words_of_somebody_who_was_away(
    town: Town, anna: Citizen
) -> None:
    anna.says("/register auftakt", "1")
    town.passes(timedelta(days=5))
    anna.says("yes")

    assert "What is your name?" not in anna.says("yes")


@pytest.mark.parametrize("words", ["Danke!", "vielen Dank", "Hello"])
def test_courtesy_in_the_middle_is_returned(anna: Citizen, words: str) -> None:
    anna.says("/register auftakt")
    answer = anna.says(words)

    assert "You are welcome!" in answer or "Hello!" in answer
    assert "How would you like to take part?" in answer
    assert "Please choose" not in answer


def test_thanks_behind_everything_are_returned(anna: Citizen) -> None:
    assert "You are welcome!" in anna.says("Danke!")


def test_who_speaks_another_language_learns_of_ours_once(town: Town) -> None:
    citizen = town.citizen("ayse", "tr")
    first = citizen.says("/start")

    assert "Deutsch · Einfache Sprache · English: /language" in first
    assert "Willkommen" in first
    assert "/language" not in citizen.says("/termine")


@pytest.mark.parametrize(
    ("language", "number"), [("de", "20.000"), ("de@leicht", "20.000"), ("en", "20,000")]
)
def test_numbers_are_written_as_their_readers_do(language: str, number: str) -> None:
    assert render(n_("{count} person", "{count} people", 20_000), language).startswith(number)


@pytest.mark.parametrize("before", ["/start", "/mine", "/cancel"])
@pytest.mark.parametrize(
    ("early", "answer"),
    [
        ("0151 12345678", "do not need that now"),
        ("015112345678", "do not need that now"),
        ("anna@example.org", "do not need that now"),
        ("3 Personen", "Are you coming with others?"),
        ("Wir sind acht", "Are you coming with others?"),
        ("a club of eight", "Are you coming with others?"),
    ],
)
def test_what_is_told_too_early_is_understood(
    anna: Citizen, before: str, early: str, answer: str
) -> None:
    anna.says(before)

    assert answer in anna.says(early)


def test_a_contact_is_shown_before_it_is_changed(anna: Citizen) -> None:
    anna.registers()
    anna.says("/mine", "1", "change my details", "change the contact")

    assert "0151 12345678\nIs that right?" in anna.says("tel. 0151/12345678")
    assert "stays as it is" in anna.says("no")
    assert "Contact: here in this chat" in anna.says("/mine", "1")
    anna.says("change my details", "change the contact", "0151 12345678", "yes")
    assert "Contact: 0151 12345678" in anna.says("/mine", "1")
