"""Messages that came before the key to them: kept, read when it arrives, asked for again if not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from nio import Event, MegolmEvent, UnknownBadEvent
from nio.exceptions import EncryptionError

from bot import clock
from bot.channels.matrix.clients import Client
from bot.outages import PatientDatabase
from bot.store import undecrypted

PATIENCE_SECONDS = 5.0
"""So long the key may come behind its message, before its sender is asked to send it again."""

CALM_SECONDS = 60.0
"""Nobody is asked twice within this time, however many messages cannot be read."""

MOST_OF_ONE_SENDER = 200
"""Wherever they write: rooms cost nothing."""


@dataclass
class _Waiting:
    room_id: str
    event: MegolmEvent
    asked: bool
    since: float
    is_read: bool = False


class Undecrypted:
    """Keeps messages, in the shared database as well, until they can be read or are sent again."""

    def __init__(self, client: Client, database: PatientDatabase) -> None:
        self._client = client
        self._database = database
        self._waiting: dict[str, _Waiting] = {}
        self._asked_at: dict[str, float] = {}

    async def load(self) -> None:
        """Take up what an earlier program has kept."""
        for kept in await self._database.insist(undecrypted.every):
            event = Event.parse_encrypted_event(kept.event)
            if isinstance(event, MegolmEvent):
                self._remember(kept.room_id, event, asked=kept.asked)

    async def keep(self, room_id: str, event: MegolmEvent) -> None:
        """Keep a message that cannot be read yet."""
        of_this_sender = sum(each.event.sender == event.sender for each in self._waiting.values())
        if event.event_id in self._waiting or of_this_sender >= MOST_OF_ONE_SENDER:
            return
        row = event.event_id, room_id, event.source, clock.now()
        await self._database.insist(lambda tx: undecrypted.keep(tx, *row))
        self._remember(room_id, event, asked=False)

    def readable(self) -> list[tuple[str, Event]]:
        """Give the messages that can be read by now, with their rooms; they are kept on."""
        found = []
        for each in self._waiting.values():
            if each.is_read:
                continue
            try:
                event = self._client.decrypt_event(each.event)
            except EncryptionError:
                continue
            if not isinstance(event, UnknownBadEvent):  # that holds no event at all
                found.append((each.room_id, event))
                each.is_read = True  # and is being carried out, so that nobody is asked for it
        return found

    def overdue(self) -> list[tuple[str, Event]]:
        """Give a message of each room whose people have to be asked to send it again."""
        now = asyncio.get_running_loop().time()
        late: dict[str, Event] = {}
        for each in self._waiting.values():
            calm = now - self._asked_at.get(each.room_id, -CALM_SECONDS) >= CALM_SECONDS
            is_missing = not each.asked and not each.is_read
            if is_missing and calm and now - each.since >= PATIENCE_SECONDS:
                late[each.room_id] = each.event
        return list(late.items())

    async def asked(self, room_id: str) -> None:
        """Note that the person in a room was asked to send again what could not be read."""
        self._asked_at[room_id] = asyncio.get_running_loop().time()
        unasked = [name for name, each in self._of(room_id) if not each.asked]
        for name in unasked:
            self._waiting[name].asked = True
        await self._database.insist(lambda tx: undecrypted.ask(tx, unasked))

    async def overtaken(self, room_id: str) -> None:
        """Forget what somebody was asked to send again: they have written something since."""
        for event_id, each in self._of(room_id):
            if each.asked:
                await self.drop(event_id)

    async def leave(self, room_id: str) -> None:
        """Forget what was said in a room in which nobody is any more."""
        for event_id, _each in self._of(room_id):
            await self.drop(event_id)

    async def drop(self, event_id: str) -> None:
        """Forget a message that has been carried out."""
        if self._waiting.pop(event_id, None) is not None:
            await self._database.insist(lambda tx: undecrypted.drop(tx, event_id))

    def _of(self, room_id: str) -> list[tuple[str, _Waiting]]:
        return [item for item in self._waiting.items() if item[1].room_id == room_id]

    def _remember(self, room_id: str, event: MegolmEvent, *, asked: bool) -> None:
        event.room_id = room_id
        since = asyncio.get_running_loop().time()
        self._waiting[event.event_id] = _Waiting(room_id, event, asked, since)
