"""Cross-signing: the account vouches for its device, so that people's apps send it keys.

nio does not know of it: https://github.com/matrix-nio/matrix-nio/issues/229
"""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import Refused
from bot.services.refusals import OperatorError

log = logging.getLogger(__name__)

SEED_BYTES = 32
USAGES = ("master", "self_signing", "user_signing")

_QUERY = "/_matrix/client/v3/keys/query"
_KEYS = "/_matrix/client/v3/keys/device_signing/upload"
_SIGNATURES = "/_matrix/client/v3/keys/signatures/upload"

FOREIGN = (
    "The account in MATRIX_USER has been set up for encryption by another app or program,\n"
    "or by this one with another database. If so, set DATABASE_URL to that database.\n"
    "Otherwise give the bot an account of its own, which nobody uses in an app like Element."
)
FOREIGN_DEVICE = (
    "The device in MATRIX_ACCESS_TOKEN is used for encryption by another app or program.\n"
    "Give the bot a token of its own: sign in for it anew, and do not use that in an app."
)
UNSIGNED = (
    "the homeserver wants a password before it takes the bot's signature; "
    "until MATRIX_PASSWORD is set, some apps will not write to the bot"
)

Keys = Mapping[str, Any]


@dataclass(frozen=True)
class Seeds:
    """From what the keys of the account are made; as precious as the account itself."""

    master: bytes = field(repr=False)
    self_signing: bytes = field(repr=False)
    user_signing: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Seeds:
        """Make new ones."""
        return cls(*(secrets.token_bytes(SEED_BYTES) for _ in USAGES))

    @classmethod
    def load(cls, kept: bytes) -> Seeds:
        """Take them up as they were kept."""
        return cls(*(kept[at : at + SEED_BYTES] for at in range(0, 3 * SEED_BYTES, SEED_BYTES)))

    def dump(self) -> bytes:
        """Give them as they are to be kept."""
        return self.master + self.self_signing + self.user_signing


@dataclass(frozen=True)
class Own:
    """What the homeserver has of the account: its keys by usage, and the device of the bot."""

    keys: Mapping[str, str]
    master: Keys | None
    device: Keys | None


async def own(client: Client) -> Own:
    """Ask what the homeserver has; raises OperatorError if the device is somebody else's."""
    user_id, device_id = client.user_id, client.device_id
    answer = await client.ask("POST", _QUERY, {"device_keys": {user_id: []}})
    found = {usage: answer.get(f"{usage}_keys", {}).get(user_id) for usage in USAGES}
    device = answer.get("device_keys", {}).get(user_id, {}).get(device_id)
    if device is not None and device.get("keys") != client.machine.device_keys()["keys"]:
        raise OperatorError(FOREIGN_DEVICE)
    keys = {usage: next(iter(each["keys"].values())) for usage, each in found.items() if each}
    return Own(keys, found["master"], device)


async def sign(
    client: Client,
    seeds: Seeds | None,
    keep: Callable[[Seeds], Awaitable[None]],
    password: str | None,
) -> None:
    """Let the account vouch for the device of the client, unless it does so already.

    `keep` is given new seeds before anybody is told of them. Raises OperatorError if the account
    has keys that are not made of these seeds: they are never replaced.
    """
    found = await own(client)
    if seeds is None:
        if found.keys:
            raise OperatorError(FOREIGN)
        seeds = Seeds.new()
        await keep(seeds)
    signers = Signers(client.user_id, seeds)
    if not found.keys:
        if not await publish(client, signers.described(), password):
            return
    elif found.keys != signers.public():
        raise OperatorError(FOREIGN)
    await _vouch(client, signers, found)


async def _vouch(client: Client, signers: Signers, found: Own) -> None:
    """Sign the device in the name of the account, and the account in that of the device."""
    user_id, device_id = client.user_id, client.device_id
    device, master = client.machine.device_keys(), signers.described()["master_key"]
    missing = {}
    by_account = f"ed25519:{signers.public()['self_signing']}"
    if by_account not in _signatures(found.device, user_id):
        missing[device_id] = signers.self_signing.signed(device)
    by_device = f"ed25519:{device_id}"
    if by_device not in _signatures(found.master, user_id):
        signature = client.machine.signature(_bare(master))
        missing[signers.public()["master"]] = master | {
            "signatures": {user_id: {by_device: signature}}
        }
    if not missing:
        return
    answer = await client.ask("POST", _SIGNATURES, {user_id: missing})
    if answer.get("failures"):
        raise Refused(HTTPStatus.OK, "signatures")


async def publish(client: Client, described: Keys, password: str | None) -> bool:
    """Publish the keys of the account; false if that takes a password and there is none."""
    try:
        await client.ask("POST", _KEYS, described)  # the first time, none is needed (MSC3967)
    except Refused as error:
        if error.status != HTTPStatus.UNAUTHORIZED:
            raise
        if password is None:
            log.warning(UNSIGNED)
            return False
        who = {"type": "m.id.user", "user": client.user_id}
        auth = {"type": "m.login.password", "identifier": who, "password": password}
        await client.ask("POST", _KEYS, {**described, "auth": auth | {"session": error.session}})
    return True


class Signer:
    """One key of the account."""

    def __init__(self, user_id: str, seed: bytes) -> None:
        self._user_id = user_id
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = _base64(self._private.public_key().public_bytes_raw())

    def signed(self, content: Keys) -> dict[str, Any]:
        """Add a signature to an object, beside those that it has."""
        signature = _base64(self._private.sign(orjson.dumps(_bare(content), option=_CANONICAL)))
        others = content.get("signatures", {}).get(self._user_id, {})
        return {
            **content,
            "signatures": {self._user_id: others | {f"ed25519:{self.public}": signature}},
        }


class Signers:
    """The three keys of the account."""

    def __init__(self, user_id: str, seeds: Seeds) -> None:
        self._user_id = user_id
        self.master = Signer(user_id, seeds.master)
        self.self_signing = Signer(user_id, seeds.self_signing)
        self.user_signing = Signer(user_id, seeds.user_signing)

    def public(self) -> dict[str, str]:
        """Give what others may know, by usage."""
        signers = (self.master, self.self_signing, self.user_signing)
        return {usage: each.public for usage, each in zip(USAGES, signers, strict=True)}

    def described(self) -> dict[str, Any]:
        """Describe the keys to the homeserver, two of them signed by the first."""
        plain = {
            usage: {
                "user_id": self._user_id,
                "usage": [usage],
                "keys": {f"ed25519:{public}": public},
            }
            for usage, public in self.public().items()
        }
        return {
            "master_key": plain["master"],
            "self_signing_key": self.master.signed(plain["self_signing"]),
            "user_signing_key": self.master.signed(plain["user_signing"]),
        }


_CANONICAL = orjson.OPT_SORT_KEYS


def _bare(content: Keys) -> dict[str, Any]:
    """Give what of an object is signed."""
    return {name: each for name, each in content.items() if name not in {"signatures", "unsigned"}}


def _signatures(signed: Keys | None, user_id: str) -> Keys:
    found: Keys = (signed or {}).get("signatures", {}).get(user_id, {})
    return found


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")
