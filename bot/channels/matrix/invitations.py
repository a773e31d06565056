"""Invitations: the bot goes wherever it is asked to."""

from __future__ import annotations

import asyncio
import logging

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import InvalidToken, MatrixError, SlowDown
from bot.delivery.paces import pause

log = logging.getLogger(__name__)

AT_ONCE = 8
MOST_ATTEMPTS = 6
"""A room on another homeserver that does not answer for about 15 s is not worth waiting for."""

_ANYTHING = "/_matrix/client/versions"


class Invitations:
    """Accepts invitations, a few at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._places = asyncio.Semaphore(AT_ONCE)
        self._quiet_until = 0.0

    async def accept(self, room_id: str) -> None:
        """Join a room; if that cannot be done, decline, so that one can be invited again.

        It is no reason to decline that the own homeserver is away, or asks for a pause.
        """
        failures = 0
        while failures < MOST_ATTEMPTS:
            try:
                async with self._places:
                    await asyncio.sleep(self._quiet_until - _now())
                    await self._client.join(room_id)
            except InvalidToken:
                raise
            except SlowDown as error:
                self._quiet_until = _now() + max(error.seconds, pause(1))
            except MatrixError as error:
                log.info("an invitation has to wait: %s", error)
                failures += await self._homeserver_answers()
                await asyncio.sleep(pause(max(failures, 1)))
            else:
                return
        await self._decline(room_id)

    async def _homeserver_answers(self) -> bool:
        try:
            await self._client.ask("GET", _ANYTHING, token="")
        except MatrixError:
            return False
        return True

    async def _decline(self, room_id: str) -> None:
        try:
            await self._client.room_leave(room_id)
        except MatrixError as error:
            log.info("an invitation can be neither accepted nor declined: %s", error)


def _now() -> float:
    return asyncio.get_running_loop().time()
