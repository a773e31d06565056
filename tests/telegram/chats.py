"""Chats and the messages in them, as the servers keep them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from tests.telegram.accounts import Account, Person
from tests.telegram.refusals import Json

KEPT_MESSAGES = 2_000
_NO_GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)


@dataclass(eq=False)
class Message:
    """One message, with what it says now."""

    id: int
    chat: Chat
    sender: Account
    date: int
    content: Json
    markup: Json | None = None
    replies_to: Message | None = None
    edited_at: int | None = None
    has_keyboard: bool = False
    revision: int = 0

    def as_json(self, *, with_reply: bool = True) -> Json:
        """Give the Message of the Bot API."""
        message: Json = {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
        }
        if self.edited_at is not None:
            message["edit_date"] = self.edited_at
        if with_reply and self.replies_to is not None:
            message["reply_to_message"] = self.replies_to.as_json(with_reply=False)
        message |= self.content
        if self.markup is not None:
            message["reply_markup"] = self.markup
        return message


@dataclass(frozen=True)
class Keyboard:
    """A reply keyboard, as it lies under the input field."""

    message_id: int
    rows: list[list[Json]]
    one_time: bool


@dataclass(eq=False)
class Chat:
    """A private chat with one bot, or a group."""

    id: int
    kind: str
    title: str = ""
    person: Person | None = None
    members: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, str] = field(default_factory=dict)
    upgraded_to: int | None = None
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    last_id: int = 0
    keyboard: Keyboard | None = None
    hidden_up_to: int = 0
    actions: list[str] = field(default_factory=list)
    instance: int = 0

    def as_json(self) -> Json:
        """Give the Chat of the Bot API."""
        if self.person is not None:
            user = self.person.as_json()
            names = ("first_name", "last_name", "username")
            shown = {name: user[name] for name in names if name in user}
            return {"id": self.id, **shown, "type": "private"}
        if self.kind == "supergroup":
            return {"id": self.id, "title": self.title, "type": "supergroup"}
        return {
            "id": self.id,
            "title": self.title,
            "type": "group",
            "all_members_are_administrators": True,
            "accepted_gift_types": _NO_GIFTS,
        }

    def keep(self, message: Message) -> None:
        """Remember a message, and forget the oldest if there are too many."""
        self.messages[message.id] = message
        if len(self.messages) > KEPT_MESSAGES:
            self.messages.popitem(last=False)
