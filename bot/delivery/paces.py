"""How fast bulk letters may go, and how long to wait before another attempt."""

from __future__ import annotations

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
_MOST_DOUBLINGS = 10


class Pace:
    """An even pace: so many in a second, and never two at once."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Say for how many seconds the next one has to wait."""
        return max(0.0, self._next - now)

    def step(self, now: float) -> None:
        """Count one that goes now."""
        self._next = max(now, self._next) + self._gap


def pause(failures: int) -> float:
    """Say how many seconds to wait after the first, second, ... failure in a row."""
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    return min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)
