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
    def order(self) -> tuple[datetime, int]:
        """Say when it arrived, among all others."""
        return self.arrived_at, self.arrival_number

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
    """What one of two people has; `ideas` counts those that were not taken back."""

    person: PersonId
    channels: tuple[str, ...]
    claims: tuple[Claim, ...]
    stances: tuple[Stance, ...]
    ideas: int
    role: Role | None


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
class Joining:
    """What happens when `other` becomes the same person; what is read is what is carried out.

    `networks` are those of the other chats alone. `registrations` and `ideas` come along from
    there. `given_back` needs a consent that is withdrawn, `doubles` cannot be had twice.
    """

    other: PersonId
    networks: tuple[str, ...]
    registrations: int
    ideas: int
    withdrawals: tuple[Withdrawal, ...] = ()
    given_back: tuple[Claim, ...] = ()
    doubles: tuple[Double, ...] = ()
    besides: tuple[Beside, ...] = ()
    role: Role | None = None


# Commands and outcomes


@dataclass(frozen=True)
class AskForLink:
    """Be given a code, to be typed in one's other chat."""


@dataclass(frozen=True)
class JoinChats:
    """Join this chat with the one that a code is from, as it was `read`; the code is hashed."""

    code: str
    read: Joining


@dataclass(frozen=True)
class LinkGiven:
    """A code in its only appearance."""

    code: str


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
class RoleElsewhere:
    """The other chat has rights of staff that this one has not; only it may pass them on."""


@dataclass(frozen=True)
class JoiningChanged:
    """What would happen is no longer what was read."""


LinkRefusal = LinkUnknown | LinkOfOneself | RoleElsewhere
LinkOutcome = LinkGiven | ChatsJoined | JoiningChanged | LinkRefusal


@dataclass(frozen=True)
class JoinedElsewhere:
    """A notice: this chat was joined with others; `networks` are theirs alone."""

    networks: tuple[str, ...]
    role: Role | None


# Rules


def joining(one: Belongings, other: Belongings) -> Joining | RoleElsewhere:
    """Find out what happens when the `other` becomes `one`, who has typed the code.

    A role comes along only from the chat in which somebody has read what happens: otherwise a
    code that was seen over a shoulder would make its reader a member of staff.
    """
    if other.role is not None and (one.role is None or not one.role.includes(other.role)):
        return RoleElsewhere()
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
        networks(one, other),
        sum(not claim.is_over for claim in other.claims if claim in left and claim not in dropped),
        other.ideas,
        withdrawals,
        given_back,
        doubles,
        tuple(beside for _found, beside in sorted_out if beside is not None),
        one.role,
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
