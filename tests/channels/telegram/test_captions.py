"""Words that came with something else: they are the answer, and nothing of the rest is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.store.database import Database
from tests.channels.telegram.test_photos import kept, picture
from tests.channels.telegram.walks import shows, walks
from tests.serving import handed_in
from tests.telegram import Phone, Telegram, contents
from tests.telegram.refusals import Json

pytestmark = pytest.mark.slow

WORDS = "A rack for bicycles at the station, please"
WHERE = "Where does it belong?"
TAKEN = "Picture: one picture"


def captioned(phone: Phone, content: Json) -> object:
    return phone.sends(contents.captioned(content, WORDS))


COMPANY: dict[str, Callable[[Phone], object]] = {
    "a voice message": lambda anna: captioned(anna, contents.voice(anna.records.files, 3)),
    "a film": lambda anna: anna.sends_video(caption=WORDS),
    "a document": lambda anna: anna.sends_document("a.pdf", b"%PDF", caption=WORDS),
    "a broken picture": lambda anna: anna.sends_document(
        "a.png", b"none", "image/png", caption=WORDS
    ),
}


@pytest.fixture
def asked(telegram: Telegram, anna: Phone) -> Phone:
    """Let Anna be asked for her idea."""
    walks(telegram, anna, "/idea", "1")
    shows(anna, "What is your idea")
    anna.reads()
    return anna


@pytest.mark.parametrize("sends", COMPANY.values(), ids=COMPANY.keys())
def test_words_below_what_cannot_be_read_are_the_answer_and_the_rest_is_named(
    asked: Phone, sends: Callable[[Phone], object]
) -> None:
    sends(asked)

    answer = asked.waits_for(WHERE)
    assert "What you sent with them I cannot open." in answer.text


def test_words_below_a_picture_are_the_answer_and_the_picture_goes_with_it(
    telegram: Telegram, asked: Phone, database: Database
) -> None:
    asked.sends_photo(picture(), WORDS)
    assert "I have your picture as well" in asked.waits_for(WHERE).text
    asked.types("1")
    asked.waits_for(TAKEN)
    walks(telegram, asked, "yes")
    asked.waits_for("Thank you")

    [idea] = handed_in(database)
    assert idea.text == WORDS
    assert idea.picture_id is not None


@pytest.mark.parametrize("below", [0, 1, 2])
def test_words_below_any_picture_of_an_album_are_the_answer(
    telegram: Telegram, asked: Phone, database: Database, below: int
) -> None:
    for number in range(3):
        photo = {"media_group_id": "1"} | contents.photo(asked.records.files, picture())
        asked.sends(contents.captioned(photo, WORDS if number == below else ""))
    telegram.waits_until_read()
    shows(asked, WHERE)
    asked.types("1")
    asked.waits_for(TAKEN)
    walks(telegram, asked, "yes")
    asked.waits_for("Thank you")

    [idea] = handed_in(database)
    assert idea.text == WORDS
    assert idea.picture_id is not None
    assert len(kept(database)) == 1


def test_a_picture_one_question_early_is_kept(telegram: Telegram, asked: Phone) -> None:
    asked.sends_photo(picture())
    assert "I have your picture" in asked.waits_for("What is your idea").text
    walks(telegram, asked, WORDS, "1")

    asked.waits_for(TAKEN)
    assert not any("Would you like to add a picture?" in each.text for each in asked.messages)


def test_a_picture_without_words_begins_an_idea_if_nothing_else_is_asked(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    anna.sends_photo(picture())
    anna.waits_for("A picture can go with an idea. I have kept yours.")
    walks(telegram, anna, "1", WORDS, "1", "yes")
    anna.waits_for("Thank you")

    assert handed_in(database)[0].picture_id is not None


def test_a_picture_with_words_at_the_menu_is_taken_for_an_idea_as_a_whole(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    anna.sends_photo(picture(), WORDS)
    anna.waits_for("Shall I take that as an idea?")
    walks(telegram, anna, "yes", "1", "1", "yes")
    anna.waits_for("Thank you")

    [idea] = handed_in(database)
    assert idea.text == WORDS
    assert idea.picture_id is not None


def test_words_below_a_picture_where_pictures_are_no_use_are_the_answer(
    telegram: Telegram, anna: Phone
) -> None:
    walks(telegram, anna, "/register auftakt", "1", "yes")
    shows(anna, "What is your name?")
    anna.sends_photo(picture(), "Anna Adler")

    assert "I cannot use a picture here." in anna.waits_for("For whom are you coming?").text


def test_words_below_the_picture_that_was_asked_for_are_not_lost_without_a_word(
    telegram: Telegram, asked: Phone
) -> None:
    walks(telegram, asked, WORDS, "1", "change picture")
    shows(asked, "Would you like to add a picture?")
    asked.sends_photo(picture(), "The station")

    assert "I have not taken the words below it" in asked.waits_for(TAKEN).text
