"""Reactions: a shortcut where that is harmless, and nothing anywhere else."""

from __future__ import annotations

import pytest

from tests.channels.matrix.serving import (
    TO_CONSENT,
    TO_PICTURE,
    TO_SUMMARY,
    WELCOME,
    Place,
    answers,
    walks,
)
from tests.matrix import Citizen, rooms

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]

NO_ANSWER = "A reaction is never encrypted, so I do not take it for an answer to this."
ONE, TWO = "1\ufe0f\u20e3", "2\ufe0f\u20e3"


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_tap_below_a_harmless_question_answers_it(place: Place, *, encrypted: bool) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    anna.reacts(anna.last, ONE)
    asked = anna.waits_for("Which event")
    anna.reacts(asked, "2\u20e3")

    anna.waits_for("Video conference: tell us")


def test_a_tap_below_a_consent_or_a_summary_is_no_answer(anna: Citizen) -> None:
    for steps in (TO_CONSENT, TO_SUMMARY[2:]):
        walks(anna, *steps)
        question = anna.last
        for key in (ONE, TWO, "👍", "✅"):
            anna.reacts(question, key)

        found = answers(anna)
        assert [NO_ANSWER in text for text in found] == [True, True, False, False]
        assert ["cannot take a sign" in text for text in found] == [False, False, True, True]
        anna.waits_for("Back to:")


def test_a_tap_below_an_earlier_question_is_no_wrong_answer(anna: Citizen) -> None:
    welcome = anna.last
    walks(anna, *TO_PICTURE)
    kind = next(each for each in anna.messages if "What would you like to tell us?" in each.text)
    anna.reacts(kind, ONE)
    anna.waits_for("I have noted that already: an idea")
    anna.reacts(welcome, TWO)

    anna.waits_for("That button belongs to an earlier conversation")
    assert "Would you like to add a picture?" in anna.last.text


def test_a_tap_below_anything_else_is_none(anna: Citizen) -> None:
    own = anna.types("!help")
    anna.waits_for("This is what I can do:")
    anna.reacts(own, ONE)
    anna.reacts(anna.messages[0], "👍")
    anna.reacts(anna.messages[0], "9\ufe0f\u20e3")

    assert answers(anna) == []


def test_a_tap_that_is_taken_back_has_been_made(anna: Citizen) -> None:
    tap = anna.reacts(anna.last, ONE)
    anna.waits_for("Which event")
    anna.deletes(tap)

    assert answers(anna) == []


def test_somebody_else_taps_in_vain(place: Place) -> None:
    anna, bert = place.meets("anna"), place.meets("bert")
    welcome = anna.last
    rooms.invited(anna.client, anna.room_id, bert.id)
    rooms.joined(bert.client, anna.room_id)
    bert.client.sent(anna.room_id, "m.reaction", _tap(welcome.id))

    assert answers(bert) == []
    anna.waits_for("Please write to me in a private chat")
    assert not [each for each in anna.unread if WELCOME not in each.text]


def _tap(message: str) -> dict[str, object]:
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": message, "key": ONE}}
