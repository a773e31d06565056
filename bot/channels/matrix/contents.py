"""What is kept of the keys of the bot: what each is called, and how it is written and read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec
from nio.crypto import InboundGroupSession, OlmAccount, OlmDevice, Session

from bot.store.matrix import Name


class Kind(StrEnum):
    """The kinds of what is kept."""

    ACCOUNT = "account"
    SESSION = "session"
    GROUP = "group"
    DEVICE = "device"
    ROOM = "room"


OF_ONE_DEVICE = (Kind.ACCOUNT, Kind.SESSION)
"""What is of no use to another device of the bot."""

ACCOUNT = Name(Kind.ACCOUNT, "")


def session_name(curve_key: str, session: Session) -> Name:
    """Name a session with a device."""
    return Name(Kind.SESSION, f"{curve_key} {session.id}")


def group_name(session: InboundGroupSession) -> Name:
    """Name a session in which somebody writes in a room."""
    return Name(Kind.GROUP, f"{session.room_id} {session.sender_key} {session.id}")


def device_name(device: OlmDevice) -> Name:
    """Name a device of somebody."""
    return Name(Kind.DEVICE, f"{device.user_id} {device.device_id}")


def room_name(room: str) -> Name:
    """Name a room that is encrypted."""
    return Name(Kind.ROOM, room)


class Account(msgspec.Struct):
    """The account of a device; `shared` tells whether others know it."""

    pickle: str
    shared: bool

    @classmethod
    def of(cls, account: OlmAccount) -> Account:
        """Take it as it is at this moment."""
        return cls(account.pickle().decode(), account.shared)

    def loaded(self) -> OlmAccount:
        """Take it up again."""
        return OlmAccount.from_pickle(self.pickle.encode(), shared=self.shared)


class DeviceSession(msgspec.Struct):
    """A session with a device."""

    pickle: str
    sender_key: str
    created: datetime
    used: datetime

    @classmethod
    def of(cls, curve_key: str, session: Session) -> DeviceSession:
        """Take it as it is at this moment."""
        pickle = session.pickle().decode()
        return cls(pickle, curve_key, session.creation_time, session.use_time)

    def loaded(self) -> Session:
        """Take it up again."""
        return Session.from_pickle(self.pickle.encode(), self.created, use_time=self.used)


class GroupSession(msgspec.Struct):
    """A session in which somebody writes in a room; `order` tells which one is newer."""

    pickle: str
    order: int
    room: str
    sender_key: str
    signing_key: str
    chain: list[str]

    @classmethod
    def of(cls, session: InboundGroupSession, order: int) -> GroupSession:
        """Take it as it is at this moment."""
        pickle, chain = session.pickle().decode(), session.forwarding_chain
        return cls(pickle, order, session.room_id, session.sender_key, session.ed25519, list(chain))

    def loaded(self) -> InboundGroupSession:
        """Take it up again."""
        return InboundGroupSession.from_pickle(
            self.pickle.encode(),
            self.signing_key,
            self.sender_key,
            self.room,
            forwarding_chain=self.chain,
        )


class Device(msgspec.Struct):
    """A device of somebody, without the name that they gave it."""

    user: str
    device: str
    keys: dict[str, str]

    @classmethod
    def of(cls, device: OlmDevice) -> Device:
        """Take it as it is at this moment."""
        return cls(device.user_id, device.device_id, device.keys)

    def loaded(self) -> OlmDevice:
        """Take it up again."""
        return OlmDevice(self.user, self.device, self.keys)
