"""How somebody registers: who comes along, for whom, what they need, and what is shown first."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.dialogue.messages import Tapped
from bot.services.examples import as_published
from tests.answering import Registering
from tests.town import Citizen, Town

FIVE = [f"{name} Beispiel" for name in ("Bert", "Cem", "Dora", "Emil", "Frida")]


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


@pytest.fixture
def asked(anna: Citizen) -> Citizen:
    """Meet Anna, who is asked who comes with her."""
    anna.registers(until="companion.1.name")
    return anna


def flat(words: str) -> str:
    return " ".join(words.split())


def tap(citizen: Citizen, option: str) -> str:
    """Tap an answer by its id: on a phone no number stands beside it."""
    frame = citizen.standing.active
    assert frame is not None
    return flat(citizen.sends(Tapped(f"{frame.run}:{frame.pending}:{option}")))


def companions(town: Town) -> list[tuple[str, bool]]:
    with town.database.transaction() as tx:
        rows = tx.execute(text("select name, child from companions order by rank"))
        return [(name, bool(child)) for name, child in rows]


def test_a_number_leads_to_one_name_after_the_other(asked: Citizen) -> None:
    assert "What is the name of companion 1?" in asked.says("two friends")
    assert "What is the name of companion 2?" in asked.says("Bert Beispiel", "no")
    asked.says("Cem Beispiel", "no")
    summary = flat(asked.goes_on(until="sure"))

    assert "3 people: Anna Beispiel, Bert Beispiel, Cem Beispiel" in summary
    assert "3 people" in flat(asked.goes_on())


def test_several_names_in_one_answer_are_several_people(asked: Citizen, town: Town) -> None:
    asked.says("Willi und Wilma Müller", "no", "no")
    assert asked.asked == "companion.3.name"
    asked.goes_on()

    assert companions(town) == [("Willi Müller", False), ("Wilma Müller", False)]


def test_an_age_behind_a_name_is_not_asked_for(asked: Citizen, town: Town) -> None:
    assert "Lena Berger is under 16" in flat(asked.says("Lena Berger (14), Otto Berger (16)"))
    asked.says("yes")
    assert asked.asked == "companion.3.name"
    asked.goes_on()

    assert companions(town) == [("Lena Berger", True), ("Otto Berger", False)]


def test_somebody_without_a_name_is_asked_for_one(asked: Citizen, town: Town) -> None:
    assert "“my husband” is welcome. What is the name?" in flat(
        asked.says("my husband and 1 child")
    )
    asked.says("Otto Meyer", "no")
    assert "name of companion 2?" in flat(asked.mail.rpartition("my husband")[2])
    asked.says("Not coming after all")
    asked.goes_on()

    assert companions(town) == [("Otto Meyer", False)]


@pytest.mark.parametrize(
    "text", ["7", "a club of eight", ", ".join([*FIVE, "Gerd Muster"]), "zu zehnt"]
)
def test_more_than_five_are_told_what_is_possible(asked: Citizen, text: str) -> None:
    answer = flat(asked.says(text))

    assert "Up to 5 people can come with you. If you are more, please call 02305" in answer
    assert asked.asked == "companion.1.name"


def test_the_sixth_name_is_no_need(asked: Citizen) -> None:
    asked.says(", ".join(FIVE), *["no"] * 5)
    assert "That makes 5 people with you, and more cannot come along" in flat(asked.mail)
    asked.says("Fritz Beispiel")
    assert asked.asked == "companion.full"
    summary = asked.goes_on(Registering(answers={"companion_full": "on"}), until="sure")

    assert "6 people: " in summary
    assert "Needs: nothing" in summary


@pytest.mark.parametrize(
    "no", ["Keine Begleitung", "niemand mehr", "das wars", "nö", "alleine", "nur ich", "that's all"]
)
def test_a_no_is_nobody(asked: Citizen, no: str) -> None:
    asked.says(no)

    assert "1 person: Anna Beispiel" in asked.goes_on(until="sure")


@pytest.mark.parametrize(
    "no", ["gar nichts", "nichts", "keine", "brauche nichts", "I need nothing"]
)
def test_a_no_is_no_need_and_asks_for_no_consent(anna: Citizen, no: str) -> None:
    anna.registers(until="needs")

    assert "Needs: nothing" in anna.says(no)


@pytest.mark.parametrize("text", ["Danke", "yes", "Meyer, Otto", "Familie Meyer", "02305 106"])
def test_what_names_nobody_is_asked_again(asked: Citizen, text: str) -> None:
    asked.says(text)

    assert asked.asked == "companion.1.name"


class TestChangingWhoComes:
    @pytest.fixture
    def group(self, anna: Citizen) -> Citizen:
        anna.registers(companions=["Emil Beispiel", "Frida Beispiel"], until="sure")
        return anna

    def test_striking_the_first_leaves_the_others(self, group: Citizen, town: Town) -> None:
        group.says("change Companion 1")
        summary = flat(group.taps("Emil Beispiel is not coming"))
        assert "2 people: Anna Beispiel, Frida Beispiel" in summary
        assert "Companion 1: Frida Beispiel" in summary
        group.says("yes")

        assert companions(town) == [("Frida Beispiel", False)]

    def test_a_typed_no_strikes_only_the_one_in_question(self, group: Citizen) -> None:
        assert "2 people: Anna" in flat(group.says("change Companion 2", "niemand"))

    def test_coming_alone_strikes_everybody_and_shows_it(self, group: Citizen, town: Town) -> None:
        group.says("change Companion 1")
        summary = flat(group.taps("I am coming alone"))
        assert "1 person: Anna Beispiel" in summary
        assert "With me: nobody" in summary
        group.says("yes")

        assert companions(town) == []

    def test_a_misspelt_name_is_put_right(self, group: Citizen) -> None:
        asked = flat(group.says("change Companion 1"))
        assert "What is the right name? Or who comes instead of Emil Beispiel?" in asked
        group.says("Emilia Beispiel", "no")

        assert "Anna Beispiel, Emilia Beispiel, Frida Beispiel" in flat(group.mail)

    def test_another_one_comes_along_after_all(self, group: Citizen) -> None:
        group.says("change Companion 1")
        group.taps("Emil Beispiel is not coming")
        group.says("change also with me", "Gerd und Hilde Muster", "no", "no")
        summary = flat(group.goes_on(until="sure"))

        assert "4 people: Anna Beispiel, Frida Beispiel, Gerd Muster, Hilde Muster" in summary

    def test_back_leads_to_the_names_that_were_announced(self, asked: Citizen) -> None:
        asked.says("one friend", "Bert Beispiel", "no")
        assert asked.asked == "needs"

        asked.says("/back")
        assert asked.asked == "companion.1.child"


class TestForWhom:
    @pytest.fixture
    def asked(self, anna: Citizen) -> Citizen:
        anna.registers(until="organisation")
        return anna

    def test_privately_and_for_an_organisation_are_offered(self, asked: Citizen) -> None:
        assert "Which one?" in tap(asked, "organisation")

        asked.says("Schachclub Habinghorst")
        assert "For: Schachclub Habinghorst" in asked.goes_on(until="sure")

    @pytest.mark.parametrize("text", ["my husband", "3 persons", "meine Familie", "2 Kinder"])
    def test_people_are_no_organisation(self, asked: Citizen, text: str) -> None:
        assert "Who comes with you, I ask in a moment" in flat(asked.says(text))

        asked.says("Privately")
        assert "For: myself" in asked.goes_on(until="sure")

    @pytest.mark.parametrize("text", ["Verein", "my company", "für einen Verein", "yes"])
    def test_an_organisation_without_a_name_is_asked_for_one(
        self, asked: Citizen, text: str
    ) -> None:
        assert "Which one?" in asked.says(text)

    @pytest.mark.parametrize("text", ["privately", "nur für mich", "for myself", "nein"])
    def test_privately_is_understood_in_many_words(self, asked: Citizen, text: str) -> None:
        asked.says(text)

        assert "For: myself" in asked.goes_on(until="sure")


@pytest.mark.parametrize("text", ["Familie Müller", "Anna und Otto Meyer"])
def test_ones_own_name_is_that_of_one_person(anna: Citizen, text: str) -> None:
    anna.registers(until="name")

    assert "Here I need your own name" in anna.says(text)


def test_a_video_conference_needs_no_wheelchair_place(anna: Citizen) -> None:
    online = anna.registers("videokonferenz", until="needs")

    assert "wheelchair" not in online
    assert "subtitles" in online


def test_a_video_conference_says_when_the_access_data_come(anna: Citizen) -> None:
    receipt = flat(anna.registers("videokonferenz"))

    assert "I send you the access data here, after registration has ended: 25 Aug" in receipt
    assert "access data" not in anna.registers("auftakt")


def test_needs_that_were_refused_are_not_shown_again(anna: Citizen) -> None:
    wishes = {"needs": "a ramp", "consent_needs": "no"}
    summary = anna.registers(until="sure", **wishes)

    assert "Needs: nothing" in summary
    assert "a ramp" not in summary
    assert "Accessibility needs" not in summary
    assert "a ramp" not in str(anna.standing.dump())


def test_whoever_comes_to_both_events_gives_name_and_contact_once(anna: Citizen) -> None:
    anna.registers(organisation="Schachclub Habinghorst", contact="anna@example.org")
    anna.says("/register videokonferenz", "1")
    assert anna.asked == "companion.1.name"
    assert "from your other registration: Anna Beispiel, anna@example.org" in flat(anna.mail)
    summary = anna.goes_on(until="sure")

    assert "For: Schachclub Habinghorst" in summary
    assert "Contact: anna@example.org" in summary
    anna.says("change name", "Anna M. Beispiel")
    assert "Your seat is confirmed" in anna.says("yes")


def test_what_was_taken_over_is_asked_by_whoever_goes_back(anna: Citizen) -> None:
    anna.registers()
    anna.says("/register videokonferenz", "1", "/back")

    assert anna.asked == "contact"


class TestRegisteringAgain:
    """Whoever has something at an event already is asked nothing that leads nowhere."""

    @pytest.fixture
    def seated(self, town: Town, anna: Citizen) -> Citizen:
        town.announce(as_published().replace("registration = false", "registration = true"))
        anna.registers(companions=["Emil Beispiel"], needs="a ramp", contact="anna@example.org")
        return anna

    def test_what_one_has_is_said_by_name(self, seated: Citizen) -> None:
        said = flat(seated.says("/register auftakt"))

        assert "You are already registered for “Kick-off: Our city goes digital”" in said
        assert "seat confirmed, arrival number 1. 2 people: Anna Beispiel, Emil Beispiel" in said

    def test_it_leads_to_what_can_be_changed(self, seated: Citizen) -> None:
        seated.says("/register auftakt")

        assert "Contact: anna@example.org" in seated.taps("See or change it")

    def test_another_place_asks_for_the_place_and_the_yes(self, seated: Citizen) -> None:
        seated.says("/register auftakt")
        asked = seated.taps("Choose another place")
        assert "On site" not in asked
        summary = flat(seated.says("1"))
        assert "2 people: Anna Beispiel, Emil Beispiel" in summary
        assert "Needs: a ramp" in summary
        receipt = flat(seated.says("yes"))

        assert "Your seat is confirmed" in receipt
        assert "2 people" in receipt
        mine = flat(seated.says("/mine", "1"))
        assert "Needs: a ramp" in mine
        assert "Contact: anna@example.org" in mine

    def test_where_there_is_no_other_place_none_is_offered(self, anna: Citizen) -> None:
        anna.registers()
        said = anna.says("/register auftakt")

        assert "another place" not in said
        assert "stays as it is" in flat(anna.says("Leave it as it is"))

    def test_whoever_waits_is_offered_only_places_that_are_free(self, town: Town) -> None:
        full = as_published().replace("capacity = 12 ", "capacity = 1 ")
        full = full.replace('kind = "stream"', 'kind = "online"')
        town.announce(full.replace("registration = false", "registration = true\ncapacity = 1"))
        for name in ("anna", "bert"):
            town.citizen(name).registers(place="saal" if name == "anna" else "stream")
        clara = town.citizen("clara")
        clara.registers()

        assert "another place" not in clara.says("/register auftakt")


def test_a_guardian_agrees_in_words_about_the_child(anna: Citizen, town: Town) -> None:
    anna.registers(companions=["Emil Beispiel"], children=["Mia Beispiel"])

    with town.database.transaction() as tx:
        rows = tx.execute(
            text("select companion_id, wording from consents where slug = 'broadcast' order by id")
        )
        wordings = {row.companion_id: row.wording for row in rows}
    own, for_mia = wordings.pop(None), *wordings.values()
    assert own.startswith("I agree to appear")
    assert for_mia.startswith("I am a parent or guardian of this child, and I agree that it")


def test_without_words_for_a_guardian_they_read_those_for_everybody(town: Town) -> None:
    begin, _guardian, rest = as_published().partition("guardian.de")
    town.announce(
        begin + rest[rest.index('"""', rest.index('guardian."de@leicht" = """') + 30) + 4 :]
    )
    anna = town.citizen("anna")
    anna.registers(until="companion.1.name")

    assert "I agree to appear" in anna.says("Mia Beispiel (9)")
    assert anna.asked == "companion.1.consent.broadcast"
