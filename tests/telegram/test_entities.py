"""HTML is read as Telegram reads it."""

from __future__ import annotations

import pytest

from tests.telegram.entities import parse_html, units
from tests.telegram.links import link_or_reason
from tests.telegram.refusals import Refusal
from tests.telegram.texts import formatted


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("😀<STRONG>a</strong>", "😀a", [("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<u>a</><s>b</s>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ('<a href="https://example.org?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ("<a>example.org</a>", "example.org", [("text_link", 0, 11)]),
        ('<a href="nirgendwo">x</a>', "x", []),
        ("<b></b>x", "x", []),
        ("&lt;b&gt; &amp;amp; &quot; &#8211; &#x2013;", '<b> &amp; " – –', []),
        (
            "Fisch & Chips &nbsp; &apos; &; &#; a&lt b",
            "Fisch & Chips &nbsp; &apos; &; &#; a< b",
            [],
        ),
        ("a > b", "a > b", []),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read, found = parse_html(source)

    assert read == text
    assert [(each["type"], each["offset"], each["length"]) for each in found] == entities


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("ä<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("a<br/>", 'Unsupported start tag "br/" at byte offset 1'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <- b", 'Unsupported start tag "-" at byte offset 2'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b =x>", 'Empty attribute name in the tag "b" at byte offset 0'),
    ],
)
def test_what_cannot_be_read_is_refused(source: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)

    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_the_ends_are_trimmed_and_entities_with_them() -> None:
    text, entities = formatted("\n  a <b>b </b> \n", "HTML", [])

    assert text == "a b"
    assert entities == [{"offset": 2, "length": 1, "type": "bold"}]


def test_addresses_and_commands_are_found() -> None:
    text = "😀 /hilfe https://example.org/a. erika@example.org 1/2 @stadt #dialog"

    _, entities = formatted(text, "", [])

    found = {each["type"]: text[each["offset"] - 1 :][: each["length"]] for each in entities}
    assert found == {
        "bot_command": "/hilfe",
        "url": "https://example.org/a",
        "email": "erika@example.org",
        "mention": "@stadt",
        "hashtag": "#dialog",
    }


def test_length_is_counted_in_utf_16() -> None:
    assert [units(text) for text in ("a", "ä", "😀", "👨‍👩‍👧")] == [1, 1, 2, 8]


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.org/A", "https://example.org/A"),
        ("example.org?a", "http://example.org/?a"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
        ("http://localhost/", ""),
        ("mailto:erika", ""),
        ("ftp://example.org", ""),
        ("javascript://example.org", ""),
        ("", ""),
    ],
)
def test_addresses_are_checked(link: str, kept: str) -> None:
    assert link_or_reason(link)[0] == kept
