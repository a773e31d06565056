"""What people send, and what the bot takes it for.

Source: https://spec.matrix.org/v1.16/client-server-api/#events
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from nio import (
    BadEvent,
    Event,
    RoomEncryptedAudio,
    RoomEncryptedFile,
    RoomEncryptedImage,
    RoomEncryptedMedia,
    RoomEncryptedVideo,
    RoomMessage,
    RoomMessageAudio,
    RoomMessageEmote,
    RoomMessageFile,
    RoomMessageImage,
    RoomMessageNotice,
    RoomMessageText,
    RoomMessageVideo,
    StickerEvent,
    UnknownEvent,
)

from bot.channels.matrix.words import caption, words
from bot.dialogue.messages import Content, Edited, Typed, Unreadable, Unsupported

_POLLS = ("org.matrix.msc3381.poll.start", "m.poll.start")
_VOICE = (RoomMessageAudio, RoomEncryptedAudio)
_VIDEO = (RoomMessageVideo, RoomEncryptedVideo)
_PICTURE = (RoomMessageImage, RoomEncryptedImage)
_FILE = (RoomMessageFile, RoomEncryptedFile)


@dataclass(frozen=True)
class Fetchable:
    """A picture that has to be fetched first; `size` is what the sender says of it, in bytes.

    `key`, `sha256` and `iv` open it, if it is encrypted. `caption` are the words below it.
    """

    url: str
    size: int
    caption: str = field(default="", kw_only=True)
    key: str = field(default="", repr=False)
    sha256: str = field(default="", repr=False)
    iv: str = field(default="", repr=False)


def content(event: Event, called: Collection[str] = ()) -> Content | Fetchable | None:
    """Find out what a message says: a picture has to be fetched first; None says nothing at all.

    `called` are the id of the bot and its names.
    """
    if _relation(event) == "m.replace":
        return None if isinstance(event, RoomMessageNotice) else Edited()
    match event:
        case RoomMessageNotice():
            return None  # of another bot
        case RoomMessageText() | RoomMessageEmote():
            return Typed(words(event.source["content"], called))
        case RoomMessage() if _msgtype(event) == "m.key.verification.request":
            return Unsupported("verification")
        case RoomMessage():
            return _media(event, called)
        case BadEvent(type="m.room.message"):  # a picture without an address, words that are none
            return None if _msgtype(event) == "m.notice" else Unsupported("other")
        case StickerEvent():
            return Unsupported("sticker")
        case UnknownEvent(type=kind) if kind in _POLLS:
            return Unsupported("other")
        case _:
            return None  # a note of the network: a name, a topic, a call


def replied_to(event: Event) -> str:
    """Name the message to which somebody replies; empty if there is none.

    In a thread, clients name the latest message of it for those that know no threads.
    """
    if _is_true(event.source, "content", "m.relates_to", "is_falling_back"):
        return ""
    return _text(event.source, "content", "m.relates_to", "m.in_reply_to", "event_id")


def thread(event: Event) -> str | None:
    """Name the message with which the thread of a message begins."""
    if _relation(event) != "m.thread":
        return None
    return _text(event.source, "content", "m.relates_to", "event_id") or None


def _media(event: RoomMessage, called: Collection[str]) -> Fetchable | Unsupported:
    below = caption(event.source["content"], called)
    is_picture = _text(event.source, "content", "info", "mimetype").startswith("image/")
    if isinstance(event, _PICTURE) or (isinstance(event, _FILE) and is_picture):
        return _picture(event, below)
    kinds: tuple[tuple[bool, Unreadable], ...] = (
        (isinstance(event, _VOICE), "voice"),
        (isinstance(event, _VIDEO), "video"),
        (isinstance(event, _FILE), "document"),
        (_msgtype(event) == "m.location", "location"),
    )
    return Unsupported(next((kind for fits, kind in kinds if fits), "other"), below)


def _picture(event: RoomMessage, below: str) -> Fetchable:
    info = event.source["content"].get("info")
    size = info.get("size") if isinstance(info, dict) else None
    size = size if isinstance(size, int) else 0
    if isinstance(event, RoomEncryptedMedia):
        key, sha256 = _text(event.key, "k"), _text(event.hashes, "sha256")
        return Fetchable(event.url, size, key, sha256, event.iv, caption=below)
    return Fetchable(str(event.url), size, caption=below)


def _msgtype(event: Event) -> str:
    return _text(event.source, "content", "msgtype")


def _relation(event: Event) -> str:
    return _text(event.source, "content", "m.relates_to", "rel_type")


def _is_true(source: object, *path: str) -> bool:
    for step in path:
        source = source.get(step) if isinstance(source, dict) else None
    return source is True


def _text(source: object, *path: str) -> str:
    """Read a text somewhere in what a stranger's client has written; empty if there is none."""
    for step in path:
        source = source.get(step) if isinstance(source, dict) else None
    return source if isinstance(source, str) else ""
