"""Messages whose key does not come: kept, asked for once, carried out late or not at all."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from bot.channels.matrix import syncing, undecrypted
from bot.store.database import Database
from bot.store.tables import matrix_undecrypted
from tests.channels.matrix.serving import Place, answers, overlooks_own, said, walks
from tests.matrix import Citizen
from tests.serving import wait_until

pytestmark = pytest.mark.slow

AGAIN = "I could not decrypt it. Please send it once more."


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot have less patience."""
    monkeypatch.setattr(undecrypted, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(syncing, "LOOK_SECONDS", 0.1)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot wait for keys as long as it takes."""
    monkeypatch.setattr(undecrypted, "PATIENCE_SECONDS", 60.0)


def kept(database: Database) -> int:
    with database.transaction() as tx:
        count = select(func.count()).select_from(matrix_undecrypted)
        return int(tx.execute(count).scalar_one())


def requests(citizen: Citizen) -> int:
    return sum(AGAIN in text for text in said(citizen))


@pytest.mark.usefixtures("service", "patient")
def test_a_message_whose_key_is_late_is_answered_when_it_comes(
    anna: Citizen, records: Database
) -> None:
    anna.withholds_key("!events")
    wait_until(lambda: kept(records) == 1)
    anna.hands_over_key()
    anna.waits_for("Which event")

    wait_until(lambda: kept(records) == 0)
    assert requests(anna) == 0


@pytest.mark.usefixtures("service")
def test_who_is_asked_to_send_again_may_be_answered_late(anna: Citizen, records: Database) -> None:
    anna.withholds_key("!events")
    anna.waits_for(AGAIN)
    anna.hands_over_key()
    anna.waits_for("Which event")

    wait_until(lambda: kept(records) == 0)


@pytest.mark.usefixtures("service")
def test_what_was_sent_again_is_not_carried_out_twice(anna: Citizen, records: Database) -> None:
    anna.withholds_key("!events")
    anna.waits_for(AGAIN)
    walks(anna, ("!idea", "What would you like to tell us?"))
    wait_until(lambda: kept(records) == 0)
    anna.hands_over_key()

    assert answers(anna) == []


@pytest.mark.usefixtures("service", "patient")
def test_what_is_no_event_at_all_stops_nobody(
    place: Place, anna: Citizen, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlooks_own(anna, monkeypatch)
    key = anna.client.keeps_key(anna.room_id)
    nothing: list[dict[str, object]] = [
        {"type": "m.room.message"},
        {"type": 7, "content": {}},
        {"type": "m.room.message", "content": []},
    ]
    for plain in nothing:
        sends_encrypted(place, anna, plain)
    wait_until(lambda: kept(records) == 3)
    anna.client.hands_over(key, anna.bot)
    anna.rotates_session()

    assert answers(anna) == []


@pytest.mark.usefixtures("service")
def test_many_messages_lead_to_one_request(anna: Citizen, records: Database) -> None:
    anna.withholds_key()
    anna.waits_for(AGAIN)
    before = kept(records)
    for _more in range(30):
        anna.client.keeps_key(anna.room_id)
        anna.types("Can you read this?")
    wait_until(lambda: kept(records) == before + 30)
    anna.rotates_session()

    assert answers(anna) == []
    assert requests(anna) == 1


def sends_encrypted(place: Place, anna: Citizen, plain: dict[str, object]) -> None:
    """Encrypt anything with the session of the room, and send it."""

    async def encrypts() -> dict[str, object]:
        encrypted: dict[str, object] = anna.client.olm.group_encrypt(anna.room_id, plain)
        return encrypted

    content = anna.client.does(encrypts())
    room, transaction = quote(anna.room_id), content["ciphertext"]
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/{hash(transaction)}"
    place.people.homeserver.asks("PUT", path, content, anna.account.token)
