"""The words of a message on Telegram: with hidden addresses, without a mention of the bot."""

from __future__ import annotations

import pytest

from bot.channels.telegram.words import words


def link(offset: int, length: int, url: object = "https://a.example") -> dict[str, object]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


@pytest.mark.parametrize(
    ("text", "entities", "read"),
    [
        ("See here, please", [link(4, 4)], "See here (https://a.example), please"),
        ("😀 here", [link(3, 4)], "😀 here (https://a.example)"),
        ("a b", [link(0, 1, "x"), link(2, 1, "y")], "a (x) b (y)"),
        ("here", [link(0, 4, None)], "here"),
        ("here", "none", "here"),
        ("here", [{"type": "bold", "offset": 0, "length": 4}, 7], "here"),
        ("@the_bot Anna Adler", None, "Anna Adler"),
        ("@The_Bot: yes", None, "yes"),
        ("yes @the_bot", None, "yes"),
        ("Write to @the_bot today", None, "Write to @the_bot today"),
        ("@the_bottle is a bar", None, "@the_bottle is a bar"),
        ("@the_bot", None, "@the_bot"),
    ],
)
def test_the_words_are_those_that_were_meant(text: str, entities: object, read: str) -> None:
    assert words(text, entities, "the_bot") == read
