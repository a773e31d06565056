"""When something was said that the program could only read afterwards, because it was away.

In time means the person: whoever says yes before a deadline is in time, even if the program is not
there. Clocks of networks are believed only within the absence (docs/decisions/0010).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MESSAGES_WAIT = timedelta(hours=1)
"""How long after its return the program still expects messages that were sent while it was away."""

TAPS_WAIT = timedelta(minutes=1)
"""The same for what carries no time of its own, so that nobody knows when it was sent."""


@dataclass(frozen=True)
class Absence:
    """How long nobody took messages in: from the last sign of life until the program was back."""

    since: datetime
    until: datetime

    def said_at(self, received_at: datetime, sent_at: datetime | None) -> datetime:
        """Say when something counts as said; `sent_at` is what the network says, if it does.

        Never later than it was received, nor earlier than the program went away. What has no time
        may have been said at any moment of the absence, and counts as said in time.
        """
        late_by = received_at - self.until
        if sent_at is None:
            return self.since if timedelta() <= late_by <= TAPS_WAIT else received_at
        if sent_at > self.until or not timedelta() <= late_by <= MESSAGES_WAIT:
            return received_at
        return max(sent_at, self.since)
