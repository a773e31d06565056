"""Ideas: few steps, nothing handed in without a look, and a way back for each of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.dialogue.messages import Picture
from bot.services.examples import as_published
from tests.conversations.transcripts import FOLDER
from tests.conversations.walks import standing
from tests.town import Citizen, Town

EVENING = datetime(2020, 8, 20, 18, 45, tzinfo=ZoneInfo("Europe/Berlin"))
END = datetime(2020, 8, 20, 20, 0, tzinfo=ZoneInfo("Europe/Berlin"))
LONG_AFTERWARDS = datetime(2021, 8, 20, 12, tzinfo=UTC)
THANKS = "Thank you! Your idea has arrived."
LOOK = "With your choice I hand it in"
BENCHES = "More benches in the shade, please"


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


def ideas(town: Town, what: str = "text") -> list[str]:
    with town.database.transaction() as tx:
        return [str(row[0]) for row in tx.execute(text(f"select {what} from ideas order by id"))]  # noqa: S608


def flat(answer: str) -> str:
    return " ".join(answer.split())


def picture(name: str = "picture", caption: str = "") -> Picture:
    return Picture(name, "image/png", b"not looked at any more", caption)


@pytest.mark.parametrize("language", ["en", "de", "de@leicht"])
def test_an_idea_takes_at_most_five_steps_and_150_words(language: str) -> None:
    script = (FOLDER / language / "idea.txt").read_text(encoding="utf-8")
    first, _arrived, rest = script.partition("CR-2020-0001")
    first += rest.partition("anna>")[0]
    steps = [line for line in first.splitlines() if line.startswith("anna>")]
    spoken = " ".join(line[6:] for line in first.splitlines() if line.startswith("anna |"))
    words = re.findall(r"[^\W\d_][\w@.’'-]*", spoken)

    assert len(steps) <= 5
    assert len(words) <= 150


class TestTheEvening:
    @pytest.fixture(autouse=True)
    def begin(self, town: Town) -> None:
        town.now = EVENING

    @pytest.mark.parametrize(
        "words",
        [
            "Danke!",
            "Danke für den schönen Abend",
            "Vielen Dank und tschüss",
            "nein danke",
            "no, thanks",
            "ok",
            "Super!",
            "Das war's",
            "fertig",
            "Thank you for the great evening!",
        ],
    )
    def test_thanks_are_no_idea(self, town: Town, anna: Citizen, words: str) -> None:
        anna.says("/idea", BENCHES, "1")
        answer = anna.says(words)

        assert "Thank you for taking part!" in answer
        assert ideas(town) == [BENCHES]

    @pytest.mark.parametrize("words", ["Danke!", "Scheiße", "Wo ist der Stream?", "nein danke"])
    def test_nothing_is_handed_in_without_a_look(
        self, town: Town, anna: Citizen, words: str
    ) -> None:
        answer = anna.says("/idea", words)

        assert words in answer or "You are welcome!" in answer
        assert ideas(town) == []

    def test_a_question_about_the_stream_is_answered(self, town: Town, anna: Citizen) -> None:
        assert "facebook.com" in anna.says("/idea", "Wo ist denn der Livestream?")
        anna.says("/cancel")
        assert "facebook.com" in anna.says("Wo ist denn heute der Stream?")
        assert ideas(town) == []

    def test_a_question_may_be_an_idea(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", "Could the town hall answer me by chat?", "yes", "2")

        assert ideas(town) == ["Could the town hall answer me by chat?"]

    def test_one_tap_ends_it(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", BENCHES, "1")
        anna.taps("That is all")

        assert LOOK not in anna.says("And what is it that I do now with my evening")
        assert ideas(town) == [BENCHES]

    def test_one_tap_takes_it_back(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", BENCHES, "1")

        assert "CR-2020-0001 is deleted." in anna.taps("Take it back")
        assert ideas(town, "state") == ["withdrawn"]

    def test_the_next_one_takes_two_steps_and_both_receipts_quote(
        self, town: Town, anna: Citizen
    ) -> None:
        first = anna.says("/idea", BENCHES, "1")
        assert LOOK in anna.says("A map of all charging points")
        second = anna.says("I do not know")

        assert BENCHES in flat(first)
        assert "A map of all charging points" in flat(second)
        assert ideas(town, "pillar") == ["city", "unknown"]
        assert ideas(town, "event_id") == ["1", "1"]
        assert anna.mail.count("publishes ideas") == 1

    def test_what_is_shown_need_not_be_handed_in(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", BENCHES)
        anna.taps("Do not hand it in")

        assert ideas(town) == []


class TestWordsAtThePillarQuestion:
    @pytest.fixture(params=[EVENING, EVENING - timedelta(days=9)], ids=["evening", "before"])
    def asked(self, request: pytest.FixtureRequest, town: Town, anna: Citizen) -> Citizen:
        town.now = request.param
        anna.says("/idea", *(() if town.now == EVENING else ("1",)), BENCHES)
        answer = anna.says("And also some lamps")
        assert "And also some lamps" in answer
        return anna

    @staticmethod
    def finish(anna: Citizen) -> str:
        answer = anna.says("1")
        return anna.says("yes") if standing(anna).pending == "sure" else answer

    def test_they_may_belong_to_it(self, town: Town, asked: Citizen) -> None:
        asked.taps("It belongs to my idea")
        self.finish(asked)

        assert ideas(town) == [f"{BENCHES}\n\nAnd also some lamps"]

    def test_they_may_be_another_idea_which_comes_next(self, town: Town, asked: Citizen) -> None:
        assert "I ask about that next" in asked.taps("Another idea")
        assert LOOK in flat(self.finish(asked))
        asked.says("2")

        assert ideas(town) == [BENCHES, "And also some lamps"]

    def test_they_may_take_its_place(self, town: Town, asked: Citizen) -> None:
        asked.taps("Take it instead")
        self.finish(asked)

        assert ideas(town) == ["And also some lamps"]

    def test_they_may_be_none(self, town: Town, asked: Citizen) -> None:
        asked.taps("No idea at all")
        self.finish(asked)

        assert ideas(town) == [BENCHES]


class TestWordsAtTheSummary:
    @pytest.fixture
    def asked(self, town: Town, anna: Citizen) -> Citizen:
        town.now = EVENING - timedelta(days=9)
        anna.says("/idea", "1", BENCHES, "1")
        assert "What is that?" in anna.says("And also some lamps")
        return anna

    def test_they_may_belong_to_it(self, town: Town, asked: Citizen) -> None:
        assert "And also some lamps" in asked.taps("It belongs to my idea")
        asked.says("yes")

        assert ideas(town) == [f"{BENCHES}\n\nAnd also some lamps"]

    def test_they_may_be_another_idea_which_comes_next(self, town: Town, asked: Citizen) -> None:
        asked.taps("Another idea")
        asked.says("yes", "2")

        assert ideas(town) == [BENCHES, "And also some lamps"]

    def test_they_may_be_nothing(self, town: Town, asked: Citizen) -> None:
        asked.taps("No idea at all")
        asked.says("yes")

        assert ideas(town) == [BENCHES]


class TestPictures:
    def test_a_picture_without_words_is_kept_until_they_come(
        self, town: Town, anna: Citizen
    ) -> None:
        town.now = EVENING
        anna.says("idea-auftakt")
        anna.sends(picture())
        anna.says(BENCHES, "1")

        assert ideas(town, "picture_id") == ["picture"]

    def test_a_picture_after_an_idea_can_be_put_to_it(self, town: Town, anna: Citizen) -> None:
        town.now = EVENING
        anna.says("/idea", BENCHES, "1")
        anna.sends(picture())
        answer = anna.taps("Put the picture to CR-2020-0001")

        assert "I have changed CR-2020-0001" in answer
        assert ideas(town, "picture_id") == ["picture"]

    def test_words_below_a_picture_are_the_idea(self, town: Town, anna: Citizen) -> None:
        town.now = EVENING
        anna.says("/idea")
        assert BENCHES in anna.sends(picture(caption=BENCHES))
        anna.says("1")

        assert ideas(town) == [BENCHES]
        assert ideas(town, "picture_id") == ["picture"]

    def test_the_summary_takes_a_picture_and_a_name(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", "1", BENCHES, "1")
        assert "Picture: one picture" in anna.sends(picture())
        assert "For: myself" in anna.says("change name", "Anna Beispiel")
        anna.says("yes")

        assert ideas(town, "name") == ["Anna Beispiel"]
        assert ideas(town, "picture_id") == ["picture"]


class TestTheCodeOfAnEvent:
    @pytest.mark.parametrize("begin", ["idea-auftakt", "/start idea-auftakt", "IDEA-auftakt"])
    @pytest.mark.parametrize("late", [timedelta(), timedelta(hours=2), timedelta(days=6)])
    def test_it_leads_the_short_way_until_days_after_the_end(
        self, town: Town, anna: Citizen, begin: str, late: timedelta
    ) -> None:
        town.now = END + late
        anna.says(begin, BENCHES, "1")

        assert ideas(town, "event_id") == ["1"]
        assert ideas(town, "origin") == ["screen"]

    @pytest.mark.parametrize("now", [EVENING - timedelta(days=9), LONG_AFTERWARDS])
    def test_it_works_before_the_event_and_long_after_it(
        self, town: Town, anna: Citizen, now: datetime
    ) -> None:
        town.now = now
        anna.says("/start idea-auftakt", "1", BENCHES, "1", "yes")

        assert ideas(town, "event_id") == ["1"]

    def test_the_short_way_stays_one_when_the_event_ends(self, town: Town, anna: Citizen) -> None:
        town.now = END - timedelta(minutes=5)
        anna.says("/idea")
        town.now = END + timedelta(hours=5)
        assert LOOK in anna.says(BENCHES)
        town.now += timedelta(days=20) - timedelta(hours=5)
        anna.says("/language en", "1")

        assert ideas(town, "event_id") == ["1"]

    @pytest.mark.parametrize("now", [EVENING, END + timedelta(days=1)])
    def test_who_sat_in_the_room_speaks_from_there(
        self, town: Town, anna: Citizen, now: datetime
    ) -> None:
        anna.registers()
        town.now = now
        anna.says("idea-auftakt", BENCHES, "1")

        assert ideas(town, "origin") == ["room"]

    def test_events_run_late(self, town: Town, anna: Citizen) -> None:
        town.now = END + timedelta(hours=1)
        anna.says("/idea", BENCHES, "1")

        assert ideas(town, "event_id") == ["1"]

    @pytest.mark.parametrize("code", ["/start idea-sommerfest", "/start idea-auftakt"])
    @pytest.mark.parametrize("now", [EVENING - timedelta(days=9), LONG_AFTERWARDS])
    def test_without_an_event_ahead_it_takes_ideas_all_the_same(
        self, town: Town, anna: Citizen, code: str, now: datetime
    ) -> None:
        town.now = now
        answer = anna.says(code)

        assert "What would you like to tell us?" in answer
        anna.says(BENCHES, "1")
        assert ideas(town) == [BENCHES]


class TestWordsThatAreTheIdea:
    @pytest.mark.parametrize("now", [EVENING - timedelta(days=9), EVENING, LONG_AFTERWARDS])
    def test_behind_the_command(self, town: Town, anna: Citizen, now: datetime) -> None:
        town.now = now
        assert BENCHES in anna.says(f"/idea {BENCHES}")
        anna.says("1")

        assert ideas(town) == [BENCHES]

    def test_an_event_behind_the_command_is_one(self, anna: Citizen) -> None:
        anna.says("/idea Digitalisierung 31.08.")

        assert standing(anna).answers["event"] == "videokonferenz"

    def test_at_the_first_question(self, town: Town, anna: Citizen) -> None:
        anna.says("/idea", BENCHES, "2")

        assert ideas(town) == [BENCHES]

    def test_that_nobody_asked_for(self, town: Town, anna: Citizen) -> None:
        assert "Shall I take that as an idea?" in anna.says(BENCHES)
        assert LOOK in anna.says("yes")
        anna.says("1")

        assert ideas(town) == [BENCHES]


class TestItsNumber:
    @pytest.fixture
    def anna(self, anna: Citizen) -> Citizen:
        anna.says(f"/idea {BENCHES}", "1")
        return anna

    @pytest.mark.parametrize(
        "number",
        [
            "CR-2020-0001",
            "cr-2020-0001",
            "CR 2020 0001",
            "CR–2020–1",
            "2020-0001",
            "cr1",
            " #CR-2020-0001.",
        ],
    )
    @pytest.mark.parametrize("meanwhile", [(), ("/register auftakt",), ("/idea", "1")])
    def test_it_opens_the_idea(
        self, anna: Citizen, number: str, meanwhile: tuple[str, ...]
    ) -> None:
        anna.says(*meanwhile)
        answer = anna.says(number)

        assert BENCHES in answer
        assert "Correct the text" in answer

    def test_nobody_else_opens_it(self, town: Town, anna: Citizen) -> None:
        bert = town.citizen("bert")
        assert BENCHES in anna.says("CR-2020-0001")
        answer = bert.says("CR-2020-0001")

        assert "no idea of yours" in answer
        assert BENCHES not in answer

    @pytest.mark.parametrize("words", ["2020", "0001", "1", "20-21"])
    def test_a_plain_number_is_an_answer(self, anna: Citizen, words: str) -> None:
        anna.says("/register auftakt")
        before = standing(anna).run
        anna.says(words)

        assert standing(anna).run == before

    def test_the_text_is_corrected(self, town: Town, anna: Citizen) -> None:
        anna.says("CR-2020-0001")
        anna.taps("Correct the text")
        answer = anna.says("Fewer benches in the shade, please")

        assert "Fewer benches" in answer
        assert ideas(town) == ["Fewer benches in the shade, please"]

    @pytest.mark.parametrize("way", ["CR-2020-0001", "/mine"])
    def test_a_picture_and_a_name_are_added(self, town: Town, anna: Citizen, way: str) -> None:
        open_it = (way, "1") if way == "/mine" else (way,)
        anna.says(*open_it)
        anna.taps("Add a picture")
        anna.sends(picture("first"))
        anna.says(*open_it)
        anna.taps("Replace the picture")
        anna.sends(picture("second"))
        anna.says(*open_it)
        anna.taps("Add my name")
        anna.says("Anna Beispiel")

        assert ideas(town, "picture_id") == ["second"]
        assert ideas(town, "name") == ["Anna Beispiel"]
        with town.database.transaction() as tx:
            assert tx.execute(text("select count(*) from pictures")).scalar_one() == 1

    def test_what_was_taken_back_stays_so(self, town: Town, anna: Citizen) -> None:
        anna.says("CR-2020-0001")
        anna.taps("Correct the text")
        tapped = anna.says("/mine", "1")
        assert BENCHES in tapped
        anna.taps("Take it back")
        anna.says("yes")

        assert "You have taken CR-2020-0001 back." in anna.says("CR-2020-0001")
        assert ideas(town) == [""]


def test_an_event_offers_the_pillars_that_it_is_about(town: Town, anna: Citizen) -> None:
    both = 'pillars = ["city", "administration"]'
    town.announce(as_published().replace(both, 'pillars = ["administration"]', 1))
    answer = anna.says("idea-auftakt", "1", BENCHES)

    assert "Digital city" not in answer
    assert "Digital administration" in answer
    assert "I do not know" in answer
