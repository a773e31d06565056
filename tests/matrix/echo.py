"""The reference: an encrypted echo on matrix-nio, as a person would write it; a program of its own.

It imports nothing else, so that its start and its memory are those of the library.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from nio import (
    AsyncClient,
    AsyncClientConfig,
    InviteMemberEvent,
    LoginResponse,
    MatrixInvitedRoom,
    MatrixRoom,
    RoomMessageText,
)
from nio.store import SqliteStore


async def run(url: str, user: str, password: str, directory: Path) -> None:
    """Join where one is invited, and say what was said, for ever."""
    config = AsyncClientConfig(store=SqliteStore, store_sync_tokens=True, encryption_enabled=True)
    client = AsyncClient(url, user, store_path=str(directory), config=config)

    async def join(room: MatrixInvitedRoom, event: InviteMemberEvent) -> None:
        if event.state_key == client.user_id and event.membership == "invite":
            await client.join(room.room_id)

    async def echo(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != client.user_id:
            await client.room_send(
                room.room_id,
                "m.room.message",
                {"msgtype": "m.notice", "body": event.body},
                ignore_unverified_devices=True,
            )

    credentials = directory / "credentials.json"
    if credentials.exists():
        client.restore_login(**json.loads(credentials.read_text()))
    else:
        answer = await client.login(password, "echo")
        assert isinstance(answer, LoginResponse), answer
        credentials.write_text(
            json.dumps(
                {
                    "user_id": answer.user_id,
                    "device_id": answer.device_id,
                    "access_token": answer.access_token,
                }
            )
        )
    try:
        if client.should_upload_keys:
            await client.keys_upload()
        await client.sync(timeout=0, full_state=True)
        client.add_event_callback(join, InviteMemberEvent)
        client.add_event_callback(echo, RoomMessageText)
        (directory / "ready").touch()
        await client.sync_forever(timeout=30_000)
    finally:
        await client.close()


def main() -> None:
    """Run with what the environment says."""
    asyncio.run(
        run(
            os.environ["MATRIX_HOMESERVER"],
            os.environ["MATRIX_USER"],
            os.environ["MATRIX_PASSWORD"],
            Path(os.environ["MATRIX_STORE"]),
        )
    )


if __name__ == "__main__":
    main()
