"""A companion is a person with a view of their own, and a group can be changed by its owner."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.services.examples import as_published
from tests.town import Citizen, Town


def flat(words: str) -> str:
    """Read a text as if the screen were wide."""
    return " ".join(words.split())


def codes_of(citizen: Citizen) -> list[str]:
    """List the codes that somebody was given, the latest last."""
    return re.findall(r"companion-[2-9A-Z]{8}", citizen.mail)


def brings(town: Town, *names: str) -> tuple[Citizen, Citizen]:
    """Let Anna register with companions; the first of them has a chat."""
    anna, cem = town.citizen("anna"), town.citizen("cem")
    anna.registers(companions=list(names))
    return anna, cem


@pytest.fixture
def both(town: Town) -> tuple[Citizen, Citizen]:
    """Let Cem have agreed to come with Anna."""
    anna, cem = brings(town, "Cem Beispiel")
    cem.says(codes_of(anna)[0], "yes")
    return anna, cem


class TestCompanion:
    def test_the_receipt_says_all_that_the_other_one_says(
        self, both: tuple[Citizen, Citizen]
    ) -> None:
        said = flat(both[1].mail)

        for part in ("You have a seat", "Erinstraße 6", "20 Aug", "Registered by: Anna Beispiel"):
            assert part in said
        letters = [each.payload for each in both[1].town.letters if each.chat == both[1].name]
        assert any("calendar" in str(each.get("attach")) for each in letters)

    def test_the_seat_stands_under_mine(self, both: tuple[Citizen, Citizen]) -> None:
        listed = flat(both[1].says("/mine"))
        shown = flat(both[1].says("1"))

        assert "seat confirmed, with Anna Beispiel" in listed
        assert "Seat confirmed, arrival number 1" in shown
        assert "I am not coming" in shown
        assert "My consents" in shown

    def test_whoever_does_not_come_gives_the_seat_back(self, both: tuple[Citizen, Citizen]) -> None:
        anna, cem = both
        cem.says("/mine", "1", "I am not coming", "yes")

        assert "You have no registration" in flat(cem.says("/mine")) or "with Anna" not in cem.says(
            "/mine"
        )
        assert "Cem Beispiel has declined" in flat(anna.mail)
        letters = [each.payload for each in cem.town.letters if each.chat == cem.name]
        assert any("departure" in str(each.get("attach")) for each in letters)

    @pytest.mark.parametrize("seats", [2, 1])
    def test_a_companion_hears_what_becomes_of_the_group(self, town: Town, seats: int) -> None:
        town.announce(as_published().replace("capacity = 12 ", "capacity = 2 "))
        zoe = town.citizen("zoe")
        zoe.registers(companions=["Zora Beispiel"] if seats == 2 else [])
        anna, cem = brings(town, "Cem Beispiel")
        cem.says(codes_of(anna)[0], "yes")
        zoe.says("/mine", "1", "give back", "yes")

        assert "Good news: you have a seat!" in flat(anna.mail)
        assert "Good news: you have a seat!" in flat(cem.mail)

    def test_a_forgotten_companion_reads_what_goes_first(
        self, both: tuple[Citizen, Citizen]
    ) -> None:
        asked = flat(both[1].says("/privacy", "Forget me"))

        assert "your seat with Anna Beispiel, Kick-off" in asked

    def test_a_code_that_was_answered_belongs_to_one_person(
        self, both: tuple[Citizen, Citizen], town: Town
    ) -> None:
        anna, cem = both
        code = codes_of(anna)[0]

        assert "it has been used" in flat(town.citizen("dora").says(code))
        assert "Registered by: Anna Beispiel" in flat(cem.says(code))
        assert "This code is for Cem Beispiel" in flat(anna.says(code))

    def test_a_code_is_good_for_nothing_when_all_is_over(self, town: Town) -> None:
        anna, cem = brings(town, "Cem Beispiel")
        town.passes(timedelta(days=12))

        assert "is over" in flat(cem.says(codes_of(anna)[0]))

    def test_nobody_takes_a_second_seat_with_a_code(self, town: Town) -> None:
        anna, cem = brings(town, "Cem Beispiel")
        cem.registers(name="Cem Beispiel")

        assert "nobody takes two" in flat(cem.says(codes_of(anna)[0]))

    def test_a_seat_that_is_given_back_is_told_to_the_companion(
        self, both: tuple[Citizen, Citizen]
    ) -> None:
        anna, cem = both
        anna.says("/mine", "1", "Give back my seat", "yes")

        assert "Anna Beispiel has given back your seat" in flat(cem.mail)

    def test_a_companion_hears_that_the_event_is_called_off(
        self, both: tuple[Citizen, Citizen], town: Town
    ) -> None:
        title = 'slug = "auftakt"'
        assert title in as_published()
        town.announce(as_published().replace(title, f"{title}\ncancelled = true", 1))

        assert "has been cancelled" in flat(both[1].mail)

    def test_a_code_is_a_message_that_can_be_forwarded(self, town: Town) -> None:
        anna, _cem = brings(town, "Cem Beispiel", "Dora Beispiel")
        for name in ("Cem Beispiel", "Dora Beispiel"):
            (letter,) = [
                letter.payload["text"]
                for letter in town.letters
                if letter.chat == anna.name and f"For {name}" in letter.payload["text"]
            ]
            for part in ("Anna Beispiel has registered you", "20 Aug", "Erinstraße", "companion-"):
                assert part in letter


class TestGroup:
    def test_somebody_is_added_and_the_others_keep_what_they_have(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.registers()
        anna.says("/mine", "1", "Bring somebody else along", "Cem Beispiel", "no", "Nobody else")
        receipt = flat(anna.says("yes"))

        assert "Added, with a seat: Cem Beispiel. You are now 2 people." in receipt
        assert "For Cem Beispiel" in receipt
        assert "arrival number 1" in flat(anna.says("/mine", "1"))

    def test_the_registration_leads_there_as_well(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.registers()

        assert "Who is coming with you?" in flat(
            anna.says("/register auftakt", "Bring somebody else along")
        )
        anna.says("/cancel")
        asked = flat(anna.says("/register auftakt", "I am not coming"))
        assert "Shall I give back your seat?" in asked

    def test_a_name_is_put_right(self, town: Town) -> None:
        anna, _cem = brings(town, "Cem Beispil")
        anna.says("/mine", "1", "Change who comes with me")
        said = flat(anna.says("Correct the name: Cem Beispil", "Cem Beispiel"))

        assert "The name is now: Cem Beispiel" in said
        assert "With you: Cem Beispiel (consent still open)" in flat(anna.says("/mine", "1"))

    def test_somebody_comes_instead_of_another_one(self, town: Town) -> None:
        anna, _cem = brings(town, "Cem Beispiel")
        anna.says("/mine", "1", "Change who comes with me")
        anna.says("Somebody else instead of Cem Beispiel", "Dora Beispiel", "no", "yes")
        shown = flat(anna.says("/mine", "1"))

        assert "With you: Dora Beispiel" in shown
        assert "Cem" not in shown

    def test_a_new_code_ends_the_former_one(self, town: Town) -> None:
        anna, cem = brings(town, "Cem Beispiel")
        anna.says("/mine", "1", "Change who comes with me", "New code for Cem Beispiel")
        former, new = codes_of(anna)

        assert "I do not know this code" in flat(cem.says(former))
        assert "Anna Beispiel has registered you" in flat(cem.says(new))

    def test_a_companion_takes_over(self, both: tuple[Citizen, Citizen]) -> None:
        anna, cem = both
        asked = flat(anna.says("/mine", "1", "Give back my seat"))
        assert "Only I am not coming; Cem Beispiel takes over" in asked

        anna.taps("Only I am not coming; Cem Beispiel takes over")
        assert "has passed the registration on to you" in flat(cem.mail)
        assert "Name: Cem Beispiel" in flat(cem.says("/mine", "1"))
        assert "seat confirmed" not in flat(anna.says("/mine"))

    def test_whoever_has_not_agreed_cannot_take_over(self, town: Town) -> None:
        anna, _cem = brings(town, "Cem Beispiel")

        assert "takes over" not in flat(anna.says("/mine", "1", "Give back my seat"))

    def test_a_seat_that_is_held_for_a_group_is_offered_to_it(self) -> None:
        town = Town.founded("sqlite://", as_published().replace("capacity = 12", "capacity = 2"))
        ben, anna = town.citizen("ben"), town.citizen("anna")
        ben.registers()
        receipt = flat(anna.registers(companions=["Cem Beispiel"], few="together"))
        assert "Take what is free, the rest waits" in receipt
        asked = flat(anna.says("/mine", "1"))
        assert "1 comes now, the rest waits" in asked

        sure = flat(anna.says("1 comes now, the rest waits"))
        receipt = flat(anna.says("yes"))
        assert "Shall I confirm a seat for Anna Beispiel?" in sure
        assert "Your seat is confirmed" in receipt
        assert "The others wait in line at position 1" in receipt

    def test_those_who_wait_of_a_split_group_get_their_codes(self) -> None:
        town = Town.founded("sqlite://", as_published().replace("capacity = 12", "capacity = 3"))
        town.citizen("ben").registers()
        anna = town.citizen("anna")
        anna.registers(companions=["Cem Beispiel", "Dora Beispiel"], few="split")

        assert len(codes_of(anna)) == 2
