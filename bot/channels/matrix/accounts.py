"""The bot's account on Matrix: signs in as the device that it has been, and keeps its keys."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Self

from bot.channels.matrix import addresses, signing
from bot.channels.matrix.clients import Client
from bot.channels.matrix.contents import OF_ONE_DEVICE
from bot.channels.matrix.failures import InvalidToken, Refused
from bot.channels.matrix.keyrings import Contents, Keyring, Superseded
from bot.channels.matrix.signing import Seeds
from bot.outages import PatientDatabase
from bot.services.refusals import OperatorError
from bot.services.vaults import Vault
from bot.store import matrix
from bot.store.database import Transaction

log = logging.getLogger(__name__)

DEVICE_NAME = "Stadtdialog"

_LOGIN = "/_matrix/client/v3/login"
_WHO_AM_I = "/_matrix/client/v3/account/whoami"

NO_USER = "MATRIX_USER is no account.\nExpected: its full id, such as @stadtdialog:stadt.example."
REFUSED = (
    "The homeserver does not accept MATRIX_PASSWORD.\n"
    "Expected: the password of the account in MATRIX_USER."
)
UNKNOWN = (
    "The homeserver does not accept MATRIX_ACCESS_TOKEN.\n"
    "Expected: a token of the account in MATRIX_USER. Make a new one, or set MATRIX_PASSWORD."
)
LOCKED = (
    "The homeserver takes no password from programs: {refused}.\n"
    "Set MATRIX_ACCESS_TOKEN and MATRIX_DEVICE_ID instead of MATRIX_PASSWORD."
)
SHUT = "The homeserver does not let the account in MATRIX_USER in: {refused}."
NOTHING = "Set MATRIX_PASSWORD, or MATRIX_ACCESS_TOKEN with MATRIX_DEVICE_ID."
OTHER_USER = "MATRIX_ACCESS_TOKEN belongs to another account than MATRIX_USER: {found}."
OTHER_DEVICE = "MATRIX_ACCESS_TOKEN belongs to another device than MATRIX_DEVICE_ID: {found}."
NO_DEVICE = (
    "MATRIX_ACCESS_TOKEN belongs to no device, so nothing encrypted can be read with it.\n"
    "Make a token by signing in."
)


@dataclass(frozen=True)
class Credentials:
    """Who the bot is on Matrix, and how it proves that; `user_id` is a full id."""

    homeserver: str
    user_id: str
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    device_id: str | None = None


@dataclass(frozen=True)
class _Device:
    """As what the bot is signed in."""

    device_id: str
    token: str = field(repr=False)


class Account:
    """The bot on Matrix; open it with `async with`, then sign in, then use `client`.

    Only one program at a time may sign in; what an earlier one does then raises Superseded.
    """

    def __init__(self, credentials: Credentials, vault: Vault, database: PatientDatabase) -> None:
        self._credentials = credentials
        self._vault = vault
        self._database = database
        self._seeds: Seeds | None = None
        self._program = ""
        self._is_found = False
        self.client = Client(credentials.user_id)

    @property
    def user_id(self) -> str:
        """The full id of the account."""
        return self._credentials.user_id

    async def __aenter__(self) -> Self:
        """Make ready to ask."""
        await self.client.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.client.end()

    async def sign_in(self) -> None:
        """Be the device that the bot has been, or a new one; others know its keys afterwards.

        To be called again if anything raises InvalidToken. Raises Away or SlowDown if the
        homeserver is away, and OperatorError for what the operator has to put right.
        """
        if not self.user_id.startswith("@") or ":" not in self.user_id:
            raise OperatorError(NO_USER)
        try:
            await self._sign_in()
        except Refused as error:
            raise OperatorError(SHUT.format(refused=error)) from error

    async def _sign_in(self) -> None:
        if not self._is_found:
            await addresses.find(self.client, self._credentials.homeserver)
            self._is_found = True
        await self._leave()
        kept = await self._database.insist(self._kept)
        device = await self._as_known(kept) or await self._as_new(was_known=kept is not None)
        await self._open(device)
        await signing.own(self.client)
        if not self.client.olm_account_shared:
            await self._upload()
        await signing.sign(self.client, self._seeds, self._keep_seeds, self._credentials.password)

    async def tend(self) -> None:
        """Do what is due for the keys; to be called after each sync."""
        client = self.client
        await client.send_to_device_messages()
        if client.should_upload_keys:
            await self._upload()
        if client.should_query_keys:
            await client.keys_query()
        if client.should_claim_keys:
            await client.keys_claim(client.get_users_for_key_claiming())
            # Who has no keys to give is not asked for them again and again.
            client.machine.wedged_devices.clear()
            client.machine.key_request_devices_no_session.clear()
            await client.send_to_device_messages()

    async def _leave(self) -> None:
        """Keep what an earlier sign-in has left, unless another program holds the keys by now."""
        try:
            await self.client.flush()
        except Superseded:
            self.client.keyring = None

    async def _upload(self) -> None:
        try:
            await self.client.keys_upload()
        except Refused as error:
            if error.status != HTTPStatus.BAD_REQUEST:
                raise
            # The database is older than what it has told the homeserver: it was restored.
            log.warning("the homeserver has other one-time keys of the bot; making new ones")
            self.client.machine.abandon_keys()
        await self.client.flush()

    async def _as_known(self, kept: _Device | None) -> _Device | None:
        """Give a device whose token the homeserver knows: that of the settings, or the kept one."""
        given = self._credentials.token
        if given is not None:
            device_id = await self._whose(given)
            if device_id is not None:
                return _Device(device_id, given)
        if kept is not None and kept.token != given:
            device_id = await self._whose(kept.token)
            if device_id == kept.device_id:
                return kept
        return None

    async def _as_new(self, *, was_known: bool) -> _Device:
        """Sign in with the password, as a new device."""
        if self._credentials.password is None:
            raise OperatorError(NOTHING if self._credentials.token is None else UNKNOWN)
        content = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.user_id},
            "password": self._credentials.password,
            "initial_device_display_name": DEVICE_NAME,
        }
        try:
            answer = await self.client.ask("POST", _LOGIN, content, token="")
        except Refused as error:
            is_password = error.code == "M_FORBIDDEN" or error.status == HTTPStatus.UNAUTHORIZED
            problem = REFUSED if is_password else LOCKED.format(refused=error)
            raise OperatorError(problem) from error
        if was_known:
            log.warning("the bot's token on Matrix is no longer valid; it is a new device now")
        return _Device(str(answer["device_id"]), str(answer["access_token"]))

    async def _whose(self, token: str) -> str | None:
        """Ask whose device a token belongs to; none if it is invalid."""
        try:
            answer = await self.client.ask("GET", _WHO_AM_I, token=token)
        except InvalidToken:
            return None
        found, device_id = answer.get("user_id"), answer.get("device_id")
        if found != self.user_id:
            raise OperatorError(OTHER_USER.format(found=found))
        if device_id is None:
            raise OperatorError(NO_DEVICE)
        expected = self._credentials.device_id
        if token == self._credentials.token and expected not in {None, device_id}:
            raise OperatorError(OTHER_DEVICE.format(found=device_id))
        return str(device_id)

    async def _open(self, device: _Device) -> None:
        """Keep as what the bot is signed in, and take up its keys."""
        program = secrets.token_hex(8)
        kept, contents = await self._database.insist(lambda tx: self._opened(tx, device, program))
        self._seeds = Seeds.load(self._vault.open(kept.seeds)) if kept.seeds is not None else None
        keyring = Keyring(kept, contents, self._vault, self._database)
        self._program = program
        self.client.open(keyring, device.token)

    def _opened(
        self, tx: Transaction, device: _Device, program: str
    ) -> tuple[matrix.Device, Contents]:
        sealed = self._vault.seal(device.token.encode())
        before = matrix.device(tx, self.user_id)
        kept = matrix.Device(self.user_id, device.device_id, sealed, None, program)
        if before is not None:
            kept = replace(kept, seeds=before.seeds)
            if before.device_id != device.device_id:
                matrix.drop_kinds(tx, self.user_id, OF_ONE_DEVICE)
        matrix.keep_device(tx, kept)
        contents = matrix.keys(tx, self.user_id)
        return kept, {name: self._vault.open(sealed) for name, sealed in contents.items()}

    def _kept(self, tx: Transaction) -> _Device | None:
        kept = matrix.device(tx, self.user_id)
        if kept is None:
            return None
        return _Device(kept.device_id, self._vault.open(kept.token).decode())

    async def _keep_seeds(self, seeds: Seeds) -> None:
        def keep(tx: Transaction) -> None:
            kept = matrix.device(tx, self.user_id)
            if kept is None or kept.opened_by != self._program:
                raise Superseded
            matrix.keep_device(tx, replace(kept, seeds=self._vault.seal(seeds.dump())))

        await self._database.insist(keep)
        self._seeds = seeds
