"""A person's phone, with the chat with a bot open on it."""

from __future__ import annotations

from tests.telegram import acts, contents
from tests.telegram.accounts import Person
from tests.telegram.bots import Bot, Query
from tests.telegram.chats import Chat, Message
from tests.telegram.records import Records
from tests.telegram.refusals import Json
from tests.telegram.screens import Button, Shown
from tests.telegram.texts import typed
from tests.telegram.views import View


class Phone(View):
    """What somebody does, and (in View) sees, in the private chat with a bot."""

    def __init__(self, records: Records, bot: Bot, person: Person) -> None:
        super().__init__(records)
        self.bot, self.person = bot, person
        self.queries: list[Query] = []

    @property
    def id(self) -> int:
        """The id of the person, which is that of the chat as well."""
        return self.person.id

    @property
    def chat(self) -> Chat:
        """The chat, once it was opened."""
        chat = self.records.private.get((self.bot.id, self.person.id))
        assert chat is not None, f"{self.person.first_name} has not pressed Start yet"
        return chat

    def starts(self, code: str | None = None) -> Phone:
        """Press Start, as it comes from a link with a code."""
        with self.records.changed:
            self.records.private_chat(self.bot, self.person)
        if self.chat.bots[self.bot.id] != "member":
            self.unblocks()
        self.types(f"/start {code}" if code else "/start")
        return self

    def types(self, text: str, *, replies_to: int | None = None) -> Message:
        """Type a text and send it."""
        return self.sends(typed(text), replies_to=replies_to)

    def sends(self, content: Json, *, replies_to: int | None = None) -> Message:
        """Send anything that the Bot API knows."""
        assert self.chat.bots[self.bot.id] == "member", "one cannot write to a bot one has blocked"
        replied = self.chat.messages[replies_to] if replies_to is not None else None
        return acts.say(self.records, self.chat, self.person, content, replied)

    def sends_photo(self, content: bytes, caption: str = "") -> Message:
        """Send a photo, which Telegram scales and compresses."""
        return self.sends(contents.captioned(contents.photo(self.records.files, content), caption))

    def sends_document(
        self,
        name: str,
        content: bytes,
        media_type: str = "application/octet-stream",
        *,
        caption: str = "",
        size: int | None = None,
    ) -> Message:
        """Send a file as it is; it may say that it is larger."""
        document = contents.document(self.records.files, name, content, media_type, size)
        return self.sends(contents.captioned(document, caption))

    def sends_album(self, photos: list[bytes], caption: str = "") -> list[Message]:
        """Send several photos at once; the caption belongs to the first."""
        group = str(self.records.random.getrandbits(60))
        album: list[Message] = []
        for content in photos:
            photo = contents.photo(self.records.files, content)
            written = contents.captioned(photo, "" if album else caption)
            album.append(self.sends({"media_group_id": group} | written))
        return album

    def sends_sticker(self) -> Message:
        """Send a sticker."""
        return self.sends(contents.sticker(self.records.files))

    def sends_voice(self, seconds: int = 3) -> Message:
        """Send a voice message."""
        return self.sends(contents.voice(self.records.files, seconds))

    def sends_video(self, seconds: int = 3, caption: str = "") -> Message:
        """Send a video."""
        return self.sends(contents.captioned(contents.video(self.records.files, seconds), caption))

    def sends_location(self, latitude: float = 51.5466, longitude: float = 7.3123) -> Message:
        """Send where one is."""
        return self.sends(contents.location(latitude, longitude))

    def shares_contact(self, *, own: bool = True, replies_to: int | None = None) -> Message:
        """Share one's own number, or somebody else's from the address book."""
        other = {"phone_number": "+49 2305 106 2101", "first_name": "Rathaus"}
        contact = self.person.contact() if own else other
        return self.sends({"contact": contact}, replies_to=replies_to)

    def edits(self, text: str, *, message: Message | None = None) -> None:
        """Change the last message of one's own."""
        own = [each for each in self.chat.messages.values() if each.sender is self.person]
        acts.edit(self.records, message or own[-1], typed(text))

    def reacts(self, message: Shown, *emojis: str) -> None:
        """Put signs below a message, or take them away."""
        acts.react(self.records, self.person, self._message(message.id), emojis)

    def taps(self, label: str | int) -> Query | Message:
        """Tap an inline button by its words (a number counts them), or one of the keyboard."""
        found = acts.find_button(self.records, self.chat, label)
        if found is not None:
            message, button = found
            return self._tapped(message, button)
        for key in [each for row in self.reply_keyboard or [] for each in row]:
            if key.text == label:
                return self._pressed(key)
        raise AssertionError(f"no button {label!r}; there is:\n{self}")

    def taps_number(self, number: int) -> Query | Message:
        """Tap the n-th button of the newest message that has buttons."""
        return self.taps(number)

    def taps_data(self, data: str, *, message: int | Shown | None = None) -> Query:
        """Pretend that a message of the bot (the newest) has a button with this data."""
        of_bot = [each for each in self.chat.messages.values() if each.sender is self.bot]
        message_id = message.id if isinstance(message, Shown) else message
        target = of_bot[-1] if message_id is None else self._message(message_id)
        self.queries.append(acts.tap(self.records, self.person, target, data))
        return self.queries[-1]

    def blocks(self) -> None:
        """Block the bot."""
        self._turns("kicked")

    def unblocks(self) -> None:
        """Let the bot write again; `starts` does the same and presses Start."""
        self._turns("member")

    def deletes_chat(self) -> None:
        """Clear the history on this phone; the bot learns nothing of it."""
        self.chat.hidden_up_to, self.chat.keyboard = self.chat.last_id, None

    def _message(self, message_id: int) -> Message:
        """Give a message, even one that is there no longer."""
        gone = Message(message_id, self.chat, self.bot, 0, {})
        return self.chat.messages.get(message_id, gone)

    def _turns(self, status: str) -> None:
        with self.records.changed:
            self.records.tell_membership(self.bot, self.chat, self.person, status)

    def _tapped(self, message: Message, button: Button) -> Query:
        assert button.data, f"{button.text!r} only opens {button.url}"
        return self.taps_data(button.data, message=message.id)

    def _pressed(self, key: Button) -> Message:
        keyboard = self.chat.keyboard
        assert keyboard is not None
        asked = keyboard.message_id if keyboard.message_id in self.chat.messages else None
        if keyboard.one_time:
            self.chat.keyboard = None
        if key.asks_for_contact:
            return self.shares_contact(replies_to=asked)
        if key.asks_for_location:
            return self.sends_location()
        return self.types(key.text)
