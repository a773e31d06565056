"""Consent is given by an answer to that very question, and by nothing else."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatch

import pytest
from sqlalchemy import text

from bot.dialogue.messages import Content, Picture, SharedContact, Tapped, Typed, Unsupported
from bot.services.examples import as_published
from bot.turns import Turns
from tests.answering import Registering
from tests.conversations.walks import CODE, REGISTER, Walker, invited, standing
from tests.town import HOUSE, Citizen, Town

CONSENT = "consent.saal.broadcast"
TO_THE_CONSENT = ("/register auftakt", "1")
NEW_WORDS = "I agree that everybody sees me, for ever."


def reworded(*, version: str = "2") -> str:
    """Give the event file with other words for the consent."""
    old = as_published()
    begin = old.index('wording.en = """\nI agree to appear')
    end = old.index('"""', begin + len('wording.en = """'))
    new = f'{old[:begin]}wording.en = """\n{NEW_WORDS}\n{old[end:]}'
    return new.replace('version = "1"', f'version = "{version}"')


def button(citizen: Citizen, label: str) -> Tapped:
    """Give the button that was shown last with this label."""
    for letter in reversed(citizen.town.letters):
        for shown, payload in letter.payload.get("choices", ()):
            if (letter.chat, shown) == (citizen.name, label):
                return Tapped(payload)
    raise LookupError(label)


def forged(citizen: Citizen, option: str, key: str = CONSENT) -> Tapped:
    """Make a button of the run that is going on."""
    return Tapped(f"{standing(citizen).run}:{key}:{option}")


def yes_of(other: Town) -> str:
    """Find out what stands behind the yes to a consent."""
    someone = other.citizen("somebody else")
    someone.says(*TO_THE_CONSENT)
    return button(someone, "I agree").button.rpartition(":")[2]


def agreed(citizen: Citizen, key: str = CONSENT) -> bool:
    """Tell whether a consent lies among the answers."""
    held = standing(citizen).answers.get(key)
    return bool(held and held["agreed"])


def consents(town: Town) -> list[str]:
    """Give the wording of every consent that was recorded."""
    with town.database.transaction() as tx:
        return [*tx.execute(text("select wording from consents order by id")).scalars()]


@pytest.fixture
def anna(town: Town) -> Citizen:
    """Meet Anna, who is asked for her consent."""
    anna = town.citizen("anna")
    anna.says(*TO_THE_CONSENT)
    return anna


class TestOnlyAnAnswerCounts:
    @pytest.mark.parametrize("words", ["1", "yes", "Ja", "I agree", "ich stimme zu", "ok", "YES!"])
    def test_words_and_numbers_that_mean_yes(self, anna: Citizen, words: str) -> None:
        anna.says(words)

        assert agreed(anna)

    @pytest.mark.parametrize(
        "words", ["2", "no", "nein", "I do not agree", "👍", "maybe", "yes but", "not yes", "/yes"]
    )
    def test_nothing_that_is_no_clear_yes(self, anna: Citizen, words: str) -> None:
        anna.says(words)

        assert not agreed(anna)

    @pytest.mark.parametrize(
        "words",
        [
            "ok, what does that mean?",
            "ja was heißt das denn",
            "yes?",
            "ja nee",
            "ok wait a moment",
            "yes I am under 16",
            "ja, nur ohne Ton",
            "sure, later perhaps",
        ],
    )
    def test_no_sentence_that_only_begins_with_a_yes(self, anna: Citizen, words: str) -> None:
        anna.says(words)

        assert not agreed(anna)

    @pytest.mark.parametrize(
        "content",
        [
            Unsupported("sticker"),
            Unsupported("voice"),
            SharedContact("+4923051062101", own=True),
            Picture("thumb", "image/png", b"thumb"),
        ],
        ids=["sticker", "voice", "number", "picture"],
    )
    def test_nothing_that_is_no_text(self, anna: Citizen, content: Content) -> None:
        anna.sends(content)

        assert not agreed(anna)
        assert standing(anna).pending == CONSENT

    @pytest.mark.parametrize(
        "begin",
        [
            "/register auftakt yes",
            "/register auftakt 1 1",
            "/register yes",
            "/register I agree",
            "/start event-auftakt",
            "event-auftakt",
            "Digitalisierung 20.08.",
            "/start register-auftakt-saal-yes",
        ],
    )
    def test_no_command_and_no_code_brings_a_consent_along(self, town: Town, begin: str) -> None:
        anna = town.citizen("anna")
        anna.says(begin)

        assert [key for key in standing(anna).answers if "consent" in key] == []

    def test_the_code_of_a_companion_is_no_yes(self, town: Town) -> None:
        invited(town)
        before = len(consents(town))
        anna = town.citizen("anna")

        for words in (f"companion-{CODE} yes", f"/start companion-{CODE}", f"companion-{CODE}"):
            anna.says(words)
        assert len(consents(town)) == before
        assert standing(anna).pending == "consent.broadcast"


