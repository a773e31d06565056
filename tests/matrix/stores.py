"""Where a citizen keeps keys: in memory, and all devices are trusted.

Not nio's own store: it binds peewee's models, which all stores of a process share, for the time
of each call, so two stores in two threads (a citizen's and the bot's) write into each other.
"""

from __future__ import annotations

from nio.crypto import DeviceStore, GroupSessionStore, OlmAccount, OlmDevice, SessionStore


class MemoryStore:
    """What nio asks of a store; it holds the keys in memory by itself."""

    def __init__(self, *_: str) -> None:
        self.account: OlmAccount | None = None

    def load_account(self) -> OlmAccount | None:
        """Give the account, once it was saved."""
        return self.account

    def save_account(self, account: OlmAccount) -> None:
        """Keep the account."""
        self.account = account

    def load_sessions(self) -> SessionStore:
        """Give a place for sessions with devices."""
        return SessionStore()

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        """Give a place for sessions of rooms."""
        return GroupSessionStore()

    def load_device_keys(self) -> DeviceStore:
        """Give a place for devices."""
        return DeviceStore()

    def load_encrypted_rooms(self) -> set[str]:
        """Give a place for rooms."""
        return set()

    def load_outgoing_key_requests(self) -> dict[str, object]:
        """Give a place for questions after keys."""
        return {}

    def save(self, *_: object) -> None:
        """Do nothing: nio holds all of it."""

    save_session = save_inbound_group_session = save_device_keys = save
    save_encrypted_rooms = delete_encrypted_room = ignore_devices = save
    add_outgoing_key_request = remove_outgoing_key_request = save

    def is_device_ignored(self, _device: OlmDevice) -> bool:
        """Say that a device needs no verification to be talked to."""
        return True

    def is_device_verified(self, _device: OlmDevice) -> bool:
        """Say that nobody has verified a device."""
        return False

    def is_device_blacklisted(self, _device: OlmDevice) -> bool:
        """Say that nobody distrusts a device."""
        return False
