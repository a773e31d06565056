"""What citizens do arrives, and what they see is what was sent."""

from __future__ import annotations

import pytest

from tests.matrix import Citizen, Fault, Homeserver, Neighbourhood, Proxy, Shown, exhaust_keys
from tests.matrix.clients import good

pytestmark = pytest.mark.slow


def arrived(at: Citizen, sent: Shown) -> Shown:
    """Wait until a message is there and can be read."""

    def is_there() -> bool:
        return any(each.id == sent.id and each.is_readable for each in at.messages)

    at.waits_until(is_there, what=repr(sent.text))
    return next(each for each in at.messages if each.id == sent.id)


@pytest.mark.parametrize("encrypted", [True, False])
def test_an_echo_answers(near_an_echo: Neighbourhood, *, encrypted: bool) -> None:
    anna = near_an_echo.person("anna").starts(encrypted=encrypted)
    anna.types("Hallo")

    answer = anna.waits_for("Hallo")
    assert (answer.kind, answer.encrypted, answer.from_bot) == ("m.notice", encrypted, True)
    assert anna.unread == []


def test_an_echo_answers_when_the_network_fails(near_an_echo: Neighbourhood, proxy: Proxy) -> None:
    anna = near_an_echo.person("anna").starts()
    proxy.faults.next("PUT send", Fault.answer_lost())
    anna.types("Hallo")
    anna.waits_for("Hallo")
    anna.waits_until(lambda: proxy.calls.count("PUT send") == 2)

    first, second = proxy.calls.of("PUT send")
    assert (first.status, second.status) == (0, 200)
    assert first.transaction == second.transaction
    anna.hears_nothing()


def test_everything_that_can_be_sent_arrives(anna: Citizen, berta: Citizen) -> None:
    photo, document = b"\xff\xd8 a photo", b"%PDF a document"

    assert arrived(berta, anna.types("Hallo")).text == "Hallo"
    assert arrived(berta, anna.sends_photo(photo)).file == photo
    received = arrived(berta, anna.sends_document("a.pdf", document, "application/pdf"))
    assert (received.file, received.file_name) == (document, "a.pdf")
    assert received.content["file"]["v"] == "v2"
    assert arrived(berta, anna.sends_voice()).media_type == "audio/ogg"
    assert arrived(berta, anna.sends_sticker()).kind == "m.sticker"
    assert arrived(berta, anna.sends_location(51.5, 7.3)).geo_uri == "geo:51.5,7.3"
    assert arrived(berta, anna.sends_notice("quiet")).kind == "m.notice"
    assert all(each.encrypted for each in berta.messages)


def test_messages_are_edited_and_taken_back(anna: Citizen, berta: Citizen) -> None:
    sent = berta.types("Halo")
    assert anna.waits_for("Halo").edited is False

    berta.edits(sent, "Hallo")
    assert anna.waits_for("Hallo").edited is True
    assert len(anna.messages) == 1

    answer = anna.types("Guten Tag", replies_to=sent)
    assert arrived(berta, answer).replies_to == sent.id
    berta.deletes(sent)
    anna.waits_until(lambda: [each.id for each in anna.messages] == [answer.id])


def test_signs_of_a_bot_are_seen(anna: Citizen, berta: Citizen) -> None:
    sent = arrived(berta, anna.types("Hallo"))
    client, room_id = berta.client.nio, berta.room_id

    good(berta.client.does(client.room_typing(room_id, True)))  # noqa: FBT003
    anna.waits_until(lambda: anna.typing)
    good(berta.client.does(client.room_read_markers(room_id, sent.id, sent.id)))
    anna.waits_until(lambda: anna.receipts == [sent.id])
    reaction = berta.reacts(sent, "👍")
    anna.waits_until(lambda: anna.reactions == [reaction])
    berta.deletes(reaction)
    anna.waits_until(lambda: anna.reactions == [])
    assert anna.has_typed


def test_a_key_may_come_late(anna: Citizen, berta: Citizen) -> None:
    withheld = anna.withholds_key()
    later = arrived(berta, anna.types("And this?"))

    assert [each.is_readable for each in berta.messages] == [False, True]
    anna.hands_over_key()
    assert arrived(berta, withheld).text == "Can you read this?"
    assert berta.messages[-1] == later


def test_a_session_is_rotated(anna: Citizen, berta: Citizen) -> None:
    for words in ("one", "two"):
        arrived(berta, anna.types(words))
        anna.rotates_session()

    sessions = berta.client.olm.inbound_group_store[berta.room_id].values()
    assert sum(len(each) for each in sessions) == 2


def test_one_time_keys_are_exhausted(homeserver: Homeserver, berta: Citizen) -> None:
    berta.ends()  # so that there will be no new ones

    assert exhaust_keys(homeserver, berta.id) == 50
    assert exhaust_keys(homeserver, berta.id) == 0


def test_a_group_talks_and_the_bot_comes_and_goes(near_an_echo: Neighbourhood) -> None:
    anna, emil = near_an_echo.person("anna"), near_an_echo.person("emil")
    group = near_an_echo.group("Stadtrat", [anna, emil])
    group.adds_bot()

    group.types(emil, "Hallo")
    assert group.waits_for("Hallo").encrypted
    group.removes_bot()
    group.waits_until(lambda: not group.bot_is_here)
    assert len(group.messages) == 2


def test_who_leaves_may_invite_again(near_an_echo: Neighbourhood) -> None:
    anna = near_an_echo.person("anna").starts()
    first = anna.room_id
    anna.leaves()
    anna.invites_again().types("again")

    assert anna.waits_for("again").encrypted
    assert anna.room_id != first
