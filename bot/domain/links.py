"""Joining two chats: what belongs to one person afterwards, and what nobody can have twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.events import EventId, PlaceId
from bot.domain.lines import Waiting
from bot.domain.people import PersonId, Role
from bot.domain.seats import RegistrationState

CODE_LASTS = timedelta(minutes=15)
"""How long a code joins two chats; it does so once."""


UNDO_LASTS = timedelta(days=7)
"""How long a joining can be undone, in either chat."""


@dataclass(frozen=True)
class Claim(Waiting):
    """A seat or a place in the line; `asks` names the consents without which it cannot be kept."""

    event: EventId
    place: PlaceId
    person: PersonId
    state: RegistrationState
    asks: tuple[str, ...]
    is_over: bool

    @property
    def is_seat(self) -> bool:
        """Tell a seat from a place in the line."""
        return self.state is RegistrationState.CONFIRMED

    def joins(self, seat: Claim) -> bool:
        """Tell whether these are the companions who wait to join their group at a seat."""
        return not self.is_seat and (self.person, self.place) == (seat.person, seat.place)


@dataclass(frozen=True)
class Stance:
    """What one person says about a consent for an event, as far as they ever gave it."""

    event: EventId
    slug: str
    is_withdrawn: bool


@dataclass(frozen=True)
class Belongings:
    """What one of two people has; `ideas` counts those that were not taken back.

    `since` is when they were first seen, `name` what they have called themselves last.
    """

    person: PersonId
    channels: tuple[str, ...]
    claims: tuple[Claim, ...]
    stances: tuple[Stance, ...]
    ideas: int
    role: Role | None
    since: datetime
    name: str = ""


@dataclass(frozen=True)
class Double:
    """Something that one person cannot have beside what is `kept`."""

    dropped: Claim
    kept: Claim


@dataclass(frozen=True)
class Beside:
    """A seat that is kept until there is one at the other place for which the person waits."""

    seat: Claim
    wait: Claim


@dataclass(frozen=True)
class Withdrawal:
    """A consent that `person` has given, and that the same human has withdrawn elsewhere."""

    person: PersonId
    event: EventId
    slug: str


@dataclass(frozen=True)
class OtherChat:
    """By what somebody recognises the other chat, or sees that it is none of theirs."""

    channels: tuple[str, ...]
    since: datetime
    name: str


@dataclass(frozen=True)
class Joining:
    """What happens when `other` becomes the same person; what is read is what is carried out.

    `chat` says which one that is, and `networks` are those of the other chats alone.
    `registrations` and `ideas` come along from there. `given_back` needs a consent that is
    withdrawn, `doubles` cannot be had twice.
    """

    other: PersonId
    chat: OtherChat
    networks: tuple[str, ...]
    registrations: int
    ideas: int
    withdrawals: tuple[Withdrawal, ...] = ()
    given_back: tuple[Claim, ...] = ()
    doubles: tuple[Double, ...] = ()
    besides: tuple[Beside, ...] = ()


# Commands and outcomes


@dataclass(frozen=True)
class AskForLink:
    """Be given a code, to be typed in one's other chat."""


@dataclass(frozen=True)
class AskToJoin:
    """Ask in the chat that a code (its hash) is from to join this one, as it was `read` here."""

    code: str
    read: Joining


@dataclass(frozen=True)
class Wanted:
    """Somebody has typed the code (its hash) that was given here; `read` is what would happen."""

    code: str
    read: Joining


@dataclass(frozen=True)
class JoinChats:
    """Join the chat that has typed the code of this one, as it was `read` here as well."""

    code: str
    read: Joining


@dataclass(frozen=True)
class LeaveApart:
    """Join nothing: the code ends, and whoever has typed it is told."""

    code: str


@dataclass(frozen=True)
class LinkGiven:
    """A code in its only appearance."""

    code: str


@dataclass(frozen=True)
class Undoable:
    """A joining that can still be undone, by its number."""

    number: int
    joined_at: datetime


@dataclass(frozen=True)
class PartChats:
    """Undo a joining, by its number: what came along goes back."""

    number: int


@dataclass(frozen=True)
class ChatsParted:
    """What was one person is two again; also as a notice to the other chats."""


@dataclass(frozen=True)
class PartingTooLate:
    """There is nothing any more that could be undone."""


@dataclass(frozen=True)
class JoiningAsked:
    """The other chat was asked; nothing is joined before it says yes, too."""

    networks: tuple[str, ...]


