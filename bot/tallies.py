"""What happens often and is no more than a number: said at once, and then once in a while."""

from __future__ import annotations

import logging
import time

CALM_SECONDS = 60.0


class Tally:
    """Says how often something has happened, but not each time.

    `words` have one %d. What has happened since it was last said is counted in with the next time.
    """

    def __init__(self, log: logging.Logger, words: str) -> None:
        self._log = log
        self._words = words
        self._count = 0
        self._calm_until = 0.0

    def note(self) -> None:
        """Count one more."""
        self._count += 1
        now = time.monotonic()
        if now >= self._calm_until:
            self._calm_until = now + CALM_SECONDS
            self._log.warning(self._words, self._count)
            self._count = 0
