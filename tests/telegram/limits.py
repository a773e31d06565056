"""Rate limits: so many messages in a second, to one chat and altogether.

A chat may get some more `at_once`; whoever goes on is refused for as long as `retry_after` says.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from tests.telegram.refusals import too_many


class Limits:
    """Counts what was sent within the last moment; off until a limit is set."""

    def __init__(self) -> None:
        self.per_chat_per_second: float = 0
        self.overall_per_second: float = 0
        self.at_once, self.retry_after = 0, 0
        self._left: defaultdict[str, float] = defaultdict(float)
        self._at: dict[str, float] = {}
        self._refused_until: defaultdict[str, float] = defaultdict(float)
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def check(self, chat: str) -> None:
        """Count one message, or refuse it with 429."""
        if not self.per_chat_per_second and not self.overall_per_second:
            return
        now = time.monotonic()
        in_this_chat = self._burst if self.at_once else self._paced
        waits = [
            in_this_chat(chat, now),
            self._wait("", self.overall_per_second, now),
        ]
        if any(waits):
            raise too_many(max(1, math.ceil(max(waits))))
        for key in (chat, ""):
            self._sent[key].append(now)

    def _burst(self, chat: str, now: float) -> float:
        """Count a message against what a chat may get at once; who has gone too far is held."""
        if self._refused_until[chat] > now:
            return self._refused_until[chat] - now
        gained = (now - self._at.get(chat, -1e9)) * self.per_chat_per_second
        left = min(float(self.at_once), self._left[chat] + gained)
        self._at[chat] = now
        self._left[chat] = left - 1 if left >= 1 else left
        if left < 1:
            self._refused_until[chat] = now + self.retry_after
        return 0 if left >= 1 else self.retry_after

    def _paced(self, chat: str, now: float) -> float:
        return self._wait(chat, self.per_chat_per_second, now)

    def _wait(self, key: str, per_second: float, now: float) -> float:
        if not per_second:
            return 0
        most, seconds = max(1, int(per_second)), max(1.0, 1 / per_second)
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= most else 0
