"""What the operator has to know about the way to the homeserver, once until it changes."""

from __future__ import annotations

import logging

from bot.channels.matrix.failures import MatrixError

log = logging.getLogger(__name__)


class Reports:
    """Says that something is wrong when it begins, and that it is over when it is over."""

    def __init__(self) -> None:
        self._is_away = False

    def fine(self) -> None:
        """Take note of an answer."""
        if self._is_away:
            log.warning("Matrix: all is well again")
        self._is_away = False

    def away(self, error: MatrixError) -> None:
        """Take note of an answer that is missing, or is none."""
        if not self._is_away:
            reason = str(error) or type(error).__name__
            log.warning("Matrix: the homeserver does not answer (%s); trying on", reason)
        self._is_away = True
