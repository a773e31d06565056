"""What is under way to the webhook of one bot, and in which weather."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.telegram.bots import Bot


@dataclass
class Weather:
    """How deliveries fare: chances between 0 and 1, and times in seconds."""

    duplicates: float = 0
    losses: float = 0
    delay_seconds: float = 0
    shuffles: bool = False
    in_lines: bool = True
    retry_seconds: float = 0.05
    longest_retry_seconds: float = 1.0
    timeout_seconds: float = 60.0


@dataclass
class Route:
    """The deliveries of one bot."""

    bot: Bot
    busy_lines: set[object] = field(default_factory=set)
    under_way: set[int] = field(default_factory=set)
    failures: Counter[int] = field(default_factory=Counter)
    not_before: dict[int, float] = field(default_factory=dict)
