"""What makes it nicer, but what nobody depends on: receipts, and that the bot is writing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import MatrixError
from bot.channels.matrix.keyrings import Superseded
from bot.channels.matrix.profiles import introduce
from bot.channels.matrix.rooms import Rooms

log = logging.getLogger(__name__)

READ_SECONDS = 0.5
"""Receipts are gathered for so long: one for each room, whatever was written in it."""

SLOW_SECONDS = 0.3
"""After this, somebody who waits for an answer sees that one is being written."""

TYPING_SECONDS = 20.0
CALM_SECONDS = 60.0


class Courtesies:
    """Does such things beside everything else; what fails is left out."""

    def __init__(self, client: Client, rooms: Rooms) -> None:
        self._client = client
        self._rooms = rooms
        self._read: dict[str, str] = {}
        self._declined: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def introduce(self, city: str) -> None:
        """See to it that the account has a name."""
        self._begin(introduce(self._client, city))

    def read(self, room_id: str, event_id: str) -> None:
        """Show that a message, and all before it, was read."""
        if not self._read:
            self._begin(self._send_receipts())
        self._read[room_id] = event_id

    @contextmanager
    def typing(self, room_id: str) -> Iterator[None]:
        """Show that an answer is being written, if it takes so long that somebody may wonder."""
        shown: list[asyncio.Task[None]] = []

        def show() -> None:
            milliseconds = int(TYPING_SECONDS * 1000)
            shown.append(self._begin(self._client.room_typing(room_id, timeout=milliseconds)))

        waiting = asyncio.get_running_loop().call_later(SLOW_SECONDS, show)
        try:
            yield
        finally:
            waiting.cancel()
            if shown:
                self._begin(self._stop_typing(room_id, shown[0]))

    def leave(self, room_id: str, person: str) -> None:
        """Leave a room behind the last person in it, and forget the keys that served there."""
        self._begin(self._leave(room_id, person))

    def decline_verification(self, room_id: str, request: str) -> None:
        """Decline to compare keys, so that nobody waits for it in vain; once a minute in a room.

        Source: https://spec.matrix.org/v1.16/client-server-api/#mkeyverificationcancel
        """
        now = asyncio.get_running_loop().time()
        if now - self._declined.get(room_id, -CALM_SECONDS) < CALM_SECONDS:
            return
        self._declined[room_id] = now
        relation = {"rel_type": "m.reference", "event_id": request}
        why = {"code": "m.unknown_method", "reason": "The bot cannot compare keys."}
        content = {"m.relates_to": relation, **why}
        self._begin(
            self._client.room_send(
                room_id, "m.key.verification.cancel", content, ignore_unverified_devices=True
            )
        )

    async def end(self) -> None:
        """Break off whatever has not been done yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send_receipts(self) -> None:
        await asyncio.sleep(READ_SECONDS)
        read, self._read = self._read, {}
        for room_id, event_id in read.items():
            await self._client.update_receipt_marker(room_id, event_id)

    async def _stop_typing(self, room_id: str, shown: asyncio.Task[None]) -> None:
        """Say that nothing is written any more, which an answer says as well, if there is one."""
        await asyncio.wait({shown})
        await self._client.room_typing(room_id, typing_state=False)

    async def _leave(self, room_id: str, person: str) -> None:
        await self._client.room_leave(room_id)
        self._rooms.forget(room_id)
        if self._rooms.private(person) is None:
            self._client.forget(person, [room_id])
        await self._client.room_forget(room_id)

    def _begin(self, courtesy: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        async def courteously() -> None:
            try:
                await courtesy
            except (MatrixError, Superseded) as error:
                log.info("a courtesy is left out: %s", error)

        task = asyncio.create_task(courteously())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
