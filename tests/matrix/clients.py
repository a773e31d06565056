"""A client of Matrix, built on nio: it syncs all the time, decrypts, and sends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import nio
from nio.crypto.attachments import decrypt_attachment

from tests.matrix.homeservers import Account, Homeserver
from tests.matrix.records import Records
from tests.matrix.screens import Json
from tests.matrix.stores import MemoryStore

SYNC_MS = 30_000
_ALL = {"room": {"timeline": {"limit": 100}}}

T = TypeVar("T")


class Client:
    """One device of somebody; its loop is the thread of all citizens of a homeserver."""

    def __init__(self, homeserver: Homeserver, account: Account, bot: str) -> None:
        self.account, self.thread = account, homeserver.thread
        self.records = Records(bot, self.opened)
        self._sending = asyncio.Lock()
        self.nio = self.does(self._made(homeserver.url))
        self.olm: Any = self.nio.olm
        self.does(self._first())
        self._syncing = self.thread.begins(self._syncs())

    def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Run this in the loop."""
        return self.thread.does(work)

    def works(self) -> None:
        """Make sure that it still syncs."""
        if self._syncing.done() and not self._syncing.cancelled():
            self._syncing.result()

    async def ends(self) -> None:
        """Log nothing out, only stop."""
        self._syncing.cancel()
        await asyncio.gather(self._syncing, return_exceptions=True)
        await self.nio.close()

    def sent(self, room_id: str, kind: str, content: Json) -> str:
        """Send an event, encrypted if the room is, and give its id."""
        return self.does(self._sent(room_id, kind, content))

    async def _sent(self, room_id: str, kind: str, content: Json) -> str:
        async with self._sending:
            answer = await self.nio.room_send(
                room_id, kind, content, ignore_unverified_devices=True
            )
        return str(good(answer).event_id)

    def uploaded(self, content: bytes, media_type: str, *, encrypted: bool) -> Json:
        """Upload a file; give `file` (with the keys) or `url`, as they stand in a message."""

        async def uploads() -> Json:
            answer, keys = await self.nio.upload(
                lambda *_: content, media_type, encrypt=encrypted, filesize=len(content)
            )
            uri = good(answer).content_uri
            return {"file": keys | {"url": uri}} if encrypted else {"url": uri}

        return self.does(uploads())

    def opened(self, content: Json) -> bytes:
        """Download the file of a message."""
        file = content.get("file")
        answer = self.does(self.nio.download(file["url"] if file else content["url"]))
        body: bytes = good(answer).body
        if not file:
            return body
        clear: bytes = decrypt_attachment(
            body, file["key"]["k"], file["hashes"]["sha256"], file["iv"]
        )
        return clear

    def keeps_key(self, room_id: str) -> Json:
        """Begin a session that no device gets; give the content of its m.room_key."""

        async def keeps() -> Json:
            self.olm.create_outbound_group_session(room_id)
            session = self.olm.outbound_group_sessions[room_id]
            session.shared = True
            return {
                "algorithm": "m.megolm.v1.aes-sha2",
                "room_id": room_id,
                "session_id": session.id,
                "session_key": session.session_key,
            }

        return self.does(keeps())

    def hands_over(self, key: Json, user: str) -> None:
        """Send the key of a session to all devices of somebody."""

        async def hands() -> None:
            async with self._sending:
                missing = self.olm.get_missing_sessions([user])
                if missing:
                    good(await self.nio.keys_claim(missing))
                for device in self.olm.device_store.active_user_devices(user):
                    session = self.olm.session_store.get(device.curve25519)
                    locked = self.olm._olm_encrypt(session, device, "m.room_key", key)  # noqa: SLF001
                    message = nio.ToDeviceMessage("m.room.encrypted", user, device.id, locked)
                    good(await self.nio.to_device(message))

        self.does(hands())

    def rotates(self, room_id: str) -> None:
        """Encrypt what follows with a new session."""

        async def forgets() -> None:
            self.olm.outbound_group_sessions.pop(room_id, None)

        self.does(forgets())

    async def _made(self, url: str) -> nio.AsyncClient:
        config = nio.AsyncClientConfig(
            store=MemoryStore, encryption_enabled=True, max_timeout_retry_wait_time=0.2
        )
        client = nio.AsyncClient(url, store_path="memory", config=config)
        client.restore_login(self.account.user_id, self.account.device_id, self.account.token)
        return client

    async def _first(self) -> None:
        good(await self.nio.keys_upload())
        self._take(good(await self.nio.sync(0, _ALL, full_state=True)))

    async def _syncs(self) -> None:
        while True:
            answer = await self.nio.sync(SYNC_MS, _ALL)
            if isinstance(answer, nio.SyncError):
                await asyncio.sleep(0.1)
                continue
            async with self._sending:
                await self._keeps_house()
            self._take(answer)

    async def _keeps_house(self) -> None:
        await self.nio.send_to_device_messages()
        if self.nio.should_upload_keys:
            await self.nio.keys_upload()
        if self.nio.should_query_keys:
            await self.nio.keys_query()
        if self.nio.should_claim_keys:
            await self.nio.keys_claim(self.nio.get_users_for_key_claiming())

    def _take(self, answer: Any) -> None:  # noqa: ANN401 - nio's answer
        with self.records.changed:
            for room_id, room in answer.rooms.join.items():
                for event in [*room.state, *room.timeline.events]:
                    self.records.take(room_id, event)
                for event in room.ephemeral:
                    _passing(self.records, room_id, event)
            self._unlock()
            self.records.tell()

    def _unlock(self) -> None:
        for event_id, (room_id, event) in list(self.records.locked.items()):
            opened = self.olm._decrypt_megolm_no_error(event, room_id)  # noqa: SLF001
            if opened is not None:
                del self.records.locked[event_id]
                self.records.take(room_id, opened)


def _passing(records: Records, room_id: str, event: Any) -> None:  # noqa: ANN401
    if isinstance(event, nio.TypingNoticeEvent):
        records.is_typing(room_id, event.users)
    if isinstance(event, nio.ReceiptEvent):
        for each in event.receipts:
            records.has_read(room_id, each.user_id, each.event_id)


def good(answer: Any) -> Any:  # noqa: ANN401 - any of nio's answers
    """Make sure that an answer is no error."""
    assert not isinstance(answer, nio.ErrorResponse), answer
    return answer
