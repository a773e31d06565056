"""Rate limits: so many messages in a second, to one chat and altogether."""

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
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def check(self, chat: str) -> None:
        """Count one message, or refuse it with 429."""
        if not self.per_chat_per_second and not self.overall_per_second:
            return
        now = time.monotonic()
        waits = [
            self._wait(chat, self.per_chat_per_second, now),
            self._wait("", self.overall_per_second, now),
        ]
        if any(waits):
            raise too_many(max(1, math.ceil(max(waits))))
        for key in (chat, ""):
            self._sent[key].append(now)

    def _wait(self, key: str, per_second: float, now: float) -> float:
        if not per_second:
            return 0
        most, seconds = max(1, int(per_second)), max(1.0, 1 / per_second)
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= most else 0
