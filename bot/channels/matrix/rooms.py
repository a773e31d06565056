"""Which room is whose private chat: one in which there is nobody but a person and the bot.

A room in which a person is only invited is not theirs: who has invited them may read along. Nor is
one that anybody may enter or read. A bridge is nobody, if it serves at the person's homeserver. A
space is no room in which one talks.
"""

from __future__ import annotations

from nio import MatrixRoom

from bot.channels.matrix.clients import Client

_CLOSED = ("invite", "knock", "private")
"""Join rules that let nobody in whom nobody in the room has let in."""

_RESTRICTED = ("restricted", "knock_restricted")
"""Join rules that let the members of another room in, by themselves."""


class Rooms:
    """The rooms of the bot; remembers where people have written last."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._latest: dict[str, str] = {}
        self._left: set[str] = set()

    def room(self, room_id: str) -> MatrixRoom | None:
        """Find a room in which the bot is."""
        found: MatrixRoom | None = self._client.rooms.get(room_id)
        return found if room_id not in self._left else None

    def other(self, room_id: str) -> str | None:
        """Name the only other person in a room; None if it is not private."""
        room = self.room(room_id)
        if room is None or _is_open(room) or _is_space(room):
            return None
        others = self._others(room)
        return others[0] if len(others) == 1 and others[0] not in room.invited_users else None

    def is_empty(self, room_id: str) -> bool:
        """Tell whether the bot is alone in a room."""
        room = self.room(room_id)
        return room is not None and set(room.users) <= {self._client.user_id}

    def is_group(self, room_id: str) -> bool:
        """Tell whether several people are in a room, or invited, or could be."""
        room = self.room(room_id)
        if room is None or _is_space(room):
            return False
        return len(self._others(room)) > (0 if _is_open(room) else 1)

    def private(self, user: str) -> MatrixRoom | None:
        """Find the room in which to write to a person; None if there is none that is private."""
        latest = self._latest.get(user, "")
        if self.other(latest) == user:
            return self.room(latest)
        every = [room_id for room_id in self._client.rooms if self.other(room_id) == user]
        return self.room(every[-1]) if every else None

    def note(self, user: str, room_id: str) -> None:
        """Take note of where a person writes now."""
        self._latest[user] = room_id

    def enter(self, room_id: str) -> None:
        """Take note that the bot has come into a room, perhaps once more."""
        self._left.discard(room_id)

    def forget(self, room_id: str) -> None:
        """Forget a room that the bot has left.

        It stays with nio: when the bot comes again, it first hears of its leaving once more.
        """
        self._left.add(room_id)

    def _others(self, room: MatrixRoom) -> list[str]:
        """Name everybody but the bot, and but the bridges at the homeserver of a person there."""
        everybody = [user for user in room.users if user != self._client.user_id]
        services = self._client.services.get(room.room_id, set())
        homes = {_home(user) for user in everybody if user not in services}
        return [user for user in everybody if user not in services or _home(user) not in homes]


def _home(user: str) -> str:
    return user.partition(":")[2]


def _is_space(room: MatrixRoom) -> bool:
    return bool(room.room_type == "m.space")


def _is_open(room: MatrixRoom) -> bool:
    """Tell whether anybody may come in, or read what is said there.

    Who comes in by themselves can read nothing earlier if it is encrypted, or not shown to them.
    """
    if room.history_visibility == "world_readable":
        return True
    if room.join_rule in _RESTRICTED:
        return not (room.encrypted or room.history_visibility in {"invited", "joined"})
    return room.join_rule not in _CLOSED
