"""The gate between the letters in hand and a network that asks to wait, or does not answer."""

from __future__ import annotations

import logging
from collections import Counter
from math import inf

from bot.delivery.paces import pause

log = logging.getLogger(__name__)


class Gate:
    """Lets letters pass; after a pause, or without an answer, one at a time, to try the network.

    One letter without an answer may be at fault itself. So the next one is tried at once, and only
    if that has no answer either does everybody wait. Times are seconds of one monotonic clock.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._closed_until = 0.0
        self._was_closed = False
        """Since the network has asked everybody to wait, nothing has arrived."""
        self._unanswered: Counter[int] = Counter()
        """How often which letter was not answered, since the network last answered anything."""
        self._tried: int | None = None
        self._failed_trials = 0
        self._next_trial = 0.0

    def opens_in(self, now: float) -> float:
        """Say in how many seconds a letter may pass; infinite: when one that is tried is back."""
        if self._tries and self._tried is not None:
            return inf
        return max(0.0, self._closed_until - now, self._next_trial - now)

    def passes(self, letter: int) -> None:
        """Note that a letter has passed."""
        if self._tries:
            self._tried = letter

    def close_until(self, moment: float) -> None:
        """Let nobody pass before this moment, because the network asks for it."""
        self._closed_until = max(self._closed_until, moment)
        self._was_closed = True

    def arrived(self) -> None:
        """Note that the network takes letters."""
        self._was_closed = False

    def failures_of(self, letter: int) -> int:
        """Say how often a letter was not answered, since the network last answered anything."""
        return self._unanswered[letter]

    def without_answer(self, letter: int, reason: str, now: float) -> None:
        """Note that the network did not answer; from the second time on, it is said to be away."""
        is_trial = self._tried == letter
        self.returned(letter)
        self._unanswered[letter] += 1
        if sum(self._unanswered.values()) == 2:  # noqa: PLR2004 (the second time)
            log.warning("%s does not answer (%s); letters wait", self._name, reason)
        if len(self._unanswered) > 1 and (is_trial or not self._failed_trials):
            self._failed_trials += 1
            self._next_trial = now + pause(self._failed_trials)

    def answered(self, letter: int) -> int | None:
        """Note that the network has answered; gives the one other letter that it did not answer.

        If there were several, it was not their fault.
        """
        self.returned(letter)
        silent, self._unanswered = self._unanswered, Counter()
        if silent.total() > 1:
            log.warning("%s answers again", self._name)
        self._failed_trials, self._next_trial = 0, 0.0
        return next(iter(silent)) if len(silent) == 1 and letter not in silent else None

    @property
    def _tries(self) -> bool:
        return self._was_closed or bool(self._unanswered)

    def returned(self, letter: int) -> None:
        """Note that a letter is back, whatever became of it."""
        if self._tried == letter:
            self._tried = None
