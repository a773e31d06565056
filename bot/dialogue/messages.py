"""What comes in from a chat and what goes out, the same for every network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.i18n import Renderable

BUTTON_BYTES = 64
"""How long the payload of a button may be (Telegram's limit for callback_data)."""

PAGE = ">"
"""How an option begins that is none, but turns to another page of a long list of them."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that somebody typed.

    A network may cut what is long into several messages: `fills` is how much of its longest one
    these words take (1.0: all of it), `sent_at` when they were sent by its own clock, in seconds.
    `replies_to` are the words of the message to which they reply, `about` names the question that
    it asked, as its buttons do, where the network knows it.
    """

    text: str
    fills: float = 0.0
    sent_at: float = 0.0
    replies_to: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on a button, with the payload that the button was given.

    `message` is the network's number of the message below which the button stands.
    """

    button: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A telephone number from the network's address book; `own` is the network's word for it."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, cleaned by the channel (no EXIF, no position); `id` is new and unguessable.

    `caption` are the words that were sent with it.
    """

    id: str
    media_type: str
    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed an earlier message; the bot says that it goes by the first version."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Somebody took an earlier message back for everybody; what it led to stays as it is."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody has closed the door: nothing reaches them until they write again."""


@dataclass(frozen=True, slots=True)
class Flood:
    """Stands for a message that is one too many; neither it nor those after it are read."""


Unreadable = Literal[
    "sticker",
    "voice",
    "video",
    "document",
    "location",
    "picture",
    "large picture",
    "huge picture",
    "lost picture",
    "more pictures",
    "too many pictures",
    "lost message",
    "reaction",
    "sign",
    "verification",
    "other",
]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that the bot cannot read; `caption` are the words that were sent with it.

    A "picture" is one that no program could open, a "large picture" one of too many bytes, a
    "huge picture" one of too many pixels, a "lost picture" one that the network did not
    hand over in time, "more pictures" are those behind the first that were sent together, "too
    many pictures" are more than the allowance, a "lost message" is one that could not be
    decrypted, a "reaction" or a "sign" stands below a message of the bot (the former where it is
    not encrypted), a "verification" is the wish to compare keys.
    """

    kind: Unreadable
    caption: str = ""


Content = Typed | Tapped | SharedContact | Picture | Edited | TakenBack | Left | Flood | Unsupported


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a private chat.

    `update_id` is the network's number of it, unique in its channel; a repeated one is dropped.
    `received_at` (UTC) is this program's clock, `sent_at` that of the network, if it names a time.
    `language` is what the network says of the person, `thread` its number of the message below
    which this one was written, where there are threads.
    """

    channel: str
    chat: str
    sender: str
    update_id: str
    content: Content
    received_at: datetime
    language: str | None = None
    thread: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be tapped; it carries the run and the question that it belongs to."""

    label: Renderable
    button: str


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in a summary, which a tap on `button` changes."""

    label: Renderable
    answer: Renderable
    button: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that is fetched when the reply is sent, so that no secret lies in the outbox."""

    kind: Literal[
        "calendar", "cancellation", "departure", "event", "venue", "access", "data", "picture"
    ]
    id: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says in one message.

    Choices are numbered by every channel in the order: `summary`, then `choices`. `page` is the
    one that a channel with short keyboards begins with; `replaces` the message that it stands in
    already. `is_stale` tells that a tap was not taken for the answer it was meant to be. `menu_of`
    is the role whose commands the network shall offer from now on ("" for citizens). `is_harmless`
    tells that the choices say nothing about a person, so that they may be made unencrypted,
    `is_greeting` that a network without buttons shall explain how one answers, `is_first` that it
    does not wait for answers that are still owed, `takes_keyboard` that buttons below the input
    field are shown no longer.
    """

    text: Renderable
    choices: tuple[Choice, ...] = ()
    summary: tuple[Line, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    asks_contact: bool = False
    silent: bool = False
    bulk: bool = False
    page: int = 1
    replaces: str | None = None
    is_stale: bool = False
    menu_of: str | None = None
    is_harmless: bool = False
    is_greeting: bool = False
    is_first: bool = False
    takes_keyboard: bool = False
