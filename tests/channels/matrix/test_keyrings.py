"""The keys that the bot holds: what lasts, what goes, and what harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
import vodozemac
from nio import KeysClaimResponse, KeysQueryResponse
from nio.crypto import InboundGroupSession, OlmDevice, OutboundSession

from bot.channels.matrix.clients import Machine
from bot.channels.matrix.keyrings import SESSIONS_KEPT, Contents, Keyring, Superseded
from bot.outages import PatientDatabase
from bot.store import matrix
from tests.channels.matrix.devices import VAULT, aside, patient
from tests.faults.fickle import Fickle
from tests.serving import wait_until

DEVICE = matrix.Device("@bot:dialog.test", "BOT", b"token", None, "this program")
ROOM = "!room:dialog.test"


class Safe:
    """Where the keys lie."""

    def __init__(self, database: Fickle, found: PatientDatabase) -> None:
        self._database, self._patient = database, found
        self.held_by(DEVICE.opened_by)

    def held_by(self, program: str) -> None:
        """Let a program open it."""
        with self._database.transaction() as tx:
            matrix.keep_device(tx, replace(DEVICE, opened_by=program))

    def contents(self) -> Contents:
        """Open everything."""
        with self._database.transaction() as tx:
            found = matrix.keys(tx, DEVICE.user_id)
        return {name: VAULT.open(content) for name, content in found.items()}

    def machine(self) -> Machine:
        """Let the bot work with what is there."""
        keyring = Keyring(DEVICE, self.contents(), VAULT, self._patient)
        return Machine(DEVICE.user_id, DEVICE.device_id, keyring)

    def count(self, kind: str) -> int:
        """Count what is there of a kind."""
        return sum(1 for name in self.contents() if name.kind == kind)


@pytest.fixture
def safe(database: Fickle) -> Iterator[Safe]:
    with patient(database) as found:
        yield Safe(database, found)


def session(begins: vodozemac.GroupSession | None = None) -> InboundGroupSession:
    """Make a session of somebody in a room."""
    key = (begins or vodozemac.GroupSession()).session_key.to_base64()
    return InboundGroupSession(key, "signing key", "sender key", ROOM)


def someone(name: str = "PHONE") -> tuple[vodozemac.Account, OlmDevice]:
    """Make a device of a citizen."""
    account = vodozemac.Account()
    keys = {
        "curve25519": account.curve25519_key.to_base64(),
        "ed25519": account.ed25519_key.to_base64(),
    }
    return account, OlmDevice("@anna:dialog.test", name, keys)


def greeted(machine: Machine, device: OlmDevice, account: vodozemac.Account) -> OutboundSession:
    """Begin a session with a device."""
    account.generate_one_time_keys(1)
    [key] = account.one_time_keys.values()
    account.mark_keys_as_published()
    return machine.create_session(key.to_base64(), device.curve25519)


async def flush(machine: Machine) -> None:
    assert isinstance(machine.store, Keyring)
    await machine.store.flush()


async def test_only_the_last_sessions_of_a_sender_are_kept(safe: Safe) -> None:
    machine = safe.machine()
    made = [session() for _ in range(SESSIONS_KEPT + 3)]
    for each in made:
        machine.inbound_group_store.add(each)
        machine.save_inbound_group_session(each)
    await flush(machine)
    later = safe.machine()

    kept = [each.id for each in later.inbound_group_store]
    assert kept == [each.id for each in machine.inbound_group_store]
    assert kept == [each.id for each in made[3:]]


async def test_only_the_last_sessions_with_a_device_are_kept(safe: Safe) -> None:
    machine, (account, device) = safe.machine(), someone()
    made = [greeted(machine, device, account) for _ in range(SESSIONS_KEPT + 3)]
    await flush(machine)
    later = safe.machine()

    kept = later.session_store[device.curve25519]
    assert {each.id for each in kept} == {each.id for each in made[3:]}
    assert later.session_store.get(device.curve25519).id == made[-1].id


async def test_a_session_that_opens_fewer_messages_replaces_none(safe: Safe) -> None:
    machine, sender = safe.machine(), vodozemac.GroupSession()
    for _ in range(2):
        each = session(sender)
        machine.create_group_session(
            "sender key", "signing key", ROOM, each.id, sender.session_key.to_base64()
        )
        message = sender.encrypt(b"Hello").to_base64()
        await flush(machine)

    [kept] = safe.machine().inbound_group_store
    assert kept.first_known_index == 0
    assert kept.decrypt(message)[0] == "Hello"


async def test_sessions_in_which_the_bot_writes_are_not_kept(safe: Safe) -> None:
    machine = safe.machine()
    machine.create_outbound_group_session(ROOM)
    await flush(machine)

    assert safe.count("group") == 0


async def test_a_device_that_is_gone_goes_with_its_sessions(safe: Safe) -> None:
    machine, (account, device) = safe.machine(), someone()
    machine.device_store.add(device)
    machine.store.save_device_keys({device.user_id: {device.id: device}})
    greeted(machine, device, account)
    await flush(machine)
    assert (safe.count("device"), safe.count("session")) == (1, 1)

    machine.handle_response(KeysQueryResponse({device.user_id: {}}, {}))
    await flush(machine)

    assert (safe.count("device"), safe.count("session")) == (0, 0)


async def test_who_is_forgotten_leaves_no_keys(safe: Safe) -> None:
    machine, (account, device) = safe.machine(), someone()
    machine.device_store.add(device)
    machine.store.save_device_keys({device.user_id: {device.id: device}})
    machine.store.save_encrypted_rooms({ROOM, "!other:dialog.test"})
    greeted(machine, device, account)
    heard = session()
    machine.inbound_group_store.add(heard)
    machine.save_inbound_group_session(heard)
    await flush(machine)

    machine.store.forget(device.user_id, [ROOM])
    await flush(machine)

    left = {name.kind: name.name for name in safe.contents()}
    assert left == {"account": "", "room": "!other:dialog.test"}
    assert list(machine.inbound_group_store) == list(machine.device_store) == []


async def test_whoever_was_superseded_writes_nothing(safe: Safe) -> None:
    machine = safe.machine()
    await flush(machine)
    before = safe.contents()
    safe.held_by("another program")
    machine.share_keys()

    with pytest.raises(Superseded):
        await flush(machine)
    assert safe.contents() == before


async def test_what_could_not_be_written_is_written_later(safe: Safe, database: Fickle) -> None:
    machine = safe.machine()
    database.before = most = 1_000_000
    flushing = asyncio.create_task(flush(machine))
    await aside(wait_until, lambda: database.before < most)
    flushing.cancel()
    await asyncio.wait({flushing})
    database.before = 0
    assert safe.count("account") == 0

    await flush(machine)

    assert safe.machine().device_keys() == machine.device_keys()


async def test_keys_that_were_not_uploaded_are_offered_again_and_no_others(safe: Safe) -> None:
    first = safe.machine()
    offered = first.share_keys()
    await flush(first)

    assert len(offered["one_time_keys"]) == 50
    assert first.share_keys() == safe.machine().share_keys() == offered


async def test_a_key_that_is_none_harms_only_its_own_device(safe: Safe) -> None:
    machine, (account, good), (_, bad) = safe.machine(), someone(), someone("BAD")
    account.generate_one_time_keys(1)
    [key] = account.one_time_keys.values()
    machine.device_store.add(bad)
    machine.device_store.add(good)
    machine.verify_json = lambda *_: True
    claimed = {
        "BAD": {"signed_curve25519:A": {"key": "AAAA"}},
        "NONE": {},
        "PHONE": {"signed_curve25519:A": {"key": key.to_base64()}},
    }

    machine.handle_response(KeysClaimResponse({good.user_id: claimed}, {}))

    assert machine.session_store.get(good.curve25519) is not None
    assert machine.session_store.get(bad.curve25519) is None


async def test_a_device_that_is_none_harms_only_its_own_person(safe: Safe) -> None:
    machine, (_, good) = safe.machine(), someone()
    machine.verify_json = lambda *_: True
    described = {
        "user_id": good.user_id,
        "device_id": good.id,
        "keys": {f"{kind}:{good.id}": key for kind, key in good.keys.items()},
        "unsigned": {"device_display_name": "Anna's telephone"},
    }
    answer = {"@bad:dialog.test": {"BAD": {}}, good.user_id: {good.id: described}}
    machine.users_for_key_query = set(answer)

    response = KeysQueryResponse(answer, {})
    machine.handle_response(response)

    [known] = machine.device_store.active_user_devices(good.user_id)
    assert (known.keys, known.display_name) == (good.keys, "")
    assert set(response.changed) == {good.user_id}
    assert machine.users_for_key_query == set()
