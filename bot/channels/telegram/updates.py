"""What the bot reads of Telegram's updates, and what it takes them for.

Everything else in an update is skipped while it is parsed; that is what makes parsing cheap.
Source: https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct, field
from msgspec.json import Decoder

from bot.channels.telegram import texts
from bot.channels.telegram.calls import Call
from bot.channels.telegram.keyboards import PENCIL
from bot.dialogue.messages import Content, Edited, SharedContact, Tapped, Typed, Unsupported

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that the bot asks for (`allowed_updates`)."""


class User(Struct):
    """Somebody; `language_code` is the language of their app (IETF)."""

    id: int
    language_code: str | None = None


class Chat(Struct):
    """Where a message was written."""

    id: int
    type: str

    @property
    def is_private(self) -> bool:
        """Tell whether nobody else reads there."""
        return self.type == "private"


class Contact(Struct):
    """A telephone number from an address book."""

    phone_number: str
    user_id: int | None = None


class File(Struct):
    """A file that can be fetched; a photo comes in several sizes, the largest last."""

    file_id: str
    file_size: int | None = None
    mime_type: str | None = None


class Button(Struct):
    """A button below a message."""

    text: str
    callback_data: str | None = None


class Keyboard(Struct):
    """The buttons below a message."""

    inline_keyboard: list[list[Button]] = []


class Message(Struct):
    """A message, with those of its parts that mean something to the bot."""

    message_id: int
    chat: Chat
    sender: User | None = field(default=None, name="from")
    text: str | None = None
    entities: Any = None
    caption: str | None = None
    contact: Contact | None = None
    photo: list[File] = []
    document: File | None = None
    media_group_id: str | None = None
    sticker: Any = None
    voice: Any = None
    audio: Any = None
    video: Any = None
    video_note: Any = None
    animation: Any = None
    location: Any = None
    poll: Any = None
    dice: Any = None
    story: Any = None
    reply_markup: Keyboard | None = None
    migrate_to_chat_id: int | None = None


class Tap(Struct):
    """A tap on a button; `message` is what the button stands below, if the bot may still see it."""

    id: str
    sender: User = field(name="from")
    message: Message | None = None
    data: str | None = None


class Member(Struct):
    """How somebody belongs to a chat."""

    status: str


class Membership(Struct):
    """Somebody has blocked or unblocked the bot, or put it into a group or out of it."""

    chat: Chat
    sender: User = field(name="from")
    new_chat_member: Member


class Update(Struct):
    """Something that has happened on Telegram."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Tap | None = None
    my_chat_member: Membership | None = None


read = Decoder(Update).decode
"""Read one update; raises msgspec.MsgspecError if it is none."""


def content(message: Message) -> Content | File | None:
    """Find out what a message says: a file has to be fetched first; None says nothing at all."""
    if message.text is not None:
        return Typed(message.text)
    if message.photo:
        return message.photo[-1]
    if message.contact is not None:
        sender = message.sender.id if message.sender is not None else None
        own = message.contact.user_id is not None and message.contact.user_id == sender
        return SharedContact(message.contact.phone_number, own)
    return _unsupported(message)


def _unsupported(message: Message) -> Unsupported | File | None:
    if message.sticker is not None or message.dice is not None:
        return Unsupported("sticker")
    if message.voice is not None or message.audio is not None:
        return Unsupported("voice")
    if message.animation is not None or message.video is not None or message.video_note is not None:
        return Unsupported("video")
    if message.document is not None:  # an animation is one as well
        picture = (message.document.mime_type or "").startswith("image/")
        return message.document if picture else Unsupported("document")
    if message.location is not None:
        return Unsupported("location")
    if message.poll is not None or message.story is not None:
        return Unsupported("other")
    return None  # a note of the network: pinned, joined, the timer of a chat


def edited(message: Message) -> Edited | None:
    """Tell whether words were changed; a position that moves is an edit to Telegram as well."""
    return None if message.text is None and message.caption is None else Edited()


def tapped(tap: Tap) -> Tapped:
    """Read a tap; what a button says is checked by the conversation, not here."""
    return Tapped(tap.data or "", None if tap.message is None else str(tap.message.message_id))


def with_pick(tap: Tap) -> Call | None:
    """Show a message as it is after a tap: without buttons, and with the one that was picked.

    None if there is nothing to show it from, as with a message that is very old.
    """
    label, message = _picked(tap), tap.message
    if label is None or message is None or message.text is None:
        return None
    text = f"{message.text}\n\n{picked(label, message.text)}"
    if texts.units(text) > texts.LONGEST:
        return without_buttons(tap)
    words = {"text": text, "entities": message.entities or []}
    quiet = {"link_preview_options": {"is_disabled": True}}
    return Call("editMessageText", _where(message) | words | quiet)


def without_buttons(tap: Tap) -> Call | None:
    """Take the buttons of a message away, if it has any, and leave its words as they are."""
    if tap.message is None or tap.message.reply_markup is None:
        return None
    return Call("editMessageReplyMarkup", _where(tap.message))


def _where(message: Message) -> dict[str, Any]:
    return {"chat_id": message.chat.id, "message_id": message.message_id}


def _picked(tap: Tap) -> str | None:
    """Find the label of the button that was tapped."""
    if tap.message is None or tap.message.reply_markup is None:
        return None
    for row in tap.message.reply_markup.inline_keyboard:
        for button in row:
            if button.callback_data == tap.data:
                return button.text
    return None


def picked(label: str, text: str) -> str:
    """Say what was picked, in full where the text names the choices; a pencil only opens a line."""
    if label.startswith(PENCIL):
        return label
    number = re.match(r"\d+\. ", label)
    named = number and re.search(rf"^{re.escape(number[0])}(.+)$", text, re.MULTILINE)
    return f"✓ {named[1] if named else label}"
