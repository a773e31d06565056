"""The way to the homeserver: what is tried until it answers, and what the operator has to know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.channels.matrix.failures import InvalidToken, MatrixError, SlowDown
from bot.delivery.paces import pause

log = logging.getLogger(__name__)

T = TypeVar("T")


class Reports:
    """Says that something is wrong when it begins, and that it is over when it is over."""

    def __init__(self) -> None:
        self._is_away = False

    async def insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try something until the homeserver answers as it should; raises InvalidToken."""
        failures = 0
        while True:
            try:
                result = await attempt()
            except InvalidToken:
                raise
            except SlowDown as error:
                await asyncio.sleep(max(error.seconds, pause(1)))
            except MatrixError as error:
                self._away(error)
                failures += 1
                await asyncio.sleep(pause(failures))
            else:
                self._fine()
                return result

    def _fine(self) -> None:
        if self._is_away:
            log.warning("Matrix: all is well again")
        self._is_away = False

    def _away(self, error: MatrixError) -> None:
        if not self._is_away:
            reason = str(error) or type(error).__name__
            log.warning("Matrix: the homeserver does not answer (%s); trying on", reason)
        self._is_away = True
