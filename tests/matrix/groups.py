"""A group: several citizens, and perhaps the bot, in one room."""

from __future__ import annotations

from tests.matrix import contents, rooms
from tests.matrix.citizens import Citizen, Message, id_of
from tests.matrix.screens import Shown
from tests.matrix.views import View


class Group(View):
    """What happens in a group, and (in View) what its first member, who owns it, sees."""

    def __init__(self, title: str, members: list[Citizen], *, encrypted: bool = True) -> None:
        owner, *others = members
        super().__init__(owner.client)
        self.title, self.members, self.encrypted = title, members, encrypted
        people = [each.id for each in others]
        self._room_id = rooms.opened(
            owner.client, people, encrypted=encrypted, direct=False, title=title
        )
        for each in others:
            rooms.joined(each.client, self._room_id)

    @property
    def room_id(self) -> str:
        """The room."""
        return self._room_id

    def adds_bot(self, *, waits: bool = True) -> None:
        """Let the owner invite the bot; wait until it has joined, if it can."""
        rooms.invited(self.client, self._room_id, self.records.bot)
        if waits:
            self.waits_for_bot()

    def removes_bot(self) -> None:
        """Let the owner throw the bot out."""
        rooms.removed(self.client, self._room_id, self.records.bot)

    def types(
        self, citizen: Citizen, text: str, *, replies_to: Message | None = None, mentions: str = ""
    ) -> Shown:
        """Let a member type a text, which may mention somebody by the full id."""
        content = contents.text(text)
        if replies_to:
            content |= contents.reply(id_of(replies_to))
        if mentions:
            content |= {"m.mentions": {"user_ids": [mentions]}}
        event_id = citizen.client.sent(self._room_id, "m.room.message", content)
        return Shown(
            event_id, "m.text", content, citizen.id, from_bot=False, encrypted=self.encrypted
        )

    def reacts(self, citizen: Citizen, message: Message, key: str) -> str:
        """Let a member put a sign below a message; give the id of the reaction."""
        content = contents.reaction(id_of(message), key)
        return citizen.client.sent(self._room_id, "m.reaction", content)
