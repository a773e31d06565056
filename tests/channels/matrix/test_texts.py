"""Texts as Matrix shows them, and what people write as the bot reads it."""

from __future__ import annotations

import json
import re

import pytest
from nio import Event

from bot.channels.matrix import incoming, letters, reactions, texts
from bot.channels.matrix.letters import CHOICES
from bot.dialogue.messages import Edited, Typed, Unsupported
from bot.domain.events import Venue
from bot.services.attachments import Access, Calendar, Photo
from bot.store.outbox import Letter
from tests.matrix import contents
from tests.matrix.screens import Json

MOST_BYTES = 65_536


def letter(text: str, **more: object) -> Letter:
    return Letter(1, "matrix", "@anna:dialog.test", {"text": text, "language": "en"} | more)


def event(content: Json, kind: str = "m.room.message") -> Event:
    named = {"type": kind, "event_id": "$1", "sender": "@a:b", "origin_server_ts": 1}
    return Event.parse_event(named | {"content": content})


def test_a_text_is_plain_and_formatted() -> None:
    shown = texts.notice('<b>Hello &amp; welcome</b>\n<a href="https://a.example/?a=1">here</a>')

    assert shown["msgtype"] == "m.notice"
    assert shown["body"] == "Hello & welcome\nhere (https://a.example/?a=1)"
    assert shown["formatted_body"] == (
        '<b>Hello &amp; welcome</b><br><a href="https://a.example/?a=1">here</a>'
    )


def test_words_without_form_are_plain_only() -> None:
    assert texts.notice("Hello\nyou") == {"msgtype": "m.notice", "body": "Hello\nyou"}


def test_what_somebody_typed_stays_what_it_is() -> None:
    shown = texts.notice("Name: &lt;img src=x&gt; &amp;amp;")

    assert shown["body"] == "Name: <img src=x> &amp;"
    assert shown["formatted_body"] == "Name: &lt;img src=x&gt; &amp;amp;"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/help says more", "!help says more"),
        ("say /cancel.", "say !cancel."),
        ("<b>/mine</b> („/idee“)", "<b>!mine</b> („!idee“)"),
        ("/nonsense", "/nonsense"),
        ("and/or he/help", "and/or he/help"),
        ("https://a.example/help", "https://a.example/help"),
        ("https://a.example/#/events?to=/idea", "https://a.example/#/events?to=/idea"),
    ],
)
def test_commands_begin_with_an_exclamation_mark(before: str, after: str) -> None:
    assert texts.commanding(before) == after
    assert texts.notice(f"{before} &amp;")["body"] == f"{texts.plain(after)} &"


@pytest.mark.parametrize("character", ["a", "ä", "😀", "&amp;", "a\n", "<b>a</b> ", "\n\n"])
def test_every_message_fits_into_an_event_and_nothing_is_lost(character: str) -> None:
    text = f"First {character * 20_000} last"
    parts = texts.parts(text)
    words = [texts.notice(part) for part in parts]

    assert max(len(json.dumps(each)) * 4 / 3 for each in words) < MOST_BYTES - 2_000
    assert "".join("".join(each["body"].split()) for each in words) == "".join(
        texts.plain(text).split()
    )
    assert all(part.count("<b>") == part.count("</b>") for part in parts)


def test_a_long_text_is_divided_between_paragraphs() -> None:
    paragraph = "word " * 1_000
    parts = texts.parts("\n\n".join([paragraph] * 10))

    assert {part.count(paragraph.strip()) for part in parts} <= {1, 2, 3}
    assert all(part.startswith("word") for part in parts)


def test_choices_are_numbered_behind_the_summary_and_may_be_tapped_if_they_are_harmless() -> None:
    choices = [["Yes", "1:sure:yes"], ["No", "1:sure:no"]]
    [asked] = letters.parts(letter("Sure?", choices=choices, summary=[["Name", "A", "x"]]), [])
    [open_to_all] = letters.parts(letter("Which?", choices=choices, harmless=True), [])

    assert isinstance(asked, dict)
    assert asked["body"].startswith("Sure?\n\n1. Name: A\n\n2. Yes\n3. No\n\nIf all is right")
    assert CHOICES not in asked
    assert isinstance(open_to_all, dict)
    assert open_to_all[CHOICES] == ["1:sure:yes", "1:sure:no"]


def test_a_date_stands_behind_its_words_and_a_place_above_what_is_asked() -> None:
    date = Calendar("date.ics", b"BEGIN:VCALENDAR")
    choices = [["More", "1:a:b"]]
    _words, file = letters.parts(letter("Here it is.", choices=choices), [date])
    _place, asked = letters.parts(letter("There.", choices=choices), [Venue("DIEZE", "Here")])

    assert isinstance(file, letters.File)
    assert isinstance(asked, dict)
    assert "1. More" in asked["body"]


