"""Several people in a room: the bot explains itself once, and says nothing personal there."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.services.examples import as_published
from bot.store.database import Database
from bot.store.tables import conversations
from tests.channels.matrix.serving import (
    TO_GIVING_BACK,
    TO_RECEIPT,
    TO_SUMMARY,
    TO_THE_LINE,
    Place,
    answers,
    is_unreachable,
    said,
    walks,
)
from tests.matrix import Citizen
from tests.matrix.rooms import invited, joined
from tests.serving import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]

HELLO = "I take registrations and ideas for the public dialogue of Castrop-Rauxel."


@pytest.fixture(scope="module")
def events() -> str:
    """Leave one seat in the room."""
    return as_published().replace("capacity = 12 ", "capacity = 1 ")


def chats(database: Database) -> int:
    with database.transaction() as tx:
        return int(tx.execute(select(func.count()).select_from(conversations)).scalar_one())


@pytest.mark.parametrize("encrypted", [True, False])
def test_it_explains_itself_once_and_shows_the_way(place: Place, *, encrypted: bool) -> None:
    anna, bert = place.meets("anna"), place.meets("bert")
    council = place.people.group("Stadtrat", [anna, bert], encrypted=encrypted)
    council.adds_bot()
    hello = council.waits_for(HELLO)
    council.types(anna, "!register auftakt")
    council.types(bert, "yes", replies_to=hello, mentions=anna.bot)
    council.reacts(bert, hello, "1️⃣")

    assert hello.text.endswith(f"Open the private chat (https://matrix.to/#/{anna.bot})")
    assert f'<a href="https://matrix.to/#/{anna.bot}">Open the private chat</a>' in hello.html
    assert answers(anna) == []
    assert answers(bert) == []
    assert len(said(council)) == 1


def test_who_comes_and_goes_among_others_is_nobody_s_business(
    place: Place, records: Database
) -> None:
    anna, bert = place.meets("anna"), place.meets("bert", greeted=False)
    council = place.people.group("Stadtrat", [anna, bert, place.meets("carl", greeted=False)])
    council.adds_bot()
    council.waits_for(HELLO)
    before = chats(records)
    bert.joins(council.room_id)
    bert.leaves()
    council.removes_bot()

    assert answers(anna) == []
    assert chats(records) == before


def test_a_private_room_with_a_guest_is_private_no_more(place: Place) -> None:
    anna, bert = place.meets("anna"), place.meets("bert")
    walks(anna, *TO_SUMMARY)
    first = anna.room_id
    invited(anna.client, first, bert.id)
    anna.waits_for(HELLO)
    anna.types("yes")
    joined(bert.client, first)
    anna.types("!mine")
    anna.invites_again()
    anna.waits_for("Welcome")
    walks(anna, ("!register", "You have begun this already."))

    there = said_in(anna, first)
    assert HELLO in there[-1]
    assert sum(HELLO in text for text in there) == 1


def test_what_is_owed_to_somebody_is_held_while_others_could_read_it(
    place: Place, records: Database
) -> None:
    anna, bert = place.meets("anna"), place.meets("bert")
    walks(bert, *TO_RECEIPT)
    walks(anna, *TO_THE_LINE)
    first = anna.room_id
    invited(anna.client, first, bert.id)
    anna.waits_for(HELLO)
    walks(bert, *TO_GIVING_BACK, ("yes", "Your seat is given back"))
    wait_until(lambda: is_unreachable(records, anna))
    anna.invites_again()

    anna.waits_for("Good news: you have a seat!")
    assert HELLO in said_in(anna, first)[-1]


def said_in(citizen: Citizen, room_id: str) -> list[str]:
    messages = citizen.records.rooms[room_id].messages.values()
    return [each.text for each in messages if each.from_bot]
