"""Whom Telegram means when it asks to slow down: the chat that it refused, or everybody.

It says only in which chat. Sources: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
(a message a second in one chat, some thirty a second over all), and what it has answered others.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta

from bot.delivery import Later
from bot.delivery.paces import pause

LIVELY_SECONDS = 5.0
"""A chat that was sent something so lately may itself be too fast."""

QUIET_SECONDS = 60.0
"""So long after a pause, a chat that is refused again has only itself to blame."""

SEVERAL = 2


class Slowdowns:
    """Holds a chat as long as Telegram says, and everybody only after trying.

    Refusals in chats that were quiet make it suspicious, if nothing arrives in between. Then
    everybody waits for a moment, after which one letter is tried. If it is refused as well, the
    moment becomes longer, up to what Telegram says; if it arrives, the chats alone were meant.
    Times are seconds of one monotonic clock.
    """

    def __init__(self) -> None:
        self._own: OrderedDict[int, float] = OrderedDict()
        """Until when a refusal in a chat concerns this chat."""
        self._in_a_row = 0
        self._held_at = 0.0

    def arrived(self, chat: int, now: float) -> None:
        """Note that Telegram has taken a message."""
        self._in_a_row = 0
        self._blame(chat, now + LIVELY_SECONDS)
        while self._own and next(iter(self._own.values())) <= now:
            self._own.popitem(last=False)

    def refused(self, chat: int, seconds: float, began: float, now: float) -> Later:
        """Say who waits for how long; the message that was refused was sent when it `began`."""
        is_own = self._own.get(chat, 0.0) > now
        self._blame(chat, now + seconds + QUIET_SECONDS)
        after = timedelta(seconds=seconds)
        if is_own or began < self._held_at:
            return Later(after)
        self._in_a_row += 1
        if self._in_a_row < SEVERAL:
            return Later(after)
        self._held_at = now
        moment = timedelta(seconds=pause(self._in_a_row - 1))
        return Later(after, everybody=min(after, moment))

    def _blame(self, chat: int, until: float) -> None:
        self._own[chat] = max(until, self._own.get(chat, 0.0))
        self._own.move_to_end(chat)
