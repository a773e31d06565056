"""The account vouches for the bot's device: once, from kept seeds, and never over foreign keys."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nio import Api
from sqlalchemy import delete, update

from bot.channels.matrix.failures import Away
from bot.channels.matrix.signing import Seeds, Signers, publish
from bot.services.refusals import OperatorError
from bot.store.tables import matrix_devices, matrix_keys
from tests.channels.matrix.devices import Program, credentials, opened, program
from tests.faults.fickle import Fickle
from tests.matrix.faults import Fault
from tests.matrix.homeservers import Account, Homeserver
from tests.matrix.proxies import between

pytestmark = pytest.mark.slow  # a homeserver takes seconds to start

QUERY = "/_matrix/client/v3/keys/query"
LOGOUT = "/_matrix/client/v3/logout"
Json = dict[str, Any]


@pytest.fixture
def known(homeserver: Homeserver) -> Account:
    return homeserver.newcomer("bot")


def published(homeserver: Homeserver, user_id: str, token: str | None = None) -> Json:
    """Ask what there is of somebody, as anybody may; they themselves see more."""
    token = token or homeserver.newcomer("anna").token
    return homeserver.asks("POST", QUERY, {"device_keys": {user_id: []}}, token)


def signs(signed: Json, user_id: str, key: str, named: str) -> bool:
    """Check a signature; raises if there is one that is wrong."""
    signature = signed["signatures"][user_id].get(f"ed25519:{named}")
    if signature is None:
        return False
    bare = {name: each for name, each in signed.items() if name not in {"signatures", "unsigned"}}
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key + "="))
    public.verify(base64.b64decode(signature + "=="), Api.to_canonical_json(bare).encode())
    return True


def is_vouched_for(homeserver: Homeserver, bot: Program) -> bool:
    """Tell whether others see the device as signed by the account, and the other way round."""
    user_id, device_id = bot.account.user_id, bot.client.device_id
    assert device_id is not None
    found = published(homeserver, user_id)
    device = found["device_keys"][user_id][device_id]
    master, own = found["master_keys"][user_id], found["self_signing_keys"][user_id]
    [master_key], [own_key] = master["keys"].values(), own["keys"].values()
    shown_to_itself = published(homeserver, user_id, bot.client.access_token)["master_keys"][
        user_id
    ]
    device_key = device["keys"][f"ed25519:{device_id}"]
    return (
        signs(own, user_id, master_key, master_key)
        and signs(device, user_id, own_key, own_key)
        and signs(device, user_id, device_key, device_id)
        and signs(shown_to_itself, user_id, device_key, device_id)
    )


async def test_the_device_is_signed_once(
    homeserver: Homeserver, database: Fickle, known: Account
) -> None:
    with between(homeserver.url) as proxy:
        given = credentials(proxy.url, known)
        async with program(database, given) as first:
            assert is_vouched_for(homeserver, first)
        proxy.calls.clear()
        async with program(database, given) as second:
            assert is_vouched_for(homeserver, second)

        assert proxy.calls.count("POST keys/device_signing/upload") == 0
        assert proxy.calls.count("POST keys/signatures/upload") == 0


async def test_a_new_device_after_a_lost_token_is_signed_by_the_same_account(
    homeserver: Homeserver,
    database: Fickle,
    known: Account,
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = credentials(homeserver.url, known)
    async with program(database, given) as first:
        device = first.client.device_id
        before = published(homeserver, known.user_id)["master_keys"][known.user_id]["keys"]
        homeserver.asks("POST", LOGOUT, {}, first.client.access_token)

    async with program(database, given) as second:
        after = published(homeserver, known.user_id)["master_keys"][known.user_id]["keys"]

        assert second.client.device_id != device
        assert is_vouched_for(homeserver, second)
        assert before == after
        assert caplog.text.count("is a new device now") == 1


async def test_seeds_are_kept_before_anybody_hears_of_them(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    with between(homeserver.url) as proxy:
        given = credentials(proxy.url, known)
        proxy.faults.next("POST keys/device_signing/upload", Fault.answer_lost())
        async with opened(sqlite, given) as first:
            with pytest.raises(Away):
                await first.sign_in()

        async with program(sqlite, given) as second:
            assert is_vouched_for(homeserver, second)


async def test_a_homeserver_that_wants_the_password_for_it_gets_it(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        # Replacing keys, which the bot never does, is what every homeserver wants it for.
        described = Signers(known.user_id, Seeds.new()).described()
        assert await publish(bot.client, described, known.password)

    master = published(homeserver, known.user_id)["master_keys"][known.user_id]
    assert master["keys"] == described["master_key"]["keys"]


async def test_without_a_password_it_goes_on_unsigned_and_says_so(
    homeserver: Homeserver, sqlite: Fickle, known: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with between(homeserver.url) as proxy:
        proxy.faults.next("POST keys/device_signing/upload", Fault(401, b'{"session": "one"}'))
        given = credentials(proxy.url, known, password=None, token=known.token)
        async with program(sqlite, given):
            assert "MATRIX_PASSWORD" in caplog.text
        async with program(sqlite, given) as bot:
            assert is_vouched_for(homeserver, bot)


async def test_foreign_keys_are_never_replaced(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    given = credentials(homeserver.url, known)
    async with program(sqlite, given):
        before = published(homeserver, known.user_id)["master_keys"]
    with sqlite.transaction() as tx:
        tx.execute(update(matrix_devices).values(seeds=None))

    async with opened(sqlite, given) as second:
        with pytest.raises(OperatorError, match="account of its own"):
            await second.sign_in()
    assert published(homeserver, known.user_id)["master_keys"] == before


async def test_a_token_that_was_taken_out_of_an_app_is_refused(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    given = credentials(homeserver.url, known, password=None, token=known.token)
    async with program(sqlite, given):
        pass
    with sqlite.transaction() as tx:  # as if the app had it in a database of its own
        tx.execute(delete(matrix_devices))
        tx.execute(delete(matrix_keys))

    async with opened(sqlite, given) as second:
        with pytest.raises(OperatorError, match="used for encryption by another"):
            await second.sign_in()
