"""The words of a message: below files, to which it replies, in threads, with the bot's name."""

from __future__ import annotations

import pytest
from nio import Event

from bot.channels.matrix import incoming
from bot.dialogue.messages import Typed, Unsupported
from tests.channels.matrix.serving import TO_CONSENT, TO_IDEA, TO_SUMMARY, Place, answers, walks
from tests.channels.matrix.test_files import picture
from tests.matrix import Citizen, contents
from tests.matrix.screens import Json
from tests.serving import wait_until

BOT = "@stadtdialog:dialog.test"
CALLED = {BOT, "stadtdialog", "Stadtdialog Castrop-Rauxel", "Stadtdialog"}
PILL = f'<a href="https://matrix.to/#/{BOT}">Stadtdialog Castrop-Rauxel</a>'
HTML = "org.matrix.custom.html"


def event(content: Json) -> Event:
    named = {"event_id": "$1", "sender": "@a:b", "origin_server_ts": 1, "type": "m.room.message"}
    return Event.parse_event(named | {"content": content})


def formatted(body: str, html: str) -> Json:
    return contents.text(body) | {"format": HTML, "formatted_body": html}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (contents.text("Stadtdialog: Anna Adler"), "Anna Adler"),
        (contents.text("Stadtdialog Castrop-Rauxel, Anna Adler"), "Anna Adler"),
        (contents.text(f"{BOT}: yes"), "yes"),
        (contents.text("@stadtdialog: yes"), "yes"),
        (formatted("Stadtdialog Castrop-Rauxel: yes", f"{PILL}: yes"), "yes"),
        (formatted("Stadtdialog Castrop-Rauxel yes", f"{PILL} yes"), "yes"),
        (formatted("yes Stadtdialog Castrop-Rauxel", f"yes {PILL}"), "yes"),
        (contents.text("Stadtdialog is a good name"), "Stadtdialog is a good name"),
        (contents.text("Stadtdialog:"), "Stadtdialog:"),
        (
            formatted("Look here, please", 'Look <a href="https://a.example/?b=1&amp;c">here</a>'),
            "Look here (https://a.example/?b=1&c), please",
        ),
        (
            formatted("[here](https://a.example)", '<a href="https://a.example">here</a>'),
            "[here](https://a.example)",
        ),
    ],
)
def test_the_words_are_those_that_were_meant(content: Json, words: str) -> None:
    assert incoming.content(event(content), CALLED) == Typed(words)


@pytest.mark.parametrize(
    ("name", "body", "caption"),
    [
        ("a.pdf", "My plan", "My plan"),
        ("a.pdf", "a.pdf", ""),
        ("Voice message.ogg", "Voice message", ""),
        (None, "a.pdf", ""),
    ],
)
def test_the_body_of_a_file_is_its_name_or_the_words_below_it(
    name: str | None, body: str, caption: str
) -> None:
    file = contents.attachment("m.file", body, "application/pdf", 9) | {"url": "mxc://a/b"}
    content = {key: value for key, value in file.items() if key != "filename"}
    named = content if name is None else content | {"filename": name}

    assert incoming.content(event(named)) == Unsupported("document", caption)


@pytest.mark.slow
@pytest.mark.usefixtures("service")
class TestOverSynapse:
    def test_words_below_a_picture_are_the_answer(self, anna: Citizen) -> None:
        walks(anna, *TO_IDEA)
        anna.sends_photo(picture(), caption="A rack for bicycles")

        assert "I have your picture as well" in anna.waits_for("Where does it belong?").text

    def test_words_below_a_document_are_the_answer(self, anna: Citizen) -> None:
        walks(anna, *TO_IDEA)
        described = contents.attachment("m.file", "a.pdf", "application/pdf", 9)
        place = anna.client.uploaded(b"%PDF", "application/pdf", encrypted=True)
        anna.sends(described | {"body": "A rack for bicycles"} | place)

        assert "I cannot open" in anna.waits_for("Where does it belong?").text

    @pytest.mark.parametrize("encrypted", [True, False])
    def test_the_answer_to_a_message_in_a_thread_stands_in_it(
        self, place: Place, *, encrypted: bool
    ) -> None:
        anna = place.meets("anna", encrypted=encrypted)
        root = anna.last.id
        relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True}
        reply = {"m.in_reply_to": {"event_id": root}}
        anna.sends(contents.text("!events") | {"m.relates_to": relation | reply})

        shown = anna.waits_for("Which event")
        assert shown.content["m.relates_to"]["rel_type"] == "m.thread"
        assert shown.content["m.relates_to"]["event_id"] == root
        anna.types("!help")
        assert "m.relates_to" not in anna.waits_for("This is what I can do").content

    def test_a_message_that_is_taken_back_is_explained_and_a_sign_is_not(
        self, anna: Citizen
    ) -> None:
        walks(anna, *TO_CONSENT)
        sent = anna.types("yes")
        anna.waits_for("What is your name?")
        sign = anna.reacts(sent, "❤️")
        anna.deletes(sign)
        assert answers(anna) == []
        anna.deletes(sent)

        anna.waits_for("You have taken a message back.")
        anna.types("Anna Adler")
        anna.waits_for("For whom are you coming?")

    @pytest.mark.parametrize(
        ("sign", "answer"),
        [
            ("👍", "I cannot take a sign below a message"),
            ("❤️", "I cannot take a sign below a message"),
            ("1️⃣", "A reaction is never encrypted"),
        ],
    )
    def test_a_sign_below_the_summary_is_not_passed_over(
        self, anna: Citizen, sign: str, answer: str
    ) -> None:
        walks(anna, *TO_SUMMARY)
        anna.reacts(anna.last, sign)

        anna.waits_for(answer)

    def test_a_sign_below_what_asks_for_nothing_is_nothing(self, anna: Citizen) -> None:
        anna.types("!help")
        anna.reacts(anna.waits_for("This is what I can do"), "👍")

        assert answers(anna) == []
        wait_until(lambda: bool(anna.receipts))

    def test_a_reply_to_the_question_for_the_name_changes_the_name(self, anna: Citizen) -> None:
        walks(anna, *TO_CONSENT)
        anna.types("yes")
        asked = anna.waits_for("What is your name?")
        walks(anna, ("Stadtdialog: Ana Adler", "For whom are you coming?"))
        anna.types("Anna Adler", replies_to=asked)

        changed = anna.waits_for("I have changed your earlier answer: Anna Adler")
        assert "For whom are you coming?" in changed.text
