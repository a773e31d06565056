"""What Telegram cuts into several messages is one idea, however its pieces arrive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.channels.telegram.serving import serving, settle
from tests.channels.telegram.walks import locked, shows, walks
from tests.serving import Serving, handed_in
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

LIMIT = 4096
WORD = "Fahrradständer "
LONG = (WORD * 500).strip()
WHERE = "Where does it belong?"


def cut(text: str) -> list[str]:
    """Cut a text as a client does that looks for no place to cut."""
    return [text[start : start + LIMIT] for start in range(0, len(text), LIMIT)]


def cut_between_words(text: str) -> list[str]:
    """Cut a text as a client does that cuts behind a word, and sends no spaces at the edges."""
    pieces = []
    while len(text) > LIMIT:
        end = text.rindex(" ", 0, LIMIT)
        pieces.append(text[:end])
        text = text[end:].strip()
    return [*pieces, text]


def cut_between_lines(text: str) -> list[str]:
    """Cut a text as an iPhone does: behind the last line that fits as a whole."""
    end = text.rindex("\n", 0, LIMIT)
    return [text[:end], *cut(text[end:].strip())]


def finishes(telegram: Telegram, anna: Phone, database: Database) -> str:
    """Hand in what was written, and give it as it is stored."""
    anna.types("1")
    anna.waits_for("Is everything right?")
    walks(telegram, anna, "yes")
    anna.waits_for("Thank you")
    [idea] = handed_in(database)
    return str(idea.text)


@pytest.fixture
def asked(telegram: Telegram, anna: Phone) -> Phone:
    """Let Anna be asked for her idea."""
    walks(telegram, anna, "/idea", "1")
    shows(anna, "What is your idea")
    anna.reads()
    return anna


@pytest.mark.parametrize("length", [4097, 5000, 7499])
@pytest.mark.parametrize("cuts", [cut, cut_between_words])
def test_a_long_idea_is_handed_in_as_a_whole(
    telegram: Telegram, asked: Phone, database: Database, cuts: object, length: int
) -> None:
    text = LONG[:length].strip()
    for piece in cut(text) if cuts is cut else cut_between_words(text):
        asked.types(piece)
    assert f"{len(text):,}" in asked.waits_for("the parts of your long message").text
    telegram.waits_until_read()

    assert finishes(telegram, asked, database) == text


def test_a_short_first_line_before_a_long_one_is_part_of_it(
    telegram: Telegram, asked: Phone, database: Database
) -> None:
    text = f"Dear people at the town hall\n{LONG[:4080]}"
    for piece in cut_between_lines(text):
        asked.types(piece)
    asked.waits_for("the parts of your long message")

    assert finishes(telegram, asked, database).split() == text.split()


@pytest.mark.parametrize("rest", ["1", "ja", "nein", "/cancel", "weiter", "Auftakt 20.08."])
def test_the_rest_is_never_taken_for_something_else(
    telegram: Telegram, asked: Phone, database: Database, rest: str
) -> None:
    asked.types("x" * (LIMIT - 1) + ":")
    asked.waits_for(WHERE)
    asked.types(rest)
    asked.waits_for("the parts of your long message")

    assert finishes(telegram, asked, database).endswith(f":\n{rest}")


def test_the_rest_that_comes_while_the_database_is_away_is_not_lost(
    telegram: Telegram, asked: Phone, database: Database
) -> None:
    with locked(database):
        for piece in cut(LONG[:5000]):
            asked.types(piece)
    asked.waits_for("the parts of your long message")

    assert finishes(telegram, asked, database) == LONG[:5000].strip()


def test_what_is_too_long_as_a_whole_is_said_so(asked: Phone) -> None:
    for piece in cut(WORD * 1_000):
        asked.types(piece)

    asked.waits_for("8,000 fit in here")
    shows(asked, "This belongs to the long message before it")


def test_a_long_text_that_nobody_asked_for_is_one_text(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    for piece in cut(LONG[:5000]):
        anna.types(piece)
    anna.waits_for("the parts of your long message")
    walks(telegram, anna, "yes", "1", "1", "1", "1", "yes")
    anna.waits_for("Thank you")

    assert handed_in(database)[0].text == LONG[:5000].strip()


@pytest.fixture
def brought(telegram: Telegram, url: str) -> Iterator[Serving]:
    """Run the bot behind a webhook, which is brought everything twice."""
    telegram.weather.duplicates = 1.0
    with serving(telegram, url, webhook=True) as service:
        yield service


@pytest.mark.usefixtures("brought")
def test_pieces_that_are_brought_twice_are_joined_once(
    telegram: Telegram, database: Database
) -> None:
    anna = telegram.person("anna", "en").starts()
    anna.waits_for("Welcome")
    walks(telegram, anna, "/idea", "1")
    shows(anna, "What is your idea")
    for piece in cut(LONG[:5000]):
        anna.types(piece)
        telegram.waits_until_read()
    anna.waits_for("the parts of your long message")
    settle(telegram, database)

    assert finishes(telegram, anna, database) == LONG[:5000].strip()
