"""What two people can keep when they become one: at most one seat and one wait at an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import EventId, PlaceId
from bot.domain.links import (
    Belongings,
    Beside,
    Claim,
    Double,
    Joining,
    RolesDiffer,
    Stance,
    Withdrawal,
    joining,
)
from bot.domain.people import PersonId, Role
from bot.domain.seats import RegistrationId, RegistrationState

ANNA, HOME = PersonId(1), PersonId(2)
ROOM, ONLINE = PlaceId(1), PlaceId(2)
EVENT = EventId(1)
MONDAY = datetime(2020, 8, 10, tzinfo=UTC)
SEAT, WAIT = RegistrationState.CONFIRMED, RegistrationState.WAITING
BROADCAST = ("broadcast",)


def claim(
    number: int, person: PersonId, place: PlaceId, state: RegistrationState = SEAT, size: int = 1
) -> Claim:
    return Claim(
        registration=RegistrationId(number),
        arrived_at=MONDAY + timedelta(minutes=number),
        arrival_number=number,
        party_size=size,
        event=EVENT,
        place=place,
        person=person,
        state=state,
        asks=BROADCAST if place == ROOM else (),
        is_over=False,
    )


def having(person: PersonId, *claims: Claim, **more: Any) -> Belongings:  # noqa: ANN401
    nothing = Belongings(person, ("telegram",), claims, (), ideas=0, role=None, since=MONDAY)
    return replace(nothing, **more)


def joined(*claims: Claim) -> Joining:
    found = joining(
        having(ANNA, *(each for each in claims if each.person == ANNA)),
        having(HOME, *(each for each in claims if each.person == HOME)),
    )
    assert isinstance(found, Joining)
    return found


def test_the_earlier_of_two_seats_stays() -> None:
    early, late = claim(1, HOME, ONLINE), claim(2, ANNA, ROOM)

    assert joined(late, early).doubles == (Double(late, early),)


def test_the_earlier_of_two_waits_stays() -> None:
    early, late = claim(1, HOME, ROOM, WAIT), claim(2, ANNA, ONLINE, WAIT)

    assert joined(late, early).doubles == (Double(late, early),)


def test_whoever_has_a_seat_does_not_wait_for_the_same_place() -> None:
    wait, seat = claim(1, HOME, ROOM, WAIT), claim(2, ANNA, ROOM)

    assert joined(wait, seat).doubles == (Double(wait, seat),)


def test_a_seat_stays_beside_a_wait_for_another_place() -> None:
    seat, wait = claim(1, ANNA, ONLINE), claim(2, HOME, ROOM, WAIT)

    assert (joined(seat, wait).doubles, joined(seat, wait).besides) == ((), (Beside(seat, wait),))


def test_companions_who_wait_to_join_a_seat_stay_with_it() -> None:
    seat, rest = claim(1, ANNA, ROOM), claim(2, ANNA, ROOM, WAIT, size=2)

    assert joined(seat, rest) == joining(having(ANNA), having(HOME))


def test_companions_who_wait_to_join_a_seat_go_with_it() -> None:
    kept = claim(1, HOME, ONLINE)
    seat, rest = claim(2, ANNA, ROOM), claim(3, ANNA, ROOM, WAIT, size=2)

    assert joined(kept, seat, rest).doubles == (Double(seat, kept), Double(rest, kept))


def test_a_consent_that_was_withdrawn_on_one_side_ends_on_the_other() -> None:
    room, online = claim(1, ANNA, ROOM), claim(2, HOME, ONLINE)
    anna = having(ANNA, room, stances=(Stance(EVENT, "broadcast", is_withdrawn=False),))
    home = having(HOME, online, stances=(Stance(EVENT, "broadcast", is_withdrawn=True),))

    for one, other in ((anna, home), (home, anna)):
        found = joining(one, other)
        assert isinstance(found, Joining)
        assert found.withdrawals == (Withdrawal(ANNA, EVENT, "broadcast"),)
        assert (found.given_back, found.doubles) == ((room,), ())


@pytest.mark.parametrize("both", [True, False])
def test_consents_that_say_the_same_stay(*, both: bool) -> None:
    stances = (Stance(EVENT, "broadcast", is_withdrawn=both),)
    found = joining(having(ANNA, stances=stances), having(HOME, stances=stances))

    assert isinstance(found, Joining)
    assert found.withdrawals == ()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (Role.ADMIN, None),
        (Role.ADMIN, Role.MODERATOR),
        (None, Role.MODERATOR),
        (Role.MODERATOR, Role.ADMIN),
    ],
)
def test_no_role_is_passed_on_by_joining(here: Role | None, there: Role | None) -> None:
    assert joining(having(ANNA, role=here), having(HOME, role=there)) == RolesDiffer()
    assert isinstance(joining(having(ANNA, role=here), having(HOME, role=here)), Joining)


def test_only_networks_that_are_new_are_named() -> None:
    anna = having(ANNA, channels=("matrix", "telegram"))
    home = having(HOME, channels=("telegram", "terminal"))
    found = joining(anna, home)

    assert isinstance(found, Joining)
    assert found.networks == ("terminal",)


def test_what_ends_does_not_come_along() -> None:
    kept, ended = claim(1, ANNA, ROOM), claim(2, HOME, ROOM)
    another = replace(claim(3, HOME, ROOM), event=EventId(2))
    over = replace(claim(4, HOME, ROOM), event=EventId(3), is_over=True)

    assert joined(kept, ended, another, over).registrations == 1


@st.composite
def households(draw: st.DrawFn) -> list[Claim]:
    """Let two people hold whatever the seats allow each of them, in any order of arrival."""
    claims = []
    for person in (ANNA, HOME):
        seat = draw(st.sampled_from([None, ROOM, ONLINE]))
        wait = draw(st.sampled_from([None, ROOM, ONLINE]))
        held = [(seat, SEAT), (wait, WAIT)]
        claims += [(person, place, state) for place, state in held if place is not None]
    numbers = draw(st.permutations(range(1, len(claims) + 1)))
    return [claim(number, *each) for number, each in zip(numbers, claims, strict=True)]


@given(households())
def test_what_is_left_is_what_one_person_may_have(claims: list[Claim]) -> None:
    found = joined(*claims)
    dropped = [double.dropped for double in found.doubles]
    left = [each for each in claims if each not in dropped]
    seats = [each for each in left if each.is_seat]
    waits = [each for each in left if not each.is_seat]

    assert len(dropped) == len(set(dropped))
    assert all(double.kept in left for double in found.doubles)
    assert len(seats) == any(each.is_seat for each in claims)
    assert len(waits) <= 1
    assert all(
        wait.place != seat.place or wait.person == seat.person for wait in waits for seat in seats
    )
    assert seats == sorted((each for each in claims if each.is_seat), key=lambda one: one.order)[:1]