@dataclass(frozen=True)
class LeftApart:
    """Nothing is joined; as a notice, because the other chat has said no."""


@dataclass(frozen=True)
class ChatsJoined:
    """Two people are one now; `networks` are those that came along."""

    networks: tuple[str, ...]


@dataclass(frozen=True)
class LinkUnknown:
    """The code was never given, was used already, or is too old."""


@dataclass(frozen=True)
class LinkOfOneself:
    """The code is from the person who types it, in this chat or in one that is joined already."""


@dataclass(frozen=True)
class RolesDiffer:
    """One of the two has rights of staff that the other one has not: no code passes these on."""


@dataclass(frozen=True)
class JoiningChanged:
    """What would happen is no longer what was read."""


LinkRefusal = LinkUnknown | LinkOfOneself | RolesDiffer
LinkOutcome = (
    LinkGiven
    | JoiningAsked
    | ChatsJoined
    | LeftApart
    | JoiningChanged
    | ChatsParted
    | PartingTooLate
    | LinkRefusal
)


@dataclass(frozen=True)
class JoiningWanted:
    """A notice: the code of this chat was typed in another one, which has to be said yes to."""

    chat: OtherChat


@dataclass(frozen=True)
class JoinedElsewhere:
    """A notice: this chat was joined with others; `networks` are theirs alone."""

    networks: tuple[str, ...]


LinkNotice = JoiningWanted | JoinedElsewhere | LeftApart | ChatsParted


# Rules


def joining(one: Belongings, other: Belongings) -> Joining | RolesDiffer:
    """Find out what happens when the `other` becomes `one`.

    No role comes along: a code that somebody was talked into typing would make a stranger a member
    of staff. Who has two chats is invited into each of them.
    """
    if one.role is not other.role:
        return RolesDiffer()
    claims = (*one.claims, *other.claims)
    withdrawals = (*_withdrawals(one, other), *_withdrawals(other, one))
    given_back = tuple(
        claim
        for claim in claims
        if any(Withdrawal(claim.person, claim.event, slug) in withdrawals for slug in claim.asks)
    )
    left = [claim for claim in claims if claim not in given_back]
    sorted_out = [
        _sorted_out(claim for claim in left if claim.event == event)
        for event in sorted({claim.event for claim in left})
    ]
    doubles = tuple(double for found, _beside in sorted_out for double in found)
    dropped = {double.dropped for double in doubles}
    return Joining(
        other.person,
        OtherChat(other.channels, other.since, other.name),
        networks(one, other),
        sum(not claim.is_over for claim in other.claims if claim in left and claim not in dropped),
        other.ideas,
        withdrawals,
        given_back,
        doubles,
        tuple(beside for _found, beside in sorted_out if beside is not None),
    )


def networks(here: Belongings, there: Belongings) -> tuple[str, ...]:
    """Name the networks on which there are chats there but none here."""
    return tuple(sorted(set(there.channels) - set(here.channels)))


def _withdrawals(giver: Belongings, withdrawer: Belongings) -> Iterator[Withdrawal]:
    withdrawn = {(each.event, each.slug) for each in withdrawer.stances if each.is_withdrawn}
    for stance in giver.stances:
        if not stance.is_withdrawn and (stance.event, stance.slug) in withdrawn:
            yield Withdrawal(giver.person, stance.event, stance.slug)


def _sorted_out(claims: Iterable[Claim]) -> tuple[list[Double], Beside | None]:
    """Leave at most one seat and one wait at an event: the earlier arrival stays.

    Nobody waits for a place at which they have a seat, but companions who wait to join them.
    """
    ordered = sorted(claims, key=lambda claim: claim.order)
    seats = [claim for claim in ordered if claim.is_seat]
    seat = seats[0] if seats else None
    doubles = [Double(each, seats[0]) for each in seats[1:]]
    wait: Claim | None = None
    for each in ordered:
        if each.is_seat:
            continue
        if seat is not None and _is_void(each, seats):
            doubles.append(Double(each, seat))
        elif wait is not None:
            doubles.append(Double(each, wait))
        else:
            wait = each
    if seat is None or wait is None or seat.person == wait.person:
        return doubles, None
    return doubles, Beside(seat, wait)


def _is_void(wait: Claim, seats: Sequence[Claim]) -> bool:
    """Tell whether a wait goes with a seat that is dropped, or leads to where one sits already."""
    seat, *dropped = seats
    joins_dropped = any(wait.joins(each) for each in dropped)
    return joins_dropped or (wait.place == seat.place and not wait.joins(seat))
