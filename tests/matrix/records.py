"""What a client has seen in its rooms, behind one lock."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.matrix.screens import Json, Reaction, Shown


@dataclass
class Room:
    """A room: its messages by id, who is in it, and what passes by."""

    messages: dict[str, Shown] = field(default_factory=dict)
    reactions: dict[str, Reaction] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    typists: list[str] = field(default_factory=list)


class Records:
    """All rooms of a client; whoever reads or writes them holds `changed`."""

    def __init__(self, bot: str, opens: Callable[[Json], bytes]) -> None:
        self.bot = bot
        self.changed = threading.Condition(threading.RLock())
        self.rooms: defaultdict[str, Room] = defaultdict(Room)
        self.locked: dict[str, tuple[str, Any]] = {}
        self.version = 0
        self._opens = opens
        self._revision = 0

    def tell(self) -> None:
        """Wake who waits for something new."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def waits(self, version: int, seconds: float) -> None:
        """Wait for something newer than this version, but no longer than this."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, seconds)

    def take(self, room_id: str, event: Any) -> None:  # noqa: ANN401 - nio's events
        """Write down what has happened in a room."""
        source: Json = event.source
        room, content = self.rooms[room_id], source.get("content", {})
        if "ciphertext" in content:
            self.locked[source["event_id"]] = (room_id, event)
        relation: Json = content.get("m.relates_to") or {}
        match source:
            case {"type": "m.room.member", "state_key": user}:
                room.members[user] = content["membership"]
            case {"state_key": _}:
                pass
            case {"type": "m.reaction"} if "key" in relation:
                room.reactions[source["event_id"]] = Reaction(
                    source["event_id"], relation["event_id"], relation["key"], source["sender"]
                )
            case {"type": "m.room.redaction"}:
                gone = source.get("redacts") or content["redacts"]
                room.messages.pop(gone, None)
                room.reactions.pop(gone, None)
            case _ if relation.get("rel_type") == "m.replace" and "m.new_content" in content:
                self._edited(room, relation["event_id"], content["m.new_content"])
            case _ if content:
                self._shown(room, event)
            case _:  # it was taken back before this client saw it
                pass

    def is_typing(self, room_id: str, users: list[str]) -> None:
        """Write down who is typing now."""
        self.rooms[room_id].typing = users
        self.rooms[room_id].typists += users

    def has_read(self, room_id: str, user: str, event_id: str) -> None:
        """Write down up to where somebody has read."""
        self.rooms[room_id].receipts.append((user, event_id))

    def _shown(self, room: Room, event: Any) -> None:  # noqa: ANN401
        source: Json = event.source
        content = source["content"]
        before = room.messages.get(source["event_id"])
        room.messages[source["event_id"]] = Shown(
            source["event_id"],
            content.get("msgtype", source["type"]),
            content,
            source["sender"],
            source["sender"] == self.bot,
            encrypted=event.decrypted or "ciphertext" in content,
            revision=before.revision if before and before.is_readable else self._next_revision(),
            opens=self._opens,
        )

    def _edited(self, room: Room, message_id: str, content: Json) -> None:
        if message_id in room.messages:
            room.messages[message_id] = replace(
                room.messages[message_id],
                content=content,
                kind=content.get("msgtype", ""),
                edited=True,
                revision=self._next_revision(),
            )

    def _next_revision(self) -> int:
        self._revision += 1
        return self._revision
