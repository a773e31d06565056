"""Seats: who gets one, who waits, who moves up. The order of arrival decides, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.consents import Agreement, ConsentId, ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import HERE, Contact

RegistrationId = NewType("RegistrationId", int)
CompanionId = NewType("CompanionId", int)


class RegistrationState(StrEnum):
    """What a registration is worth; a moved one was joined to the seat that it waited for."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    MOVED = "moved"


class Outdated(StrEnum):
    """What somebody who waits was told of a consent that has got a new wording since they gave it.

    Until they agree anew they keep their place in the line, and no seat is given to them.
    """

    TOLD = "told"
    OFFERED = "offered"


HOLDING = frozenset({RegistrationState.CONFIRMED, RegistrationState.WAITING})
"""The states of a registration that holds a seat or a place in the line."""


@dataclass(frozen=True)
class Companion:
    """Somebody who comes along; a child's consent is given by the parent who registers."""

    name: str
    child: bool = False
    agreements: tuple[Agreement, ...] = ()


# Commands: what a person decided, carried out in one transaction.


@dataclass(frozen=True)
class Register:
    """Take a seat for oneself and one's companions, or a place in the line.

    `seats_now` is set by a group that agreed to be split if it has to be: that many (the person
    included) come now, the companions behind them wait. A seat that the person holds at another
    place of the event is kept until this one is free.
    """

    event: EventId
    place: PlaceId
    name: str
    contact: Contact = HERE
    organisation: str = ""
    companions: tuple[Companion, ...] = ()
    needs: str = ""
    agreements: tuple[Agreement, ...] = ()
    seats_now: int | None = None

    @property
    def party_size(self) -> int:
        """Count the people of this registration."""
        return 1 + len(self.companions)


@dataclass(frozen=True)
class Cancel:
    """Give back a seat or a place in the line."""

    event: EventId
    registration: RegistrationId


@dataclass(frozen=True)
class CancelCompanion:
    """Say that one companion is not coming; their seat passes on."""

    event: EventId
    registration: RegistrationId
    companion: CompanionId


@dataclass(frozen=True)
class WithdrawConsent:
    """Take back a consent; whoever needs it for their place moves to `instead` or gives it back."""

    event: EventId
    registration: RegistrationId
    slug: str
    instead: PlaceId | None = None


@dataclass(frozen=True)
class WithdrawOne:
    """Take back one consent, one's own or a child's, whether or not a seat depends on it."""

    event: EventId
    consent: ConsentId


@dataclass(frozen=True)
class Amend:
    """Change what does not touch the order: name, contact, organisation, needs."""

    event: EventId
    registration: RegistrationId
    name: str | None = None
    contact: Contact | None = None
    organisation: str | None = None
    needs: str | None = None
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True)
class AnswerForCompanion:
    """A companion agrees, or not, with the code from the registered person's receipt."""

    event: EventId
    code: str
    agreements: tuple[Agreement, ...]
    agreed: bool


@dataclass(frozen=True)
class TakeFree:
    """Take the seats that are held for one's waiting group; the others go on waiting."""

    event: EventId
    registration: RegistrationId


@dataclass(frozen=True)
class LeaveGroup:
    """Say, as the companion of somebody else, that one is not coming; the seat passes on."""

    event: EventId
    companion: CompanionId


@dataclass(frozen=True)
class AddCompanions:
    """Bring more people along: they arrive now, and nothing changes for the others.

    `instead_of` is a companion who does not come, and whose seat passes on.
    """

    event: EventId
    registration: RegistrationId
    companions: tuple[Companion, ...]
    instead_of: CompanionId | None = None


@dataclass(frozen=True)
class RenameCompanion:
    """Correct the name of a companion."""

    event: EventId
    registration: RegistrationId
    companion: CompanionId
    name: str


@dataclass(frozen=True)
class RenewCode:
    """Make a new code for a companion who has not answered; the former one ends.

    Only the hash of a code is kept, so that nobody can read it a second time.
    """

    event: EventId
    registration: RegistrationId
    companion: CompanionId


@dataclass(frozen=True)
class PassOn:
    """Leave one's own seat, and let a companion take over the registration."""

    event: EventId
    registration: RegistrationId
    companion: CompanionId


@dataclass(frozen=True)
class AgreeAnew:
    """Agree, while one waits, to what the place needs in its new wording.

    `for_children` holds what was agreed to for each child that comes along.
    """

    event: EventId
    registration: RegistrationId
    agreements: tuple[Agreement, ...] = ()
    for_children: tuple[tuple[CompanionId, Agreement], ...] = ()


GroupCommand = (
    AgreeAnew | LeaveGroup | AddCompanions | RenameCompanion | RenewCode | PassOn | TakeFree
)
"""What changes a group that is registered already."""

SeatCommand = (
    Register
    | Cancel
    | CancelCompanion
    | WithdrawConsent
    | WithdrawOne
    | Amend
    | AnswerForCompanion
    | GroupCommand
)


# Reading


@dataclass(frozen=True)
class CompanionEntry:
    """A companion as the registered person and staff see them."""

    name: str
    child: bool
    consent: ConsentState | None
    id: CompanionId = field(default=CompanionId(0), compare=False)


@dataclass(frozen=True)
class Accompanied:
    """What somebody else has registered for a person who answered as their companion."""

    id: CompanionId
    event: EventId
    place: PlaceId
    registration: RegistrationId
    arrival_number: int
    state: RegistrationState
    name: str
    registered_by: str
    consent: ConsentState | None
    position: int | None = None
    has_access: bool = False


@dataclass(frozen=True)
class Registration:
    """A registration as its owner reads it; `position` is its live place in the line, from 1.

    `with_person` is false for the waiting rest of a split group, whose person is seated already.
    `is_outdated` tells that a consent has to be given anew before a seat can be confirmed,
    `has_access` that they were sent the access data of the place.
    """

    id: RegistrationId
    event: EventId
    place: PlaceId
    arrival_number: int
    arrived_at: datetime
    state: RegistrationState
    name: str
    contact: Contact
    organisation: str
    needs: str
    companions: tuple[CompanionEntry, ...] = ()
    position: int | None = None
    sequence: int = 0
    with_person: bool = True
    is_outdated: bool = False
    has_access: bool = False

    @property
    def party_size(self) -> int:
        """Count the people of this registration."""
        return self.with_person + len(self.companions)
