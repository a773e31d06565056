"""Who takes part: ids, roles, and the ways by which a person can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", int)
ConversationId = NewType("ConversationId", int)


class Role(StrEnum):
    """What a member of staff may do; each role may do all that the ones before it may."""

    MODERATOR = "moderator"
    REGISTRAR = "registrar"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Tell whether this role may do what `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class ContactKind(StrEnum):
    """The way by which a registered person wants to be reached."""

    CHAT = "chat"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Contact:
    """One way to reach a person; `value` is E.164 for a phone, empty for the chat itself."""

    kind: ContactKind
    value: str = ""


HERE = Contact(ContactKind.CHAT)


@dataclass(frozen=True)
class Member:
    """A member of staff; `chats` are channel and address."""

    person: PersonId
    role: Role
    since: datetime
    chats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenInvitation:
    """A code with which somebody can still become a member of staff."""

    role: Role
    expires_at: datetime


@dataclass(frozen=True)
class JoinStaff:
    """Become a member of staff with a one-time code."""

    code: str


@dataclass(frozen=True)
class Joined:
    """The person is a member of staff now."""

    role: Role


@dataclass(frozen=True)
class RoleKept:
    """The person may do all of that already; the code was not used up."""


@dataclass(frozen=True)
class Dismissed:
    """A notice, and what a dismissal led to: the person is no member of staff any more."""


@dataclass(frozen=True)
class LastAdmin:
    """Nobody else is an admin."""


@dataclass(frozen=True)
class NoStaff:
    """Nobody with this number is a member of staff."""


@dataclass(frozen=True)
class InvitationUnknown:
    """The code was never given, was used already, or is too old."""