def test_a_picture_is_a_file_under_the_number_of_its_idea() -> None:
    photo = Photo("CR-2026-0001.png", "image/png", b"seen")
    [_words, file] = letters.parts(letter("The idea."), [photo])

    assert file == letters.File("CR-2026-0001.png", "image/png", b"seen", "CR-2026-0001.png")


def test_access_data_stay_as_they_are() -> None:
    text = "https://a.example/?a&b\n<1> #/idea"
    [_words, access] = letters.parts(letter("Here."), [Access(text)])

    assert isinstance(access, dict)
    assert access["body"] == text


def test_a_place_is_shown_on_the_map_or_in_words() -> None:
    venue = Venue("DIEZE & more", "Erinstraße 6, Castrop-Rauxel", 51.5, 7.25)
    [_words, place] = letters.parts(letter("There."), [venue])
    [_words, words] = letters.parts(letter("There."), [Venue(venue.name, venue.address)])

    assert isinstance(place, dict)
    assert (place["msgtype"], place["geo_uri"]) == ("m.location", "geo:51.5,7.25")
    assert place["body"].startswith("DIEZE & more\nErinstraße 6")
    assert isinstance(words, dict)
    assert words["msgtype"] == "m.notice"
    assert re.search(r"DIEZE & more\n.*\nMap: https://www.openstreetmap.org/\S+6%2C", words["body"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("> <@bot:a.example> Which?\n> 1. Yes\n\n1", "1"),
        ("> * <@bot:a.example> waves\n\nyes", "yes"),
        ("> is what I mean", "> is what I mean"),
    ],
)
def test_what_a_reply_quotes_is_no_answer(body: str, words: str) -> None:
    assert incoming.content(event(contents.text(body))) == Typed(words)


@pytest.mark.parametrize("kind", ["m.text", "m.emote"])
def test_words_are_words(kind: str) -> None:
    assert incoming.content(event(contents.text("yes", kind))) == Typed("yes")


@pytest.mark.parametrize(
    "content",
    [
        contents.text("yes", "m.notice"),
        contents.edit("$0", "yes") | {"msgtype": "m.notice"},
        {"msgtype": "m.notice", "body": 1},
    ],
)
def test_what_bots_say_is_nothing(content: Json) -> None:
    assert incoming.content(event(content)) is None


def test_edits_and_what_cannot_be_read_are_told_apart() -> None:
    assert incoming.content(event(contents.edit("$0", "yes"))) == Edited()
    assert incoming.content(event(contents.location(51, 7))) == Unsupported("location")
    assert incoming.content(event({"msgtype": "m.image", "body": "a"})) == Unsupported("other")
    assert incoming.content(event({"name": "Stadt"}, "m.room.name")) is None


@pytest.mark.parametrize("info", [[], "a", None, {"size": "9"}, {"size": None}])
def test_a_picture_whose_size_is_none_is_a_picture(info: object) -> None:
    content = contents.attachment("m.image", "a", "image/png", 9) | {"url": "mxc://a/b"}

    assert incoming.content(event(content | {"info": info})) == incoming.Fetchable("mxc://a/b", 0)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("1\ufe0f\u20e3", 1),
        ("1\u20e3", 1),
        ("9\ufe0f\u20e3", 9),
        ("2", 2),
        ("0\ufe0f\u20e3", None),
        ("\N{KEYCAP TEN}", None),
        ("12", None),
        ("²", None),
        ("👍", None),
        ("", None),
    ],
)
def test_keys_are_read_with_and_without_a_selector(key: str, number: int | None) -> None:
    assert reactions.number(key) == number


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, "m.notice"),
        ({"unasked": True}, "m.text"),
        ({"unasked": True, "silent": True}, "m.notice"),
    ],
)
def test_only_what_comes_unasked_and_by_day_draws_attention(
    more: dict[str, object], kind: str
) -> None:
    (part,) = letters.parts(letter("Good news", **more), [])

    assert isinstance(part, dict)
    assert part["msgtype"] == kind


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ({"greeting": True}, "Answer with the number"),
        ({"summary": [["Name", "Anna", "b"]]}, "To change a line, write its number."),
    ],
)
def test_where_there_are_no_buttons_it_is_said_how_one_answers(
    more: dict[str, object], how: str
) -> None:
    (part,) = letters.parts(letter("Well?", choices=[["Yes", "a"]], **more), [])

    assert isinstance(part, dict)
    assert how in part["body"].rpartition("1. ")[2] or how in part["body"].rpartition("2. ")[2]
