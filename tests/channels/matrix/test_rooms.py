"""Private rooms: coming, going, coming back; receipts, and who sees the bot write."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.channels.matrix import courtesies
from bot.store.database import Database
from bot.store.tables import conversations
from tests.channels.matrix.serving import (
    TO_RECEIPT,
    WELCOME,
    Place,
    answers,
    is_unreachable,
    said,
    walks,
)
from tests.matrix import Citizen
from tests.matrix.rooms import removed
from tests.serving import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]


@pytest.mark.parametrize("encrypted", [True, False])
def test_who_opens_a_room_is_greeted_once(place: Place, *, encrypted: bool) -> None:
    anna = place.meets("anna", encrypted=encrypted)
    assert anna.reactions == []  # at a homeserver with limits, that would cost an answer

    assert answers(anna) == []
    assert all(each.encrypted == encrypted for each in anna.messages)
    assert sum(WELCOME in text for text in said(anna)) == 1


def test_what_was_written_before_the_bot_came_is_answered(place: Place) -> None:
    anna = place.meets("anna", greeted=False).starts(encrypted=False, waits=False)
    anna.types("!events")
    anna.waits_for("Which event")

    anna.waits_for(WELCOME)


def test_an_invitation_that_cannot_be_accepted_stops_nobody(place: Place) -> None:
    closed = place.people.group("closed", [place.meets("bert", greeted=False)])
    for _again in range(3):
        closed.adds_bot(waits=False)
        removed(closed.client, closed.room_id, closed.records.bot)
    anna = place.meets("anna")

    assert answers(anna) == []


def bot_is_in(place: Place, room_id: str) -> bool:
    joined = place.people.homeserver.asks(
        "GET", "/_matrix/client/v3/joined_rooms", token=place.account.token
    )
    return room_id in joined["joined_rooms"]


def test_who_leaves_and_comes_back_finds_everything_as_it_was(
    place: Place, records: Database
) -> None:
    anna = place.meets("anna")
    walks(anna, *TO_RECEIPT)
    left = anna.room_id
    anna.leaves()
    wait_until(lambda: is_unreachable(records, anna) and not bot_is_in(place, left))
    anna.invites_again()
    anna.waits_for(WELCOME)
    walks(anna, ("!mine", "seat confirmed"))

    assert not is_unreachable(records, anna)
    with records.transaction() as tx:
        chats = tx.execute(select(conversations.c.chat)).scalars().all()
    assert place.account.user_id not in chats


def test_who_throws_the_bot_out_may_invite_it_again(place: Place, records: Database) -> None:
    anna = place.meets("anna", greeted=False)
    room = place.people.group("Anna's", [anna])
    room.adds_bot()
    room.waits_for(WELCOME)
    room.removes_bot()
    wait_until(lambda: is_unreachable(records, anna))
    room.adds_bot()

    room.waits_for(WELCOME)
    assert not is_unreachable(records, anna)


def test_answers_go_where_somebody_wrote_last(place: Place) -> None:
    anna = place.meets("anna")
    first = anna.room_id
    anna.invites_again()
    anna.waits_for(WELCOME)
    anna.types("!events")
    anna.waits_for("Which event")
    anna._rooms.append(first)  # noqa: SLF001 (she looks into the first one again)
    anna.types("!idea")

    anna.waits_for("What would you like to tell us?")


def test_what_was_read_is_marked_once_for_many_messages(
    anna: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesies, "READ_SECONDS", 1.0)
    walks(anna, ("!events", "Which event"))
    anna.waits_until(lambda: bool(anna.receipts))
    before = len(anna.receipts)
    *_sent, last = [anna.types(text) for text in ("1", "Map", "Calendar file", "!help")]
    anna.waits_until(lambda: last.id in anna.receipts)

    own = {each.id for each in anna.messages if not each.from_bot}
    assert len(anna.receipts) - before <= 2
    assert set(anna.receipts[before:]) <= own


def test_a_receipt_never_names_a_message_of_the_bot(anna: Citizen) -> None:
    sent = anna.types("!events")
    anna.waits_until(lambda: sent.id in anna.receipts)

    of_bot = {each.id for each in anna.messages if each.from_bot}
    assert not of_bot & set(anna.receipts)


def test_who_has_to_wait_sees_that_an_answer_is_being_written(
    place: Place, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = place.meets("anna", encrypted=False)
    monkeypatch.setattr(courtesies, "SLOW_SECONDS", 60.0)
    walks(anna, ("!events", "Which event"))

    assert not anna.has_typed
    monkeypatch.setattr(courtesies, "SLOW_SECONDS", 0.1)
    with records.transaction():  # nobody else can write now
        anna.types("1")
        anna.waits_until(lambda: anna.has_typed)
    anna.waits_for("Other events")
    anna.waits_until(lambda: not anna.typing, 10)


def test_the_account_has_a_name_that_citizens_understand(place: Place) -> None:
    anna = place.meets("anna")
    path = f"/_matrix/client/v3/profile/{place.account.user_id}/displayname"
    named = place.people.homeserver.asks("GET", path, token=anna.account.token)

    assert named == {"displayname": "Stadtdialog Castrop-Rauxel"}
