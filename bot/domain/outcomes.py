"""What a command about seats led to, why it was refused, and who else has to hear of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.seats import RegistrationId, RegistrationState

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
    """A consent was taken back; `now` is the registration at the other place, if there is one.

    `given_back` is the seat that went with it, `without` tells of a companion who cannot come.
    """

    event: EventId
    slug: str
    now: Seated | InLine | None
    given_back: RegistrationId | None = None
    without: Smaller | None = None


@dataclass(frozen=True)
class CompanionAnswered:
    """A companion's own answer was recorded."""

    event: EventId
    name: str
    state: ConsentState
    registration: RegistrationId = field(default=RegistrationId(0), compare=False)


@dataclass(frozen=True)
class Grown:
    """More people come along with a registration; `names` are those of the newcomers.

    `now` is all of it. Newcomers for whom no seat was free wait as `rest`, to join the others.
    """

    now: Seated | InLine
    names: tuple[str, ...]
    rest: InLine | None = None
    codes: tuple[CompanionCode, ...] = ()


@dataclass(frozen=True)
class Renamed:
    """The name of a companion was corrected."""

    registration: RegistrationId
    event: EventId
    name: str


@dataclass(frozen=True)
class CodeRenewed:
    """A companion has a new code, and the former one has ended."""

    registration: RegistrationId
    event: EventId
    code: CompanionCode


@dataclass(frozen=True)
class AgreedAnew:
    """A new wording was agreed to, so that a seat can be confirmed again."""

    in_line: InLine


@dataclass(frozen=True)
class PassedOn:
    """A companion has taken over a registration; `name` is theirs."""

    event: EventId
    name: str


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
class NotAnsweredYet:
    """A companion cannot take over a registration before they have agreed with their code."""

    event: EventId
    name: str


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
    | NotAnsweredYet
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
    | Grown
    | Renamed
    | AgreedAnew
    | CodeRenewed
    | PassedOn
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
class CompanionMoved:
    """The group of a companion who has agreed got its seats, or lost them to fewer seats."""

    event: EventId
    registration: RegistrationId
    is_seated: bool


@dataclass(frozen=True)
class AskedAnew:
    """A consent has a new wording, which somebody who waits has to read before they get a seat.

    `offered` tells that a seat was free for them just now.
    """

    in_line: InLine
    offered: bool = False


@dataclass(frozen=True)
class GroupTooLarge:
    """The place has fewer seats altogether than a waiting group has people: others pass it."""

    in_line: InLine
    capacity: int


@dataclass(frozen=True)
class GroupFits:
    """The place has enough seats again for a group that was too large for it."""

    in_line: InLine


@dataclass(frozen=True)
class CalledOff:
    """The event does not take place."""

    event: EventId
    registration: RegistrationId


@dataclass(frozen=True)
class NothingFree:
    """The event has begun, and no seat became free; `keeps` is where they have one all the same."""

    event: EventId
    place: PlaceId
    keeps: PlaceId | None = None


@dataclass(frozen=True)
class TakesPlace:
    """The event takes place after all, perhaps at another time; what people had is still theirs."""

    event: EventId
    registration: RegistrationId


@dataclass(frozen=True)
class StreamChanged:
    """The live stream of the event is somewhere else than it was."""

    event: EventId


@dataclass(frozen=True)
class Postponed:
    """The event has another time or another venue than it had."""

    event: EventId
    registration: RegistrationId


@dataclass(frozen=True)
class Uninvited:
    """Whoever registered a companion has given back the seat; `by` is their name."""

    event: EventId
    name: str
    by: str


@dataclass(frozen=True)
class TakenOver:
    """A registration belongs to its former companion now; `by` is who had made it."""

    seated: Seated | InLine
    by: str


SeatNotice = (
    MovedUp
    | MovedBack
    | CompanionMoved
    | AskedAnew
    | GroupTooLarge
    | GroupFits
    | Smaller
    | CalledOff
    | TakesPlace
    | Postponed
    | StreamChanged
    | NothingFree
    | Uninvited
    | TakenOver
)
"""Smaller: a companion has declined by themselves, which the person who registered has to know."""
