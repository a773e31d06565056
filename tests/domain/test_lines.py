"""The rule of the line, as a table of examples and as laws."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lines import Waiting, moving_back, moving_up
from bot.domain.seats import RegistrationId

NOON = datetime(2020, 8, 10, 10, tzinfo=UTC)
sizes = st.lists(st.integers(1, 5), max_size=12)
seats = st.integers(0, 20)


def line(*sizes: int) -> list[Waiting]:
    return [Waiting(RegistrationId(n), NOON, n, size) for n, size in enumerate(sizes, 1)]


def numbers(groups: list[Waiting]) -> list[int]:
    return [group.arrival_number for group in groups]


@pytest.mark.parametrize(
    ("sizes", "free", "fills_gaps", "expected"),
    [
        ((), 3, False, []),
        ((1, 1, 1), 2, False, [1, 2]),
        ((1, 1), 0, True, []),
        ((3, 1), 2, False, []),
        ((3, 1), 2, True, [2]),
        ((1, 3, 1), 3, False, [1]),
        ((1, 3, 1), 3, True, [1, 3]),
        ((2, 2, 1, 2), 3, True, [1, 3]),
        ((2, 1), 3, False, [1, 2]),
    ],
)
def test_the_line_moves_in_order_and_groups_stay_together(
    *, sizes: tuple[int, ...], free: int, fills_gaps: bool, expected: list[int]
) -> None:
    assert numbers(moving_up(line(*sizes), free, fills_gaps=fills_gaps)) == expected


@pytest.mark.parametrize(
    ("sizes", "over", "fills_gaps", "expected"),
    [
        ((1, 1, 1), 0, False, []),
        ((1, 1, 1), 2, False, [2, 3]),
        ((1, 1, 3), 1, False, [3]),
        ((1, 3, 1), 2, False, [2, 3]),
        ((1, 3, 1), 2, True, [2]),
    ],
)
def test_the_latest_go_back_until_there_are_enough_seats(
    *, sizes: tuple[int, ...], over: int, fills_gaps: bool, expected: list[int]
) -> None:
    seated = reversed(line(*sizes))

    assert numbers(moving_back(seated, over, fills_gaps=fills_gaps)) == expected


@given(sizes=sizes, free=seats, fills_gaps=st.booleans())
def test_nobody_moves_up_without_a_seat(*, sizes: list[int], free: int, fills_gaps: bool) -> None:
    chosen = moving_up(line(*sizes), free, fills_gaps=fills_gaps)

    assert sum(group.party_size for group in chosen) <= free


@given(sizes=sizes, free=seats, fills_gaps=st.booleans())
def test_after_the_line_has_moved_it_stands_still(
    *, sizes: list[int], free: int, fills_gaps: bool
) -> None:
    groups = line(*sizes)
    chosen = moving_up(groups, free, fills_gaps=fills_gaps)
    rest = [group for group in groups if group not in chosen]
    left = free - sum(group.party_size for group in chosen)

    assert moving_up(rest, left, fills_gaps=fills_gaps) == []


@given(sizes, seats)
def test_before_gaps_are_filled_nobody_overtakes(sizes: list[int], free: int) -> None:
    groups = line(*sizes)
    chosen = moving_up(groups, free, fills_gaps=False)

    assert chosen == groups[: len(chosen)]
