"""Messages of every kind, well-formed or not: answered kindly, or rightly not at all."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.channels.matrix.serving import TO_CONSENT, TO_IDEA, Place, answers, overlooks_own, walks
from tests.matrix import Citizen, contents
from tests.matrix.screens import Json
from tests.serving import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]

ONLY = "I can only read text"
FIRST = "I go by your first version"

POLL = {
    "org.matrix.msc1767.text": "When?",
    "org.matrix.msc3381.poll.start": {
        "question": {"org.matrix.msc1767.text": "When?"},
        "kind": "org.matrix.msc3381.poll.disclosed",
        "max_selections": 1,
        "answers": [{"id": "1", "org.matrix.msc1767.text": "Now"}],
    },
}

ODD: dict[str, Callable[[Citizen], object]] = {
    "a sticker": lambda anna: anna.sends_sticker(),
    "a voice message": lambda anna: anna.sends_voice(),
    "a film": lambda anna: anna.sends(_media("m.video", "video/mp4", file=_file())),
    "a document": lambda anna: anna.sends_document("a.pdf", b"%PDF", "application/pdf"),
    "a place": lambda anna: anna.sends_location(),
    "a poll": lambda anna: anna.sends(POLL, "org.matrix.msc3381.poll.start"),
    "a kind that nobody knows": lambda anna: anna.sends(contents.text("?", "example.new")),
    "nothing at all": lambda anna: anna.types(""),
}


def _media(kind: str, media_type: str, **more: object) -> Json:
    place = {"url": "mxc://dialog.test/nothing"}
    return contents.attachment(kind, "a", media_type, 9) | place | more


def _file(**more: object) -> Json:
    """Describe an encrypted file, which is not there."""
    key = {"alg": "A256CTR", "k": "A" * 43, "kty": "oct", "ext": True, "key_ops": ["decrypt"]}
    there = {"url": "mxc://dialog.test/nothing", "key": key, "iv": "A" * 22}
    return {"v": "v2", "hashes": {"sha256": "A" * 43}} | there | more


def _picture(**more: object) -> Json:
    return _media("m.image", "image/png", file=_file()) | more


MALFORMED: dict[str, Json] = {
    "words as relation": contents.text("Hello") | {"m.relates_to": "yes"},
    "a list as relation": contents.text("Hello") | {"m.relates_to": ["m.replace"]},
    "a number as kind of relation": contents.text("Hello") | {"m.relates_to": {"rel_type": 1}},
    "an edit of nothing": contents.text("Hello") | {"m.relates_to": {"rel_type": "m.replace"}},
    "a picture nowhere": contents.attachment("m.image", "a", "image/png", 9),
    "a picture at no address": _picture(url="nowhere", file=_file(url="nowhere")),
    "a picture elsewhere": _picture(url="http://127.0.0.1:1/a", file=_file(url="file:///a")),
    "a picture that is gone": _picture(),
    "a list as description": _picture(info=["image/png"]),
    "words as description": _picture(info="image/png"),
    "a size in words": _picture(info={"size": "9"}),
    "a list as media type": _picture(msgtype="m.file", info={"mimetype": ["image/png"]}),
    "a key that is words": _picture(file=_file(key="A")),
    "an empty key": _picture(file=_file(key={})),
    "a strange key": _picture(file=_file(key={"alg": "A256CTR", "k": "ä"})),
    "no hashes": _picture(file=_file(hashes={})),
    "a file that is words": _picture(file="mxc://dialog.test/nothing"),
    "a thumbnail that is words": _picture(info={"thumbnail_file": "a"}),
}
REFUSED: dict[str, Json] = {
    "a number as its words": {"msgtype": "m.text", "body": 7},
    "no words": {"msgtype": "m.text"},
    "no kind": {"body": "Hello"},
    "a kind that is a list": {"msgtype": ["m.text"], "body": "Hello"},
    "nothing": {},
    "a picture at a number": _picture(url=7, file=_file(url=7)),
}
"""What homeservers let nobody send, unless they cannot read it."""


@pytest.mark.parametrize("encrypted", [True, False])
def test_what_cannot_be_read_is_answered(place: Place, *, encrypted: bool) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    walks(anna, ("!cancel", "All right."))
    for sends in ODD.values():
        sends(anna)

    assert [ONLY in text for text in answers(anna)] == [True] * len(ODD)


@pytest.mark.parametrize("encrypted", [True, False])
def test_what_no_client_would_send_stops_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, encrypted: bool
) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    overlooks_own(anna, monkeypatch)
    sent = MALFORMED | (REFUSED if encrypted else {})
    for content in sent.values():
        anna.sends(content)

    assert len(answers(anna)) == len(sent)


def test_what_nobody_has_to_answer_is_not_answered(anna: Citizen) -> None:
    anna.types("!events")
    anna.waits_for("Which event")
    anna.sends_notice("!idea")
    anna.sends(contents.text("!idea", "m.notice") | contents.reply(anna.last.id))
    anna.sends({"name": "Stadt"}, "example.unknown")

    assert answers(anna) == []


def test_an_edit_is_answered_and_changes_nothing(anna: Citizen) -> None:
    walks(anna, *TO_CONSENT)
    anna.edits(anna.types("What?"), "yes")
    anna.waits_for("Please answer yes or no.")

    [first] = answers(anna)
    assert first.startswith(FIRST)
    assert "use !back" in first


def test_words_are_words_however_they_come(anna: Citizen) -> None:
    asked = anna.last
    quoted = f"> <{anna.bot}> {asked.text}".replace("\n", "\n> ")
    thread = {"rel_type": "m.thread", "event_id": asked.id, "is_falling_back": True}
    for content in (
        contents.text("!events", "m.emote"),
        contents.text(f"{quoted}\n\n!events") | contents.reply(asked.id),
        contents.text("!events") | {"m.relates_to": thread},
    ):
        anna.sends(content)

    assert ["Which event" in text for text in answers(anna)] == [True] * 3


def test_a_message_as_long_as_an_event_may_be_stops_nobody(place: Place) -> None:
    anna = place.meets("anna", encrypted=False)
    anna.types("word " * 12_000)

    [answer] = answers(anna)
    assert "Shall I take that as an idea?" in answer


@pytest.mark.parametrize("word", ["!help", "/help", "help", "!Hilfe", "hilfe", " HELP "])
def test_help_is_there_in_many_words(anna: Citizen, word: str) -> None:
    anna.types(word)

    anna.waits_for("This is what I can do:")


def test_texts_are_notices_with_commands_that_element_lets_through(anna: Citizen) -> None:
    anna.types("!help")
    shown = anna.waits_for("This is what I can do:")

    assert shown.kind == "m.notice"
    assert "<b>This is what I can do:</b><br><br>!events – what is on" in shown.html
    assert "This is what I can do:\n\n!events – what is on" in shown.text
    assert "/events" not in shown.text + shown.html


def test_what_somebody_typed_is_shown_as_typed(anna: Citizen) -> None:
    walks(
        anna,
        *TO_IDEA,
        ("<b>1 & 2</b>", "Where does it belong?"),
    )
    anna.types("1")
    shown = anna.waits_for("Is everything right?")

    assert "In your words: <b>1 & 2</b>" in shown.text
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in shown.html


def test_nobody_waits_in_vain_for_a_comparison_of_keys(place: Place) -> None:
    anna = place.meets("anna", encrypted=False)
    request = anna.sends(
        {
            "msgtype": "m.key.verification.request",
            "body": "Please verify me",
            "from_device": "ANNA",
            "methods": ["m.sas.v1"],
            "to": anna.bot,
        }
    )
    anna.waits_for("I cannot compare signs with you.")
    path = f"/_matrix/client/v3/rooms/{quote(anna.room_id)}/messages?dir=b&limit=20"

    def declined() -> bool:
        found = place.people.homeserver.asks("GET", path, token=anna.account.token)["chunk"]
        return any(
            each["type"] == "m.key.verification.cancel"
            and each["content"]["m.relates_to"]["event_id"] == request.id
            for each in found
        )

    wait_until(declined)
