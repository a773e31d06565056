"""What is over, given back or withdrawn stays to be seen under /mine, and can be withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import true

from bot.domain.ideas import HandIn, IdeaKind, Pillar
from bot.services import ideas
from bot.services.acts import Actor
from bot.services.examples import as_published
from bot.store import conversations, privacy
from tests.town import Citizen, Town

A_WEEK_LATER = timedelta(days=18)
"""The event of 20 August is over by a week."""


@pytest.fixture
def anna(town: Town) -> Citizen:
    anna = town.citizen("anna")
    anna.registers()
    return anna


def flat(said: str) -> str:
    """Read a text as if the screen were wide."""
    return " ".join(said.split())


def hands_in(citizen: Citizen, count: int) -> None:
    citizen.says("/help")
    town = citizen.town
    with town.database.transaction() as tx:
        key = ("terminal", citizen.name)
        person = conversations.lock(tx, [key], town.now)[key].person
        actor = Actor(person, "terminal", town.now)
        for number in range(1, count + 1):
            idea = HandIn(IdeaKind.IDEA, Pillar.CITY, f"Idea number {number}")
            ideas.hand_in(tx, idea, actor, "CR")


class TestIdeas:
    def test_those_taken_back_do_not_hide_the_others(self, town: Town) -> None:
        anna = town.citizen("anna")
        hands_in(anna, 10)
        for _newest in range(8):
            anna.says("/mine", "My ideas" if "My ideas" in anna.says("/mine") else "1", "1")
            anna.taps("Take it back")
            anna.says("yes")

        shown = anna.says("/mine")
        assert "CR-2020-0002" in shown
        assert "CR-2020-0001" in shown

    def test_every_one_of_many_can_be_reached_and_taken_back(self, town: Town) -> None:
        anna = town.citizen("anna")
        hands_in(anna, 20)
        first = anna.says("/mine", "My ideas")
        last = anna.says("Show older ones", "Show older ones")

        assert "CR-2020-0020" in first
        assert "CR-2020-0012" not in first
        assert "CR-2020-0001" in last
        assert "Idea number 1" in anna.says("CR-2020-0001")
        anna.taps("Take it back")
        assert "CR-2020-0001 is deleted" in anna.says("yes")


class TestOver:
    @pytest.mark.parametrize("later", [timedelta(days=10, hours=10), A_WEEK_LATER])
    def test_a_registration_and_its_consent_stay(self, anna: Citizen, later: timedelta) -> None:
        anna.town.passes(later)
        shown = anna.says("/mine")

        assert "Kick-off: Our city goes digital (20 Aug): is over" in shown
        assert "Withdraw: For you: Consent to the broadcast" in shown
        assert "You had a seat, arrival number 1." in anna.says("1")

    def test_a_consent_can_be_withdrawn_afterwards(self, anna: Citizen) -> None:
        anna.town.passes(A_WEEK_LATER)
        words = anna.says("/mine", "2")
        anna.taps("Withdraw this consent")

        assert "I agree to appear in the digital media" in words
        assert "Your consent is withdrawn" in anna.mail
        assert "withdrawn on 28 August 2020" in anna.says("/mine", "My consents")

    def test_after_a_called_off_event_too(self, anna: Citizen) -> None:
        off = as_published().replace('slug = "auftakt"', 'slug = "auftakt"\ncancelled = true')
        anna.town.announce(off)
        anna.town.passes(A_WEEK_LATER)

        assert "(20 Aug): cancelled" in anna.says("/mine")
        anna.says("2")
        anna.taps("Withdraw this consent")
        assert "Your consent is withdrawn" in anna.mail

    def test_names_that_were_forgotten_are_not_shown_and_consents_still_stand(
        self, anna: Citizen
    ) -> None:
        anna.town.passes(timedelta(days=60))
        with anna.town.database.transaction() as tx:
            privacy.blank(tx, true())
        shown = anna.says("/mine", "1")

        assert "You had a seat" in shown
        assert "Anna" not in shown
        assert "Withdraw: For you: Consent to the broadcast" in anna.says("/mine")

    def test_who_waited_in_vain_is_not_told_a_position(self, town: Town) -> None:
        town.announce(as_published().replace("capacity = 12", "capacity = 1"))
        town.citizen("zoe").registers()
        anna = town.citizen("anna")
        anna.registers()
        town.passes(timedelta(days=10, hours=7))
        during = flat(anna.says("/mine") + anna.says("1"))
        town.passes(A_WEEK_LATER)
        after = flat(anna.says("/mine") + anna.says("1"))

        assert "no seat became free" in during
        assert "no seat became free for you" in after
        assert "position" not in during + after

    def test_a_seat_is_not_offered_to_be_given_back_when_it_is_too_late(
        self, anna: Citizen
    ) -> None:
        anna.town.passes(timedelta(days=10, hours=7))

        assert "Give back" not in anna.says("/mine", "1")


class TestGivenBack:
    def test_what_is_live_comes_first_and_what_was_given_back_behind_it(
        self, anna: Citizen
    ) -> None:
        anna.says("/mine", "1", "Give back my seat", "yes")
        anna.registers("videokonferenz")
        shown = flat(anna.says("/mine"))

        assert shown.index("seat confirmed") < shown.index("given back")
        assert shown.index("given back") < shown.index("My consents")

    def test_a_seat_taken_anew_hides_the_one_that_was_given_back(self, anna: Citizen) -> None:
        anna.says("/mine", "1", "Give back my seat", "yes")
        anna.registers()

        assert "given back" not in anna.says("/mine")

    def test_withdrawing_the_old_consent_leaves_the_new_seat_alone(self, anna: Citizen) -> None:
        anna.says("/mine", "1", "Give back my seat", "yes")
        anna.registers()
        anna.says("/mine", "My consents", "2")
        anna.taps("Withdraw this consent")

        assert "Your registration is given back" not in anna.mail
        assert "seat confirmed" in flat(anna.says("/mine"))


class TestWhose:
    @pytest.fixture
    def mother(self, town: Town) -> Citizen:
        anna = town.citizen("anna")
        anna.registers(children=["Mia Beispiel"])
        return anna

    def test_each_consent_says_whose_it_is(self, mother: Citizen) -> None:
        shown = mother.says("/mine", "My consents")

        assert "For you: Consent to the broadcast" in shown
        assert "For Mia Beispiel: Consent to the broadcast" in shown

    def test_a_childs_consent_is_withdrawn_alone_and_the_child_stays_at_home(
        self, mother: Citizen
    ) -> None:
        mother.says("/mine", "My consents", "For Mia Beispiel")
        mother.taps("Withdraw this consent")

        assert "The consent for" in mother.mail
        assert "Mia Beispiel is not coming any more" in mother.mail
        shown = mother.says("/mine", "1")
        assert "Seat confirmed" in shown
        assert "Mia" not in shown
        assert "Your place needs it" in flat(mother.says("/mine", "My consents", "1"))

    def test_afterwards_too(self, mother: Citizen) -> None:
        mother.town.passes(A_WEEK_LATER)
        shown = mother.says("/mine")
        mother.says("3" if "3  Withdraw: For Mia" in shown else "2")
        mother.taps("Withdraw this consent")

        assert "For Mia Beispiel" in shown
        assert "The consent for Mia Beispiel is withdrawn" in mother.mail

    def test_in_what_is_known_about_them_too_by_titles_that_people_read(
        self, mother: Citizen
    ) -> None:
        mother.town.passes(A_WEEK_LATER)
        shown = flat(mother.says("/privacy", "2"))

        assert "Consent to the broadcast (Kick-off: Our city goes digital): you agreed" in shown
        assert "Consent to the broadcast, for Mia Beispiel (Kick-off" in shown