class TestOldAndForgedButtons:
    def test_a_button_of_a_question_that_was_not_asked(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.says("/register auftakt")
        anna.sends(forged(anna, yes_of(town)))

        assert standing(anna).pending == "place"
        anna.says("1")
        assert standing(anna).pending == CONSENT

    def test_a_button_of_an_earlier_run(self, anna: Citizen) -> None:
        old = button(anna, "I agree")
        anna.says("/cancel", *TO_THE_CONSENT)
        anna.sends(old)

        assert not agreed(anna)

    def test_a_button_of_somebody_else(self, anna: Citizen) -> None:
        bert = anna.town.citizen("bert")
        bert.says(*TO_THE_CONSENT)
        anna.sends(button(bert, "I agree"))

        assert not agreed(anna)
        assert not agreed(bert)

    @pytest.mark.parametrize("option", ["yes", "yes.", "yes.0", "yes.2", "YES.1", "1"])
    def test_a_button_that_never_was(self, anna: Citizen, option: str) -> None:
        anna.sends(forged(anna, option))

        assert not agreed(anna)

    def test_a_yes_to_something_else(self, anna: Citizen) -> None:
        anna.says("no")
        anna.sends(forged(anna, "yes", "instead.saal"))

        assert not agreed(anna)

    def test_a_no_that_is_tapped_after_all_asks_again(self, anna: Citizen) -> None:
        """A tap on the other button of the same question is a wish to change, no yes yet."""
        anna.says("no")
        anna.sends(button(anna, "I agree"))

        assert not agreed(anna)
        assert standing(anna).pending == CONSENT


class TestWordsThatHaveChanged:
    @pytest.mark.parametrize("words", ["1", "yes", "I agree"])
    def test_what_was_typed_below_the_old_words(self, anna: Citizen, words: str) -> None:
        anna.town.announce(reworded())

        assert NEW_WORDS in anna.says(words)
        assert not agreed(anna)
        anna.says("yes")
        assert agreed(anna)

    def test_a_button_below_the_old_words(self, anna: Citizen) -> None:
        anna.town.announce(reworded())

        assert NEW_WORDS in anna.sends(button(anna, "I agree"))
        assert not agreed(anna)

    def test_a_button_that_guesses_the_new_version(self, anna: Citizen) -> None:
        anna.town.announce(reworded())
        anna.sends(forged(anna, yes_of(anna.town)))

        assert not agreed(anna)

    @pytest.mark.parametrize("final", ["yes", "Yes, register", "9"])
    def test_a_yes_to_the_old_words_at_the_final_yes(self, anna: Citizen, final: str) -> None:
        anna.goes_on(until="sure")
        anna.town.announce(reworded())

        assert NEW_WORDS in anna.says(final)
        assert consents(anna.town) == []

    @pytest.mark.parametrize("how", ["tapped", "typed"])
    def test_new_words_under_the_old_version(self, anna: Citizen, how: str) -> None:
        """As long as nobody has agreed, staff may correct the words without a new version."""
        anna.town.announce(reworded(version="1"))
        anna.sends(button(anna, "I agree") if how == "tapped" else Typed("yes"))

        assert standing(anna).answers.get(CONSENT, {}).get("wording") != NEW_WORDS

    def test_the_words_of_another_program_that_looked_earlier(self, anna: Citizen) -> None:
        town = anna.town
        other = Turns(town.database, HOUSE, lambda: town.now)
        other.take([town.incoming(town.citizen("bert"), Typed("/events"))])
        town.announce(reworded())
        other.take([town.incoming(anna, Typed("yes"))])

        assert not agreed(anna)


class TestTooFast:
    def test_a_yes_that_was_on_its_way_before_the_question(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.says("/register auftakt")
        burst = [town.incoming(anna, Typed(words)) for words in ("1", "yes")]

        for incoming in burst:
            town.passes(timedelta(seconds=1))
            town.take(incoming)

        assert not agreed(anna)
        assert standing(anna).pending == CONSENT

    def test_a_final_yes_that_was_on_its_way_before_the_summary(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.registers(until="needs")
        burst = [town.incoming(anna, Typed(words)) for words in ("1", "yes")]

        for incoming in burst:
            town.passes(timedelta(seconds=1))
            town.take(incoming)

        assert consents(town) == []

    def test_a_yes_of_yesterday(self, anna: Citizen) -> None:
        anna.town.passes(timedelta(hours=25))

        assert "Good to see you again" in anna.says("yes")
        assert not agreed(anna)

    def test_two_yeses_in_one_batch_of_two_people(self, anna: Citizen) -> None:
        bert = anna.town.citizen("bert")
        bert.says("/register auftakt")
        anna.town.take(*(anna.town.incoming(each, Typed("yes")) for each in (anna, bert)))

        assert agreed(anna)
        assert standing(bert).pending == "place"


class TestChildren:
    def test_the_consent_for_a_child_does_not_pass_on_to_another_name(self, town: Town) -> None:
        walker = Walker(town, REGISTER)
        anna = walker.citizen
        next(key for key in walker.stops() if key == "sure")
        anna.says("change Companion 2", "Olga Beispiel")

        asked = standing(anna).pending or ""
        assert asked.startswith("companion.2."), "somebody else was agreed for"

    def test_a_no_for_a_child_is_understood(self, town: Town) -> None:
        anna = town.citizen("anna")
        anna.registers(until="companion.1.name")
        anna.says("Mia Beispiel", "yes", "no")
        anna.goes_on()

        assert "has changed in the meantime" not in anna.mail

    def test_who_is_no_child_after_all_has_no_consent(self, town: Town) -> None:
        walker = Walker(town, REGISTER)
        anna = walker.citizen
        next(key for key in walker.stops() if key == "sure")
        child = next(key for key in standing(anna).answers if fnmatch(key, "companion.2.*child"))
        anna.sends(forged(anna, "no", child))
        anna.says("no", "yes")

        with town.database.transaction() as tx:
            rows = tx.execute(text("select child, consent from companions order by rank")).all()
        assert [tuple(row) for row in rows] == [(False, "pending"), (False, "pending")]
        assert len(consents(town)) == 2  # the broadcast and the needs, both one's own


class TestWithdrawing:
    def test_a_consent_can_be_withdrawn_when_the_seat_is_given_back(self, anna: Citizen) -> None:
        anna.goes_on()
        anna.says("/mine", "1", "Give back my seat", "yes")

        assert "Withdraw" in anna.says("/mine")
        anna.says("2")
        anna.taps("Withdraw this consent")
        assert "Your consent is withdrawn" in anna.mail


class TestWhatIsRecorded:
    def test_the_words_in_the_language_in_which_they_were_shown(self, anna: Citizen) -> None:
        anna.says("/language de")
        anna.goes_on()

        (wording,) = consents(anna.town)
        assert wording.startswith("Ich bin damit einverstanden, im Rahmen der Übertragung")

    def test_a_later_change_of_language_changes_nothing(self, anna: Citizen) -> None:
        anna.says("yes", "/language de")
        anna.goes_on()

        (wording,) = consents(anna.town)
        assert wording.startswith("I agree to appear in the digital media")

    def test_a_consent_that_was_changed_to_no_is_not_recorded(self, anna: Citizen) -> None:
        anna.goes_on(until="sure")
        anna.says("change 3", "no", "1")

        assert consents(anna.town) == []

    def test_needs_without_a_consent_are_not_kept(self, anna: Citizen) -> None:
        anna.goes_on(Registering(answers={"needs": "a ramp", "consent_needs": "no"}))

        with anna.town.database.transaction() as tx:
            assert tx.execute(text("select needs from registrations")).scalar_one() == ""
        assert len(consents(anna.town)) == 1
