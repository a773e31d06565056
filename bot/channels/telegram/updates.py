"""What the bot reads of Telegram's updates, and what it takes them for.

Everything else in an update is skipped while it is parsed; that is what makes parsing cheap.
Source: https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, field
from msgspec.json import Decoder

from bot.channels.telegram import texts
from bot.channels.telegram.calls import Call
from bot.channels.telegram.keyboards import PENCIL
from bot.channels.telegram.words import words
from bot.dialogue.messages import (
    Content,
    Edited,
    SharedContact,
    Tapped,
    Typed,
    Unreadable,
    Unsupported,
)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
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


class Quoted(Struct):
    """A message to which another one replies."""

    message_id: int = 0
    text: str | None = None
    caption: str | None = None


class Message(Struct):
    """A message, with those of its parts that mean something to the bot; `date` is in seconds."""

    message_id: int
    chat: Chat
    date: float = 0.0
    sender: User | None = field(default=None, name="from")
    reply_to_message: Quoted | None = None
    text: str | None = None
    entities: Any = None
    caption: str | None = None
    caption_entities: Any = None
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
    checklist: Any = None
    paid_media: Any = None
    game: Any = None
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


class Reaction(Struct):
    """Somebody has put signs below a message, or taken them away."""

    chat: Chat
    message_id: int
    user: User | None = None
    new_reaction: list[Any] = []


class Update(Struct):
    """Something that has happened on Telegram."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Tap | None = None
    my_chat_member: Membership | None = None
    message_reaction: Reaction | None = None


read = Decoder(Update).decode
"""Read one update; raises msgspec.MsgspecError if it is none."""


@dataclass(frozen=True)
class Enclosed:
    """A picture that has to be fetched first, and the words that were sent with it."""

    file: File
    caption: str = ""


def private_chat(update: Update) -> int | None:
    """Name the private chat in which something has happened."""
    match update:
        case Update(message=Message(chat=chat)) | Update(edited_message=Message(chat=chat)):
            return chat.id if chat.is_private else None
        case Update(callback_query=Tap(sender=sender, message=message)):
            return sender.id if message is None or message.chat.is_private else None
        case Update(message_reaction=Reaction(chat=chat)):
            return chat.id if chat.is_private else None
        case Update(my_chat_member=Membership(chat=chat)):
            return chat.id if chat.is_private else None
        case _:
            return None


def sender(update: Update) -> User | None:
    """Tell who has sent a message, or has tapped."""
    for part in (update.message, update.edited_message, update.callback_query):
        if part is not None:
            return part.sender
    return None


def has_picture(update: Update) -> bool:
    """Tell whether a message has to be fetched before it can be read."""
    message = update.message
    if message is None or message.text is not None or message.contact is not None:
        return False
    return _picture(message) is not None


def content(message: Message, username: str = "") -> Content | Enclosed | None:
    """Find out what a message says: a file has to be fetched first; None says nothing at all.

    `username` is what the bot is called, as far as that is known.
    """
    if message.text is not None:
        return _typed(message, message.text, username)
    if message.contact is not None:
        sender = message.sender.id if message.sender is not None else None
        own = message.contact.user_id is not None and message.contact.user_id == sender
        return SharedContact(message.contact.phone_number, own)
    caption = words(message.caption or "", message.caption_entities, username)
    if (picture := _picture(message)) is not None:
        return Enclosed(picture, caption)
    kind = _unreadable(message)
    return None if kind is None else Unsupported(kind, caption)


def _typed(message: Message, text: str, username: str) -> Typed:
    replied = message.reply_to_message or Quoted()
    return Typed(
        words(text, message.entities, username),
        fills=texts.units(text) / texts.LONGEST,
        sent_at=message.date,
        replies_to=replied.text or replied.caption or "",
    )


def _picture(message: Message) -> File | None:
    if message.photo:
        return message.photo[-1]
    file = message.document if message.animation is None else None  # which is a document as well
    is_picture = file is not None and (file.mime_type or "").startswith("image/")
    return file if is_picture else None


def _unreadable(message: Message) -> Unreadable | None:
    kinds: tuple[tuple[Unreadable, tuple[Any, ...]], ...] = (
        ("sticker", (message.sticker, message.dice)),
        ("voice", (message.voice, message.audio)),
        ("video", (message.animation, message.video, message.video_note)),
        ("document", (message.document,)),
        ("location", (message.location,)),
        ("other", (message.poll, message.story, message.checklist)),
        ("other", (message.paid_media, message.game)),
    )
    for kind, parts in kinds:
        if any(part is not None for part in parts):
            return kind
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
