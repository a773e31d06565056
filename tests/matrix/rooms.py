"""Rooms: opening, joining and leaving them, and taking something back."""

from __future__ import annotations

import nio

from tests.matrix.clients import Client, good


def opened(
    client: Client, invited: list[str], *, encrypted: bool, direct: bool, title: str | None = None
) -> str:
    """Open a private room as Element does, and wait until the client can write in it."""
    preset = nio.RoomPreset.trusted_private_chat if direct else nio.RoomPreset.private_chat
    created = client.nio.room_create(
        name=title,
        is_direct=direct,
        preset=preset,
        initial_state=[nio.EnableEncryptionBuilder().as_dict()] if encrypted else [],
        invite=invited,
    )
    room_id = str(good(client.does(created)).room_id)
    is_known(client, room_id)
    return room_id


def joined(client: Client, room_id: str) -> None:
    """Accept an invitation."""
    good(client.does(client.nio.join(room_id)))
    is_known(client, room_id)


def left(client: Client, room_id: str) -> None:
    """Leave."""
    good(client.does(client.nio.room_leave(room_id)))


def invited(client: Client, room_id: str, user: str) -> None:
    """Invite somebody."""
    good(client.does(client.nio.room_invite(room_id, user)))


def removed(client: Client, room_id: str, user: str) -> None:
    """Throw somebody out."""
    good(client.does(client.nio.room_kick(room_id, user)))


def redacted(client: Client, room_id: str, event_id: str) -> None:
    """Take something back that was sent."""
    good(client.does(client.nio.room_redact(room_id, event_id)))


def is_known(client: Client, room_id: str) -> None:
    """Wait until the client knows that it is in a room, and who else is."""
    with client.records.changed:
        known = client.records.changed.wait_for(lambda: room_id in client.records.rooms, 20)
    assert known, f"{client.account.user_id} has not come into {room_id}"
