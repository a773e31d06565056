"""A citizen of the bench on Matrix, with an encrypted room and a bot in it."""

from __future__ import annotations

import asyncio
from typing import Any, Self
from uuid import uuid4

import nio

from tests.matrix.clients import good
from tests.matrix.homeservers import Homeserver
from tests.matrix.stores import MemoryStore

PATIENCE_SECONDS = 60
SYNC_MILLISECONDS = 10_000
_FILTER = {"room": {"timeline": {"limit": 100}, "ephemeral": {"types": []}}}
_CONFIG = nio.AsyncClientConfig(store=MemoryStore, encryption_enabled=True)

Json = dict[str, Any]


class Person:
    """Somebody who writes to a bot; what is to be sent can be encrypted beforehand."""

    def __init__(self, client: nio.AsyncClient, bot: str, room_id: str) -> None:
        self.client, self.bot, self.room_id = client, bot, room_id
        self._unread: list[str] = []

    @classmethod
    async def moved_in(cls, homeserver: Homeserver, bot: str) -> Self:
        """Open an account and a room, and wait until the bot is in it."""
        account = await asyncio.to_thread(homeserver.newcomer, "citizen")
        client = nio.AsyncClient(homeserver.url, store_path="memory", config=_CONFIG)
        client.restore_login(account.user_id, account.device_id, account.token)
        good(await client.keys_upload())
        good(await client.sync(0, _FILTER, full_state=True))
        created = await client.room_create(
            is_direct=True,
            preset=nio.RoomPreset.trusted_private_chat,
            initial_state=[nio.EnableEncryptionBuilder().as_dict()],
            invite=[bot],
        )
        person = cls(client, bot, good(created).room_id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not person._bot_is_here():
                await person.sync()
        return person

    async def locked(self, text: str) -> Json:
        """Encrypt a message, and share its key with the bot if it has not got it yet."""
        if self.client.olm.should_share_group_session(self.room_id):
            good(await self.client.share_group_session(self.room_id, True))  # noqa: FBT003
        content = {"msgtype": "m.text", "body": text}
        locked: Json = self.client.encrypt(self.room_id, "m.room.message", content)[1]
        return locked

    def address(self) -> str:
        """Say where to put the next message."""
        return f"/_matrix/client/v3/rooms/{self.room_id}/send/m.room.encrypted/{uuid4()}"

    async def asks(self, text: str) -> str:
        """Send a message with everything that belongs to it, and wait for the answer."""
        sent = await self.client.room_send(
            self.room_id,
            "m.room.message",
            {"msgtype": "m.text", "body": text},
            ignore_unverified_devices=True,
        )
        good(sent)
        return (await self.reads(1))[0]

    async def reads(self, number: int) -> list[str]:
        """Wait for so many answers, and give them; each one has to be encrypted, and readable."""
        while len(self._unread) < number:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.sync()
        read, self._unread = self._unread[:number], self._unread[number:]
        return read

    async def reads_no_more(self) -> None:
        """Make sure that there was nothing else."""
        await self.sync(0)
        assert not self._unread, f"one answer too many: {self._unread[0]!r}"

    async def sync(self, milliseconds: int = SYNC_MILLISECONDS) -> None:
        """See what is new."""
        answer = good(await self.client.sync(milliseconds, _FILTER))
        room = answer.rooms.join.get(self.room_id)
        for event in room.timeline.events if room is not None else ():
            if event.sender == self.bot and not isinstance(event, nio.MegolmEvent):
                self._take(event)
            assert not isinstance(event, nio.MegolmEvent), "an answer cannot be read"
        await self.client.send_to_device_messages()
        if self.client.should_upload_keys:
            good(await self.client.keys_upload())
        if self.client.should_query_keys:
            good(await self.client.keys_query())

    def _take(self, event: nio.Event) -> None:
        if isinstance(event, nio.RoomMessageText | nio.RoomMessageNotice):
            assert event.decrypted, "an answer is not encrypted"
            self._unread.append(event.body)

    def _bot_is_here(self) -> bool:
        room = self.client.rooms.get(self.room_id)
        return room is not None and self.bot in room.users and self.bot not in room.invited_users
