"""How much is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`batches` in each round, by the number of chats at once; `seats` given in each round.

    `conversations` of each chat in each round, by the number of chats at once; `sends` of the
    library in each round, with so many `in_flight`; `visits` to the webhook in each round;
    `rest_seconds` until a program that was started is at rest.

    On Matrix, in each round: `alone` messages of one citizen; of each of so many `people` at once
    so many `messages`, and `menus`. While the bot is away, a `backlog` of each of the `absent`,
    and that so many times.
    """

    rounds: int
    batches: Mapping[int, int]
    seats: int
    writers: tuple[int, ...]
    bursts: int
    starts: int
    conversations: Mapping[int, int]
    in_flight: tuple[int, ...]
    sends: int
    visits: int
    rest_seconds: float
    alone: int
    people: int
    messages: int
    menus: int
    absent: int
    backlog: int
    backlogs: int


FULL = Plan(
    rounds=5,
    batches={1: 216, 32: 45, 128: 18},
    seats=192,
    writers=(1, 8, 32),
    bursts=15,
    starts=5,
    conversations={1: 24, 32: 5, 128: 2},
    in_flight=(1, 16, 64),
    sends=128,
    visits=200,
    rest_seconds=2.0,
    alone=20,
    people=8,
    messages=10,
    menus=2,
    absent=8,
    backlog=125,
    backlogs=3,
)
QUICK = Plan(
    rounds=1,
    batches={1: 9, 32: 5},
    seats=16,
    writers=(1, 4),
    bursts=1,
    starts=1,
    conversations={1: 1, 32: 1},
    in_flight=(1, 64),
    sends=64,
    visits=20,
    rest_seconds=0.1,
    alone=4,
    people=3,
    messages=2,
    menus=1,
    absent=2,
    backlog=12,
    backlogs=1,
)
