"""Texts: long ones are divided where nothing breaks, and what people write stays what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.channels.telegram.texts import LONGEST, html, parts, units
from bot.services.examples import as_published
from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import founded_with, walks
from tests.telegram import Phone, Telegram
from tests.telegram.entities import parse_html

WORDS = st.sampled_from(
    ["Wort", "<b>fett und mehr</b>", "&lt;b&gt;", "🎉", "ä", "<code>a\nb</code>", "&amp;", "x" * 50]
)
GAPS = st.sampled_from([" ", "\n", "\n\n", ""])


@given(st.lists(st.tuples(WORDS, GAPS), max_size=80), st.integers(60, 200))
def test_every_part_is_short_enough_and_can_be_read(
    words: list[tuple[str, str]], limit: int
) -> None:
    text = "".join(word + gap for word, gap in words)
    read = [parse_html(part)[0] for part in parts(text, limit)]

    assert all(units(part) <= limit for part in read)
    assert _letters("".join(read)) == _letters(parse_html(text)[0])


@pytest.mark.parametrize("word", ["🎉", "ä", "&lt;", "x", "<b>x</b>"])
def test_one_endless_word_is_divided_too(word: str) -> None:
    read = [parse_html(part)[0] for part in parts(word * 6_000)]

    assert "".join(read) == parse_html(word * 6_000)[0]
    assert all(units(part) <= LONGEST for part in read)


def test_a_text_is_divided_between_paragraphs_if_possible() -> None:
    paragraph = "word " * 199 + "end"
    text = "\n\n".join([paragraph] * 9)

    assert [part.count("end") for part in parts(text)] == [4, 4, 1]


def test_exactly_as_much_as_fits_is_one_message() -> None:
    fits = "🎉" * (LONGEST // 2)

    assert parts(fits) == [fits]
    assert len(parts(fits + "x")) == 2


def test_new_lines_are_no_tags() -> None:
    assert html("a<br>b<br/>c") == "a\nb\nc"


@pytest.mark.slow
def test_the_buttons_stand_under_the_last_part(telegram: Telegram, tmp_path: Path) -> None:
    long = 'summary.en = """\n' + ("🎉" * 18 + "\n\n") * 100
    town = founded_with(tmp_path, as_published().replace('summary.en = """\n', long, 1))
    with serving(telegram, f"sqlite:///{town}"):
        bert = telegram.person("bert", "en").starts("event-auftakt")
        last = bert.waits_for("Take a seat")
        bert.taps("More about it")
        last = bert.waits_for("Keyword: Digitalisierung 20.08.")
        *parts, _last = [each for each in bert.messages if each.from_bot]

    assert parts
    assert not [each for each in parts if each.buttons]
    assert bert.last.buttons
    assert all(units(each.text) <= LONGEST for each in parts)
    assert "Keyword: Digitalisierung 20.08." in last.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "written", ["<b>bold</b> & <script>", "&lt;i&gt; &amp;amp;", "<a href='x'>"]
)
def test_tags_that_a_person_wrote_are_shown_as_they_were_written(
    telegram: Telegram, anna: Phone, written: str
) -> None:
    walks(telegram, anna, "/idea", "1", written, "1")

    summary = anna.waits_for("Yes, hand it in")
    assert f"In your words: {written}\n" in summary.text
    assert {each["type"] for each in summary.entities} <= {"bold", "url", "bot_command"}
    assert all(summary.text[each["offset"] :].startswith(_LABELS) for each in summary.entities)


_LABELS = ("What it is", "In your words", "Belongs to", "Picture", "Name")


@pytest.mark.slow
def test_a_pick_stays_true_to_a_text_with_tags_in_it(telegram: Telegram, anna: Phone) -> None:
    walks(telegram, anna, "/idea", "1", "1 < 2 & <b>3</b>", "1")
    summary = anna.waits_for("Yes, hand it in")
    anna.taps("Yes, hand it in")

    shown = anna.waits_for("✓ Yes, hand it in")
    assert shown.text == f"{summary.text}\n\n✓ Yes, hand it in"
    assert shown.entities == summary.entities
    assert str(escape("1 < 2 & <b>3</b>")) not in shown.text


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)
