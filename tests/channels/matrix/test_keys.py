"""What the bot can read and write, whatever has happened to its programs in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

import pytest

from bot.channels.matrix.failures import Away
from bot.channels.matrix.keyrings import Superseded
from tests.channels.matrix.devices import aside, credentials, program
from tests.faults.fickle import Fickle
from tests.matrix.citizens import Citizen
from tests.matrix.faults import Fault
from tests.matrix.homeservers import Account, Homeserver
from tests.matrix.keys import exhaust_keys
from tests.matrix.proxies import between

pytestmark = pytest.mark.slow  # a homeserver takes seconds to start

SEND = "/_matrix/client/v3/sendToDevice/m.room.encrypted"
CLAIM = "/_matrix/client/v3/keys/claim"


@pytest.fixture
def known(homeserver: Homeserver) -> Account:
    return homeserver.newcomer("bot")


@pytest.fixture
def anna(homeserver: Homeserver, known: Account) -> Iterator[Citizen]:
    anna = Citizen(homeserver, "anna", bot=known.user_id)
    yield anna
    anna.ends()


async def test_what_is_said_while_no_program_runs_is_read_by_the_next_one(
    homeserver: Homeserver, database: Fickle, known: Account, anna: Citizen
) -> None:
    given = credentials(homeserver.url, known)
    async with program(database, given) as first:
        await aside(lambda: anna.starts(waits=False))
        await first.until(lambda: anna.room_id in first.client.rooms)
        await aside(anna.types, "Hello")
        await first.hears("Hello")
        await first.says(anna.room_id, "Good morning")
        await aside(anna.waits_for, "Good morning")
    await aside(anna.types, "In the old session")
    anna.rotates_session()
    await aside(anna.types, "In a new one")

    async with program(database, given) as second:
        await second.hears("In a new one")
        await second.says(anna.room_id, "Both have come")

        assert second.heard == ["In the old session", "In a new one"]
        await aside(anna.waits_for, "Both have come")


async def test_what_has_come_again_after_a_crash_does_no_harm(
    homeserver: Homeserver, sqlite: Fickle, known: Account, anna: Citizen
) -> None:
    given = credentials(homeserver.url, known)
    async with program(sqlite, given) as first:
        await aside(lambda: anna.starts(waits=False))
        await first.until(lambda: anna.room_id in first.client.rooms)
        await aside(anna.types, "Hello")
        # The keys are kept, but not how far the program has come: it is killed in between.
        await first.client.sync(2000, since=first.client.next_batch)
        await first.client.flush()

    async with program(sqlite, given) as second:
        await second.hears("Hello")


async def test_what_is_not_kept_is_not_sent(
    homeserver: Homeserver, sqlite: Fickle, known: Account, anna: Citizen
) -> None:
    with between(homeserver.url) as proxy:
        given = credentials(proxy.url, known)
        async with program(sqlite, given) as first:
            await aside(lambda: anna.starts(waits=False))
            await first.until(lambda: anna.room_id in first.client.rooms)
            await first.says(anna.room_id, "One")
            sqlite.before = 3
            first.client.machine.rotate_outbound_group_session(anna.room_id)
            proxy.calls.clear()
            await first.says(anna.room_id, "Two")

            assert sqlite.before == 0
            # Killed: another program begins, and this one does not know.
            async with program(sqlite, given) as second:
                await second.syncs()
                await second.says(anna.room_id, "Three")
                first.client.machine.rotate_outbound_group_session(anna.room_id)
                proxy.calls.clear()
                with pytest.raises(Superseded):
                    await first.says(anna.room_id, "Four")
                assert len(proxy.calls) == 0
        await aside(anna.waits_for, "Three")


async def test_a_message_whose_key_was_not_sent_waits(
    homeserver: Homeserver, sqlite: Fickle, known: Account, anna: Citizen
) -> None:
    with between(homeserver.url) as proxy:
        async with program(sqlite, credentials(proxy.url, known)) as bot:
            await aside(lambda: anna.starts(waits=False))
            await bot.until(lambda: anna.room_id in bot.client.rooms)
            await bot.client.joined_members(anna.room_id)
            for request in ("POST keys/claim", "PUT sendToDevice"):
                proxy.faults.next(request, Fault.bad_gateway())
                tries = [bot.says(anna.room_id, "Not yet") for _ in range(2)]
                async with asyncio.timeout(20):
                    failed = await asyncio.gather(*tries, return_exceptions=True)
                assert [type(each) for each in failed] == [Away, Away]
            await bot.says(anna.room_id, "Now")

            await aside(anna.waits_for, "Now")


async def test_newcomers_can_write_when_all_one_time_keys_were_claimed(
    homeserver: Homeserver, sqlite: Fickle, known: Account, anna: Citizen
) -> None:
    token = homeserver.newcomer("claimer").token
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        device = bot.client.device_id
        await aside(lambda: anna.starts(waits=False))
        await bot.until(lambda: anna.room_id in bot.client.rooms)
        assert await aside(exhaust_keys, homeserver, known.user_id) == 50

        # The bot has not synced since: only the fallback key is left.
        await aside(anna.types, "Is anybody there?")
        await bot.hears("Is anybody there?")
        wanted = {"one_time_keys": {known.user_id: {device: "signed_curve25519"}}}
        answer = homeserver.asks("POST", CLAIM, wanted, token)
        [key] = answer["one_time_keys"][known.user_id][device].values()

        assert "fallback" not in key
        assert await aside(exhaust_keys, homeserver, known.user_id) == 49


async def test_a_fallback_key_that_was_used_is_replaced(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    token = homeserver.newcomer("claimer").token
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        wanted = {"one_time_keys": {known.user_id: {bot.client.device_id: "signed_curve25519"}}}

        def fallback() -> dict[str, object]:
            exhaust_keys(homeserver, known.user_id)
            answer = homeserver.asks("POST", CLAIM, wanted, token)
            found: dict[str, object] = answer["one_time_keys"][known.user_id][bot.client.device_id]
            return found

        first = await aside(fallback)
        await bot.syncs()
        second = await aside(fallback)

        assert first != second


async def test_nonsense_holds_nobody_up(
    homeserver: Homeserver, sqlite: Fickle, known: Account, anna: Citizen
) -> None:
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        await aside(lambda: anna.starts(waits=False))
        await bot.until(lambda: anna.room_id in bot.client.rooms)
        own = bot.client.machine.account.identity_keys["curve25519"]
        bodies = ["nonsense", "", "AAAA", "\u1234", own]
        for number, (kind, body) in enumerate(product((0, 1), bodies)):
            content = {
                "algorithm": "m.olm.v1.curve25519-aes-sha2",
                "sender_key": own,
                "ciphertext": {own: {"type": kind, "body": body}},
            }
            given = {"messages": {known.user_id: {bot.client.device_id: content}}}
            homeserver.asks("PUT", f"{SEND}/{number}", given, anna.account.token)
        for content in ({"ciphertext": "AAAA"}, {"ciphertext": "\u1234"}):
            megolm = {"algorithm": "m.megolm.v1.aes-sha2", "sender_key": own, "session_id": "none"}
            event = megolm | {"device_id": "none"} | content
            path = f"/_matrix/client/v3/rooms/{anna.room_id}/send/m.room.encrypted/{content}"
            homeserver.asks("PUT", quote(path), event, anna.account.token)
        await aside(anna.types, "Hello")

        await bot.hears("Hello")


async def test_keys_that_the_homeserver_has_otherwise_are_made_anew(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        await aside(exhaust_keys, homeserver, known.user_id)
        bot.client.machine.note_one_time_keys(0)
        name = min(bot.client.machine.share_keys()["one_time_keys"])
        other = {"one_time_keys": {name: {"key": "another", "signatures": {}}}}
        homeserver.asks("POST", "/_matrix/client/v3/keys/upload", other, bot.client.access_token)
        await bot.syncs()
        await bot.syncs()

        assert await aside(exhaust_keys, homeserver, known.user_id) == 50
