"""Seats: who gets one, who waits, who moves up. The order of arrival decides, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.consents import Agreement, ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import HERE, Contact

RegistrationId = NewType("RegistrationId", int)


class RegistrationState(StrEnum):
    """What a registration is worth; a moved one was joined to the seat that it waited for."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    MOVED = "moved"


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
    """Say that one companion is not coming; their seat passes on. `position` counts from 1."""

    event: EventId
    registration: RegistrationId
    position: int


@dataclass(frozen=True)
class WithdrawConsent:
    """Take back a consent; whoever needs it for their place moves to `instead` or gives it back."""

    event: EventId
    registration: RegistrationId
    slug: str
    instead: PlaceId | None = None


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


SeatCommand = Register | Cancel | CancelCompanion | WithdrawConsent | Amend | AnswerForCompanion


# Outcomes: what a command led to.


@dataclass(frozen=True)
class CompanionCode:
    """The code with which a companion gives their own consent in a chat of their own."""

    name: str
    code: str


@dataclass(frozen=True)
class Seated:
    """A seat is confirmed; `codes` are for companions who have to consent themselves."""

    registration: RegistrationId
    event: EventId
    place: PlaceId
    arrival_number: int
    party_size: int
    codes: tuple[CompanionCode, ...] = ()
    sequence: int = 0


@dataclass(frozen=True)
class InLine:
    """The place is full; `position` counts the groups up to and including this one from 1."""

    registration: RegistrationId
    event: EventId
    place: PlaceId
    arrival_number: int
    party_size: int
    position: int
    codes: tuple[CompanionCode, ...] = ()
    keeps: PlaceId | None = None


@dataclass(frozen=True)
class Split:
    """A group was split as it had agreed: some are seated, the others wait."""

    seated: Seated
    in_line: InLine


@dataclass(frozen=True)
class Cancelled:
    """A registration was given back; `was` is the state in which it was."""

    registration: RegistrationId
    event: EventId
    place: PlaceId
    was: RegistrationState
    sequence: int = 0


@dataclass(frozen=True)
class Smaller:
    """One companion fewer; `party_size` is what is left."""

    registration: RegistrationId
    event: EventId
    name: str
    party_size: int


@dataclass(frozen=True)
class Amended:
    """The details of a registration were changed."""

    registration: RegistrationId
    event: EventId


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A consent was taken back; `now` is the registration at the other place, if there is one."""

    event: EventId
    slug: str
    now: Seated | InLine | None


@dataclass(frozen=True)
class CompanionAnswered:
    """A companion's own answer was recorded."""

    event: EventId
    name: str
    state: ConsentState


# Refusals: why a command was not carried out. Data, never a sentence.


@dataclass(frozen=True)
class RegistrationClosed:
    """The deadline of the place has passed, or the event has begun."""

    event: EventId
    place: PlaceId


@dataclass(frozen=True)
class EventCancelled:
    """The event does not take place."""

    event: EventId


@dataclass(frozen=True)
class AlreadyRegistered:
    """The person has a seat at this place, or already waits for one at this event."""

    event: EventId
    place: PlaceId
    state: RegistrationState


@dataclass(frozen=True)
class ConsentMissing:
    """The place needs a consent that was not given in its current wording."""

    event: EventId
    place: PlaceId
    slug: str


@dataclass(frozen=True)
class TooLarge:
    """The group is larger than the place; it could never be seated together."""

    event: EventId
    place: PlaceId
    capacity: int


@dataclass(frozen=True)
class NotThere:
    """There is no such registration of this person any more (cancelled, or never theirs)."""

    event: EventId


@dataclass(frozen=True)
class TooLate:
    """The event has begun; seats no longer change."""

    event: EventId


@dataclass(frozen=True)
class OnlyThemselves:
    """The code of a companion was used by whoever registered; nobody consents for another adult."""

    event: EventId


SeatRefusal = (
    RegistrationClosed
    | EventCancelled
    | AlreadyRegistered
    | ConsentMissing
    | TooLarge
    | NotThere
    | TooLate
    | OnlyThemselves
)
SeatOutcome = (
    Seated
    | InLine
    | Split
    | Cancelled
    | Smaller
    | Amended
    | ConsentWithdrawn
    | CompanionAnswered
    | SeatRefusal
)


@dataclass(frozen=True)
class CapacityChanged:
    """Staff changed the seats of a place; `over` counts those taken beyond what there is now."""

    event: EventId
    place: PlaceId
    capacity: int | None
    over: int


# Notices: what other people have to be told when a command has changed something for them.


@dataclass(frozen=True)
class MovedUp:
    """Somebody in the line got a seat; `from_place` is the seat elsewhere that they gave up."""

    seated: Seated
    from_place: PlaceId | None = None


@dataclass(frozen=True)
class MovedBack:
    """Staff moved a confirmed seat back into the line, because there are fewer seats than before.

    `in_line` is where the person waits now: for the same place, or for the other one for which
    they waited already.
    """

    from_place: PlaceId
    in_line: InLine


@dataclass(frozen=True)
class CalledOff:
    """The event does not take place."""

    event: EventId


@dataclass(frozen=True)
class Postponed:
    """The event has another time or another venue than it had."""

    event: EventId
    registration: RegistrationId


SeatNotice = MovedUp | MovedBack | Smaller | CalledOff | Postponed
"""Smaller: a companion has declined by themselves, which the person who registered has to know."""


# Reading


@dataclass(frozen=True)
class CompanionEntry:
    """A companion as the registered person and staff see them."""

    name: str
    child: bool
    consent: ConsentState | None


@dataclass(frozen=True)
class Registration:
    """A registration as its owner reads it; `position` is its live place in the line, from 1.

    `with_person` is false for the waiting rest of a split group, whose person is seated already.
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

    @property
    def party_size(self) -> int:
        """Count the people of this registration."""
        return self.with_person + len(self.companions)
