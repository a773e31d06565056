"""Signing in on Matrix: as the device that the bot has been, from the database alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.channels.matrix.failures import Away, InvalidToken, Refused, SlowDown
from bot.services.refusals import OperatorError
from bot.services.vaults import Secret, Vault
from tests.channels.matrix.devices import credentials, opened, program
from tests.faults.fickle import Fickle
from tests.matrix.faults import Fault
from tests.matrix.homeservers import Account, Homeserver
from tests.matrix.proxies import between

pytestmark = pytest.mark.slow  # a homeserver takes seconds to start

DEVICES = "/_matrix/client/v3/devices"
LOGIN = "/_matrix/client/v3/login"
LOGOUT = "/_matrix/client/v3/logout"


@pytest.fixture
def known(homeserver: Homeserver) -> Account:
    return homeserver.newcomer("bot")


async def test_a_program_goes_on_as_the_same_device_from_the_database_alone(
    homeserver: Homeserver, database: Fickle, known: Account
) -> None:
    with between(homeserver.url) as proxy:
        given = credentials(proxy.url, known)
        async with program(database, given) as first:
            device, keys = first.client.device_id, first.client.machine.device_keys()
        proxy.calls.clear()
        async with program(database, given) as second:
            assert second.client.device_id == device
            assert second.client.machine.device_keys() == keys

        assert proxy.calls.count("POST login") == 0
        assert proxy.calls.count("POST keys/upload") == 0
    devices = homeserver.asks("GET", DEVICES, token=known.token)["devices"]
    names = {each["device_id"]: each["display_name"] for each in devices}
    assert names[device] == "Stadtdialog"


async def test_a_token_is_enough_and_another_one_of_the_device_replaces_it(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    given = credentials(
        homeserver.url, known, password=None, token=known.token, device_id=known.device_id
    )
    async with program(sqlite, given) as first:
        keys = first.client.machine.device_keys()
    who = {"type": "m.id.user", "user": known.user_id}
    again = {"type": "m.login.password", "identifier": who, "password": known.password}
    other = homeserver.asks("POST", LOGIN, again | {"device_id": known.device_id})["access_token"]
    homeserver.asks("POST", "/_matrix/client/v3/keys/query", {"device_keys": {}}, other)

    async with program(sqlite, replace(given, token=other)) as second:
        assert second.client.access_token == other
        assert second.client.machine.device_keys() == keys
    async with program(sqlite, replace(given, token="stale")) as third:
        assert third.client.access_token == other


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "another"}, "MATRIX_PASSWORD"),
        ({"password": None}, "MATRIX_PASSWORD, or MATRIX_ACCESS_TOKEN"),
        ({"password": None, "token": "another"}, "MATRIX_ACCESS_TOKEN"),
        ({"user_id": "@other:dialog.test", "token": "its own"}, "MATRIX_USER"),
        ({"user_id": "bot"}, "MATRIX_USER"),
        ({"device_id": "ANOTHER", "token": "its own"}, "MATRIX_DEVICE_ID"),
    ],
)
async def test_the_operator_learns_which_setting_is_wrong(
    homeserver: Homeserver,
    sqlite: Fickle,
    known: Account,
    wrong: dict[str, str | None],
    said: str,
) -> None:
    if wrong.get("token") == "its own":
        wrong = wrong | {"token": known.token}
    async with opened(sqlite, credentials(homeserver.url, known, **wrong)) as account:
        with pytest.raises(OperatorError, match=said) as refused:
            await account.sign_in()

    assert known.token not in str(refused.value)


async def test_a_token_that_was_lost_is_the_operators_business_without_a_password(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    given = credentials(homeserver.url, known, password=None, token=known.token)
    async with program(sqlite, given) as first:
        homeserver.asks("POST", LOGOUT, {}, known.token)
        with pytest.raises(InvalidToken):
            await first.client.sync(0)
        with pytest.raises(OperatorError, match="MATRIX_ACCESS_TOKEN"):
            await first.account.sign_in()


async def test_secrets_that_do_not_open_are_the_operators_business(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    given = credentials(homeserver.url, known)
    async with program(sqlite, given) as first:
        device = first.client.device_id
    other = Vault(Secret("STADTDIALOG_SECRET_KEY", "another secret"))

    async with opened(sqlite, given, other) as account:
        with pytest.raises(OperatorError, match="STADTDIALOG_SECRET_KEY"):
            await account.sign_in()
    async with program(sqlite, given) as second:
        assert second.client.device_id == device


async def test_an_address_may_be_that_of_the_city(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    with between(homeserver.url) as city:
        no, there = Fault(404, b"<html>", "text/html"), {"base_url": f"{homeserver.url}/"}
        city.faults.always("GET versions", no)
        where = json.dumps({"m.homeserver": there}).encode()
        city.faults.next("GET .well-known/matrix/client", Fault(200, where))
        async with program(sqlite, credentials(city.url, known)) as bot:
            assert bot.client.homeserver == homeserver.url

        async with opened(sqlite, credentials(city.url, known)) as account:
            with pytest.raises(OperatorError, match="MATRIX_HOMESERVER"):
                await account.sign_in()


@pytest.mark.parametrize(
    "fault", [Fault.internal(), Fault.bad_gateway(), Fault.closed(), Fault.broken_json()]
)
async def test_whoever_is_away_may_come_back(
    homeserver: Homeserver, sqlite: Fickle, known: Account, fault: Fault
) -> None:
    with between(homeserver.url) as proxy:
        async with opened(sqlite, credentials(proxy.url, known)) as account:
            for request in ("POST login", "POST keys/upload", "POST keys/signatures/upload"):
                proxy.faults.next(request, fault)
                with pytest.raises(Away):
                    await account.sign_in()
            await account.sign_in()
            proxy.faults.next("GET sync", fault, times=2)  # aiohttp tries a cut GET again
            with pytest.raises(Away):
                await account.client.sync(0)


@pytest.mark.parametrize("request_", ["POST login", "POST keys/query"])
async def test_an_account_that_is_shut_is_the_operators_business(
    homeserver: Homeserver, sqlite: Fickle, known: Account, request_: str
) -> None:
    with between(homeserver.url) as proxy:
        proxy.faults.next(request_, Fault.refusal(403, "M_USER_DEACTIVATED", "Bye, bot"))
        async with opened(sqlite, credentials(proxy.url, known)) as account:
            with pytest.raises(OperatorError, match="M_USER_DEACTIVATED"):
                await account.sign_in()


async def test_each_no_says_what_is_to_be_done(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    with between(homeserver.url) as proxy:
        async with program(sqlite, credentials(proxy.url, known)) as bot:
            proxy.faults.next("POST join", Fault.too_many(1_500))
            with pytest.raises(SlowDown) as slow:
                await bot.client.join("!room:dialog.test")
            proxy.faults.next("POST join", Fault.forbidden())
            with pytest.raises(Refused) as refused:
                await bot.client.join("!room:dialog.test")

            assert slow.value.seconds == 1.5
            assert (refused.value.status, refused.value.code) == (403, "M_FORBIDDEN")
            assert "room" not in str(refused.value)


async def test_a_database_that_is_away_is_waited_for(
    homeserver: Homeserver, sqlite: Fickle, known: Account
) -> None:
    sqlite.before = 3
    async with program(sqlite, credentials(homeserver.url, known)) as bot:
        await bot.syncs()

    assert sqlite.before == 0
