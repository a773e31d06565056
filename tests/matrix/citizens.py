"""A citizen with an encrypted client, and the direct room with a bot open in it."""

from __future__ import annotations

from tests.matrix import contents, rooms
from tests.matrix.clients import Client
from tests.matrix.homeservers import Homeserver
from tests.matrix.screens import Json, Reaction, Shown
from tests.matrix.views import View

Message = Shown | str
"""A message, or its id."""


class Citizen(View):
    """What somebody does, and (in View) sees, in the direct room with a bot."""

    def __init__(
        self, homeserver: Homeserver, name: str, language: str = "de", *, bot: str
    ) -> None:
        self.name, self.language, self.bot = name, language, bot
        self.account = homeserver.newcomer(name)
        super().__init__(Client(homeserver, self.account, bot))
        self.encrypted = True
        self._rooms: list[str] = []
        self._withheld: Json | None = None

    @property
    def id(self) -> str:
        """The full id of the person."""
        return self.account.user_id

    @property
    def room_id(self) -> str:
        """The direct room, the newest if there were several."""
        assert self._rooms, f"{self.name} has not started yet"
        return self._rooms[-1]

    def starts(self, *, encrypted: bool = True, waits: bool = True) -> Citizen:
        """Open a direct room and invite the bot; wait until it has joined, if it can."""
        self.encrypted = encrypted
        self._rooms.append(rooms.opened(self.client, [self.bot], encrypted=encrypted, direct=True))
        if waits:
            self.waits_for_bot()
        return self

    def invites_again(self, *, waits: bool = True) -> Citizen:
        """Open another room of the same kind with the bot."""
        return self.starts(encrypted=self.encrypted, waits=waits)

    def joins(self, room_id: str, *, encrypted: bool = True) -> Citizen:
        """Accept an invitation to a direct room."""
        self.encrypted = encrypted
        rooms.joined(self.client, room_id)
        self._rooms.append(room_id)
        return self

    def leaves(self) -> None:
        """Leave the room."""
        rooms.left(self.client, self.room_id)

    def types(self, text: str, *, replies_to: Message | None = None) -> Shown:
        """Type a text and send it."""
        quoted = contents.reply(id_of(replies_to)) if replies_to else {}
        return self.sends(contents.text(text) | quoted)

    def sends(self, content: Json, kind: str = "m.room.message") -> Shown:
        """Send anything that Matrix knows."""
        event_id = self.client.sent(self.room_id, kind, content)
        encrypted = self.encrypted and kind != "m.reaction"
        shown_kind = content.get("msgtype", kind)
        return Shown(event_id, shown_kind, content, self.id, from_bot=False, encrypted=encrypted)

    def edits(self, message: Message, text: str) -> Shown:
        """Change a message of one's own."""
        return self.sends(contents.edit(id_of(message), text))

    def reacts(self, message: Message, key: str) -> Reaction:
        """Put a sign below a message; this is never encrypted."""
        sent = self.sends(contents.reaction(id_of(message), key), "m.reaction")
        return Reaction(sent.id, id_of(message), key, self.id)

    def deletes(self, message: Message | Reaction) -> None:
        """Take back a message or a reaction."""
        event_id = message if isinstance(message, str) else message.id
        rooms.redacted(self.client, self.room_id, event_id)

    def sends_photo(self, content: bytes, caption: str = "") -> Shown:
        """Send a photo; in an encrypted room it is encrypted as well."""
        described = contents.attachment("m.image", "photo.jpg", "image/jpeg", len(content))
        return self._sends_file(described | ({"body": caption} if caption else {}), content)

    def sends_document(
        self, name: str, content: bytes, media_type: str = "application/octet-stream"
    ) -> Shown:
        """Send a file as it is."""
        described = contents.attachment("m.file", name, media_type, len(content))
        return self._sends_file(described, content)

    def sends_voice(self, content: bytes = b"OggS") -> Shown:
        """Send a voice message."""
        return self._sends_file(contents.voice(len(content)), content)

    def sends_sticker(self, content: bytes = b"\x89PNG") -> Shown:
        """Send a sticker, whose picture is never encrypted."""
        place = self.client.uploaded(content, "image/png", encrypted=False)
        info = {"mimetype": "image/png", "w": 256, "h": 256}
        return self.sends({"body": "Hello!", "info": info} | place, "m.sticker")

    def sends_location(self, latitude: float = 51.5466, longitude: float = 7.3123) -> Shown:
        """Send where one is."""
        return self.sends(contents.location(latitude, longitude))

    def sends_notice(self, text: str) -> Shown:
        """Send a notice, as bots do; nobody may answer it."""
        return self.sends(contents.text(text, "m.notice"))

    def withholds_key(self, text: str = "Can you read this?") -> Shown:
        """Send a message whose key the bot does not get."""
        self._withheld = self.client.keeps_key(self.room_id)
        sent = self.types(text)
        self.client.rotates(self.room_id)
        return sent

    def hands_over_key(self) -> None:
        """Send the bot the key that it did not get."""
        assert self._withheld is not None, "no key was withheld"
        self.client.hands_over(self._withheld, self.bot)

    def rotates_session(self) -> None:
        """Encrypt what follows with a new session."""
        self.client.rotates(self.room_id)

    def ends(self) -> None:
        """Switch the device off."""
        self.client.does(self.client.ends())

    def _sends_file(self, described: Json, content: bytes) -> Shown:
        media_type = described["info"]["mimetype"]
        place = self.client.uploaded(content, media_type, encrypted=self.encrypted)
        return self.sends(described | place)


def id_of(message: Message) -> str:
    """Give the id of a message."""
    return message if isinstance(message, str) else message.id
