"""The keys of the bot in memory, as nio wants to have them, and in the database, where they last.

nio reads and writes its store at once, in the midst of its work. So it is given one in memory, and
`flush` writes what has changed, before anybody outside is told anything that follows from it.

What is kept does not grow for ever: of the sessions with a device, and of those of a sender in a
room, the last few; of the devices of others, those that exist; of our own sessions in rooms, none,
because after a start there are new ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec
from nio.crypto import (
    DeviceStore,
    GroupSessionStore,
    InboundGroupSession,
    OlmAccount,
    OlmDevice,
    OutgoingKeyRequest,
    Session,
    SessionStore,
    TrustState,
)
from nio.store import MatrixStore

from bot.channels.matrix import contents
from bot.channels.matrix.contents import Kind
from bot.outages import PatientDatabase
from bot.services.vaults import Vault
from bot.store import matrix
from bot.store.database import Transaction
from bot.store.matrix import Name

SESSIONS_KEPT = 20
"""Apps begin a new one after a hundred messages or a week, and send late from the one before."""

Contents = Mapping[Name, bytes]
T = TypeVar("T", bound=msgspec.Struct)


class Superseded(Exception):
    """Another program has opened these keys; what this one would write would spoil them."""


class Keyring(MatrixStore):  # type: ignore[misc]  # its decorators are untyped
    """The keys of one device of the bot; nio sees its own store, without the files."""

    def __init__(
        self, device: matrix.Device, kept: Contents, vault: Vault, database: PatientDatabase
    ) -> None:
        self.user_id = device.user_id
        self.device_id = device.device_id
        self._program = device.opened_by
        self._vault = vault
        self._database = database
        self._flushing = asyncio.Lock()
        self._changed: dict[Name, Callable[[], bytes] | None] = {}
        self._account: OlmAccount | None = None
        self._sessions = SessionStore()
        self._groups = _Groups()
        self._devices = DeviceStore()
        self._rooms: set[str] = set()
        self._order = 0
        self._load(kept)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    async def flush(self) -> None:
        """Write what has changed; waits while the database is away. Raises Superseded."""
        async with self._flushing:
            changed, self._changed = self._changed, {}
            if not changed:
                return
            try:
                written = {name: content and content() for name, content in changed.items()}
                await self._database.insist(lambda tx: self._write(tx, written))
            except BaseException:
                self._changed = changed | self._changed
                raise

    def forget(self, user_id: str, rooms: Iterable[str]) -> None:
        """Drop all keys of somebody, and of these rooms."""
        for device in self._devices[user_id].values():
            self._drop_device(device)
        self._devices[user_id].clear()
        for room in rooms:
            self.delete_encrypted_room(room)
            for senders in self._groups[room].values():
                for session in senders.values():
                    self._changed[contents.group_name(session)] = None
            self._groups[room].clear()

    # What nio asks for

    def load_account(self) -> OlmAccount | None:
        """Give the account, unless this device has none yet."""
        return self._account

    def save_account(self, account: OlmAccount) -> None:
        """Keep the account as it is when it is written."""
        self._account = account
        self._changed[contents.ACCOUNT] = lambda: _dump(contents.Account.of(account))

    def load_sessions(self) -> SessionStore:
        """Give the sessions with devices."""
        return self._sessions

    def save_session(self, curve_key: str, session: Session) -> None:
        """Keep a session, and drop the oldest one if there are too many."""
        name = contents.session_name(curve_key, session)
        self._changed[name] = lambda: _dump(contents.DeviceSession.of(curve_key, session))
        known = self._sessions[curve_key]
        while len(known) > SESSIONS_KEPT:
            oldest = min(known, key=lambda each: each.use_time)
            known.remove(oldest)
            self._changed[contents.session_name(curve_key, oldest)] = None

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        """Give the sessions in which others write in rooms."""
        return self._groups

    def save_inbound_group_session(self, session: InboundGroupSession) -> None:
        """Keep a session, unless a better one is known; drop the oldest one if there are many."""
        known = self._groups[session.room_id][session.sender_key]
        if known.get(session.id) is not session:
            return
        if not self._is_own(session.sender_key):
            self._order = order = self._order + 1
            name = contents.group_name(session)
            self._changed[name] = lambda: _dump(contents.GroupSession.of(session, order))
        while len(known) > SESSIONS_KEPT:
            oldest = known.pop(next(iter(known)))
            self._changed[contents.group_name(oldest)] = None

    def load_device_keys(self) -> DeviceStore:
        """Give the devices of others."""
        return self._devices

    def save_device_keys(self, device_keys: Mapping[str, Mapping[str, OlmDevice]]) -> None:
        """Keep the keys of devices; those that are deleted go, with the sessions with them."""
        for devices in device_keys.values():
            for device in devices.values():
                if device.deleted:
                    self._drop_device(device)
                else:
                    self._changed[contents.device_name(device)] = _device_content(device)

    def load_encrypted_rooms(self) -> set[str]:
        """Give the rooms in which nothing may be said openly."""
        return set(self._rooms)

    def save_encrypted_rooms(self, rooms: Iterable[str]) -> None:
        """Keep that rooms are encrypted."""
        for room in set(rooms) - self._rooms:
            self._rooms.add(room)
            self._changed[contents.room_name(room)] = lambda: b"{}"

    def delete_encrypted_room(self, room: str) -> None:
        """Drop a room."""
        if room in self._rooms:
            self._rooms.remove(room)
            self._changed[contents.room_name(room)] = None

    # What need not last: requests for keys, which nobody answers, and trust, which is not asked for

    def load_outgoing_key_requests(self) -> dict[str, OutgoingKeyRequest]:
        """Begin without requests for keys."""
        return {}

    def add_outgoing_key_request(self, key_request: OutgoingKeyRequest) -> None:
        """Leave it to nio, which has it in memory."""

    def remove_outgoing_key_request(self, key_request: OutgoingKeyRequest) -> None:
        """Leave it to nio."""

    def verify_device(self, device: OlmDevice) -> bool:
        """Trust a device until the program ends."""
        return _trust(device, TrustState.verified)

    def is_device_verified(self, device: OlmDevice) -> bool:
        """Tell whether a device is trusted."""
        return bool(device.trust_state == TrustState.verified)

    def blacklist_device(self, device: OlmDevice) -> bool:
        """Send no keys to a device until the program ends."""
        return _trust(device, TrustState.blacklisted)

    def is_device_blacklisted(self, device: OlmDevice) -> bool:
        """Tell whether a device gets no keys."""
        return bool(device.trust_state == TrustState.blacklisted)

    def ignore_devices(self, devices: Iterable[OlmDevice]) -> None:
        """Send keys to devices without having verified them."""
        for device in devices:
            _trust(device, TrustState.ignored)

    def is_device_ignored(self, device: OlmDevice) -> bool:
        """Tell whether a device gets keys without having been verified."""
        return bool(device.trust_state == TrustState.ignored)

    def _write(self, tx: Transaction, changed: Mapping[Name, bytes | None]) -> None:
        if not matrix.is_opened_by(tx, self.user_id, self._program):
            raise Superseded
        kept = {
            name: self._vault.seal(content)
            for name, content in changed.items()
            if content is not None
        }
        matrix.keep_keys(tx, self.user_id, kept)
        matrix.drop_keys(tx, self.user_id, changed.keys() - kept.keys())

    def _load(self, kept: Contents) -> None:
        groups: list[contents.GroupSession] = []
        for name, content in kept.items():
            match Kind(name.kind):
                case Kind.ACCOUNT:
                    self._account = _read(content, contents.Account).loaded()
                case Kind.SESSION:
                    session = _read(content, contents.DeviceSession)
                    self._sessions.add(session.sender_key, session.loaded())
                case Kind.GROUP:
                    groups.append(_read(content, contents.GroupSession))
                case Kind.DEVICE:
                    self._devices.add(_read(content, contents.Device).loaded())
                case Kind.ROOM:
                    self._rooms.add(name.name)
        for group in sorted(groups, key=lambda each: each.order):
            self._order = group.order
            self._groups.add(group.loaded())

    def _drop_device(self, device: OlmDevice) -> None:
        self._changed[contents.device_name(device)] = None
        for session in self._sessions[device.curve25519]:
            self._changed[contents.session_name(device.curve25519, session)] = None
        self._sessions[device.curve25519].clear()

    def _is_own(self, sender_key: str) -> bool:
        account = self._account
        return account is not None and account.identity_keys["curve25519"] == sender_key


class _Groups(GroupSessionStore):  # type: ignore[misc]  # untyped
    """Sessions in rooms, of which one that opens more messages is not replaced by one of fewer.

    https://github.com/matrix-nio/matrix-nio (Olm.create_group_session)
    """

    def add(self, session: InboundGroupSession) -> bool:
        """Add a session, unless one is known that begins as early."""
        known = self.get(session.room_id, session.sender_key, session.id)
        if known is not None and known.first_known_index <= session.first_known_index:
            return False
        return bool(super().add(session))


def _device_content(device: OlmDevice) -> Callable[[], bytes]:
    return lambda: _dump(contents.Device.of(device))


def _dump(content: msgspec.Struct) -> bytes:
    return msgspec.json.encode(content)


def _read(content: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(content, type=kind)


def _trust(device: OlmDevice, state: TrustState) -> bool:
    is_new = bool(device.trust_state != state)
    device.trust_state = state
    return is_new
