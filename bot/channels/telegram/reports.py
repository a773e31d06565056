"""What the operator has to know about the way to Telegram, each thing once until it changes."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import InvalidToken, TelegramError

log = logging.getLogger(__name__)

CALM_SECONDS = 120.0
"""Two programs in conflict get something each, in turns: that is not yet the end of it."""


class Reports:
    """Says that something is wrong when it begins, and that it is over when it is over."""

    def __init__(self) -> None:
        self._said = ""
        self._conflict_at: float | None = None

    def fine(self) -> None:
        """Telegram has answered."""
        now = asyncio.get_running_loop().time()
        if self._conflict_at is not None and now < self._conflict_at + CALM_SECONDS:
            return
        self._conflict_at = None
        if self._said:
            log.warning("Telegram: all is well again")
        self._said = ""

    def away(self, error: TelegramError) -> None:
        """Telegram does not answer, or not as it should."""
        if isinstance(error, InvalidToken):
            self._say("Telegram no longer accepts TELEGRAM_TOKEN; restart with the new one")
        else:
            self._say("Telegram does not answer (%s); trying on", type(error).__name__)

    def conflict(self) -> None:
        """Another program takes the updates of this bot."""
        self._conflict_at = asyncio.get_running_loop().time()
        self._say(
            "Telegram: another program takes the messages of this bot; end it, or use another token"
        )

    def closed_door(self, reason: str) -> None:
        """Telegram has messages, and cannot bring them."""
        self._say("Telegram cannot bring messages to TELEGRAM_WEBHOOK_URL: %s", reason)

    def _say(self, words: str, *values: str) -> None:
        if words != self._said:
            log.warning(words, *values)
        self._said = words
