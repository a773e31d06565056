"""What a stranger with a client of their own making tries against the bot, and against others."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from bot.channels.matrix import undecrypted, unreadables
from bot.store.database import Database
from bot.store.tables import conversations, matrix_keys, matrix_undecrypted
from tests.channels.matrix.serving import (
    WELCOME,
    Place,
    answers,
    is_unreachable,
)
from tests.matrix import Citizen, rooms
from tests.serving import Serving, wait_until

pytestmark = pytest.mark.slow

ONE = "1\ufe0f\u20e3"
HELLO = "I take registrations and ideas for the public dialogue"
CHOICES = "de.stadtdialog.choices"


@pytest.fixture
def eve(place: Place, service: Serving) -> Citizen:  # noqa: ARG001 (it has to run)
    """Give a stranger who has a room with the bot, and has written there."""
    eve = place.meets("eve")
    eve.types("!events")
    eve.waits_for("Which event")
    return eve


def reaction(event_id: object) -> dict[str, Any]:
    relation = {"rel_type": "m.annotation", "event_id": event_id, "key": ONE}
    return {"type": "m.reaction", "content": {"m.relates_to": relation}}


def message(**more: object) -> dict[str, Any]:
    return {"type": "m.room.message", "content": {}} | more


FORGED = {"sender": "the bot", "event_id": "$forged", "origin_server_ts": 1}
NO_EVENTS = [
    [],
    "[" * 5_000,
    message(unsigned=5),
    message(unsigned={"redacted_because": {"sender": 5, "content": []}}),
    message(content=[], **FORGED | {"origin_server_ts": "now"}),
    message(content=[], **FORGED),
    message(type=5, content={CHOICES: {"a": 1}}, **FORGED),
    {"type": "m.room.message"},
]


@pytest.mark.usefixtures("service")
def test_what_is_no_event_stops_nobody(place: Place, eve: Citizen, anna: Citizen) -> None:
    falls_silent(eve)
    for plain in NO_EVENTS:
        tap = reaction(sends_encrypted(place, eve, plain))
        eve.client.sent(eve.room_id, tap["type"], tap["content"])

    assert answers(anna) == []


@pytest.mark.usefixtures("service")
def test_what_is_no_event_stops_nobody_when_its_key_comes_late(
    place: Place, eve: Citizen, anna: Citizen
) -> None:
    falls_silent(eve)
    key = eve.client.keeps_key(eve.room_id)
    for plain in NO_EVENTS:
        sends_encrypted(place, eve, plain)
    assert answers(anna) == []
    eve.client.hands_over(key, eve.bot)

    assert answers(anna) == []


@pytest.mark.usefixtures("service")
def test_a_tap_below_what_nobody_can_ask_for_is_none(
    place: Place, eve: Citizen, anna: Citizen, records: Database
) -> None:
    falls_silent(eve)
    for event_id in ("$\0", "$" + "x" * 40_000, "", "../../sync"):
        sends_encrypted(place, eve, reaction(event_id))
    eve.types("!idea")

    assert answers(anna) == []
    wait_until(lambda: is_talking(records, eve))


def test_who_hides_in_a_room_is_seen(place: Place, eve: Citizen, anna: Citizen) -> None:
    trap = rooms.opened(eve.client, [anna.id], encrypted=False, direct=True)
    anna.joins(trap, encrypted=False)
    path = f"/_matrix/client/v3/rooms/{quote(trap)}/state"
    state: Any = place.people.homeserver.asks("GET", path, token=eve.account.token)
    joining = next(each for each in state if each.get("state_key") == eve.id)
    rooms.redacted(eve.client, trap, joining["event_id"])
    rooms.invited(eve.client, trap, eve.bot)
    anna.waits_for(HELLO)
    anna.types("!mine")
    anna.invites_again()
    anna.waits_for(WELCOME)

    assert len(said_in(anna, trap)) == 1


def test_where_somebody_is_only_invited_nothing_reaches_them(
    eve: Citizen, anna: Citizen, records: Database
) -> None:
    rooms.invited(eve.client, eve.room_id, anna.id)
    eve.waits_for(HELLO)
    eve.leaves()
    anna.leaves()

    wait_until(lambda: is_unreachable(records, anna))


def test_nothing_is_kept_of_who_was_only_invited(
    place: Place, eve: Citizen, anna: Citizen, records: Database
) -> None:
    bert = place.meets("bert", greeted=False)
    rooms.invited(eve.client, eve.room_id, bert.id)
    eve.leaves()
    rooms.left(bert.client, eve.room_id)

    assert answers(anna) == []
    with records.transaction() as tx:
        chats = set(tx.execute(select(conversations.c.chat)).scalars())
    assert anna.id in chats
    assert bert.id not in chats


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("m.room.join_rules", {"join_rule": "public"}),
        ("m.room.history_visibility", {"history_visibility": "world_readable"}),
    ],
)
def test_where_anybody_may_read_nothing_personal_is_said(
    place: Place, anna: Citizen, kind: str, content: dict[str, str]
) -> None:
    path = f"/_matrix/client/v3/rooms/{quote(anna.room_id)}/state/{kind}"
    place.people.homeserver.asks("PUT", path, content, anna.account.token)
    anna.types("!mine")
    anna.waits_for(HELLO)
    anna.invites_again()

    assert "This is yours" not in "".join(said_in(anna, anna._rooms[0]))  # noqa: SLF001


@pytest.mark.usefixtures("service")
def test_keys_for_rooms_that_are_none_do_not_pile_up(
    eve: Citizen, anna: Citizen, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unreadables, "MOST_IN_AN_HOUR", 5)
    for number in range(20):
        eve.client.hands_over(eve.client.keeps_key(f"!{number}:nowhere.example"), eve.bot)

    assert answers(anna) == []
    with records.transaction() as tx:
        names = tx.execute(select(matrix_keys.c.name).where(matrix_keys.c.kind == "group"))
        assert sum(":nowhere.example" in name for name in names.scalars()) < 5


@pytest.mark.usefixtures("service")
def test_what_cannot_be_read_does_not_pile_up_and_goes_with_its_room(
    eve: Citizen, anna: Citizen, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undecrypted, "MOST_OF_ONE_SENDER", 5)
    for _room in range(2):
        eve.client.keeps_key(eve.room_id)
        for _message in range(4):
            eve.types("Can you read this?")
        assert answers(anna) == []
        eve.invites_again()
    wait_until(lambda: unread_of(records, eve) == [4, 1])
    rooms.left(eve.client, eve._rooms[0])  # noqa: SLF001

    wait_until(lambda: unread_of(records, eve) == [0, 1])


def unread_of(database: Database, citizen: Citizen) -> list[int]:
    """Count what is kept of each of the first two rooms of somebody."""
    with database.transaction() as tx:
        kept = list(tx.execute(select(matrix_undecrypted.c.room_id)).scalars())
    return [kept.count(room_id) for room_id in citizen._rooms[:2]]  # noqa: SLF001


def said_in(citizen: Citizen, room_id: str) -> list[str]:
    messages = citizen.records.rooms[room_id].messages.values()
    return [each.text for each in messages if each.from_bot]


def is_talking(database: Database, citizen: Citizen) -> bool:
    with database.transaction() as tx:
        state = select(conversations.c.state).where(conversations.c.chat == citizen.id)
        return "idea" in str(tx.execute(state).scalar_one_or_none())


def falls_silent(citizen: Citizen) -> None:
    """Let a client hear nothing more: it would not understand what it has sent itself."""

    async def stops() -> None:
        citizen.client._syncing.cancel()  # noqa: SLF001

    citizen.client.does(stops())


def sends_encrypted(place: Place, citizen: Citizen, plain: object) -> str:
    """Encrypt anything with the session of the room, send it, and give its id."""
    text = plain if isinstance(plain, str) else json.dumps(plain).replace("the bot", citizen.bot)

    async def encrypts() -> dict[str, str]:
        machine = citizen.client.olm
        session = machine.outbound_group_sessions[citizen.room_id]
        return {
            "algorithm": "m.megolm.v1.aes-sha2",
            "sender_key": machine.account.identity_keys["curve25519"],
            "ciphertext": session.encrypt(text),
            "session_id": session.id,
            "device_id": citizen.account.device_id,
        }

    content = citizen.client.does(encrypts())
    room, transaction = quote(citizen.room_id), secrets.token_hex(8)
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/{transaction}"
    answer = place.people.homeserver.asks("PUT", path, content, citizen.account.token)
    return str(answer["event_id"])
