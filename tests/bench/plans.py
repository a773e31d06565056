"""How much is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`batches` in each round, by the number of chats at once; `seats` given in each round."""

    rounds: int
    batches: Mapping[int, int]
    seats: int
    writers: tuple[int, ...]
    bursts: int
    starts: int


FULL = Plan(
    rounds=5, batches={1: 216, 32: 45, 128: 18}, seats=192, writers=(1, 8, 32), bursts=15, starts=5
)
QUICK = Plan(rounds=1, batches={1: 9, 32: 5}, seats=16, writers=(1, 4), bursts=1, starts=1)
