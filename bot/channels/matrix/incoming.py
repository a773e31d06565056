"""What people send, and what the bot takes it for.

Source: https://spec.matrix.org/v1.16/client-server-api/#events
"""

from __future__ import annotations

import re
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

from bot.dialogue.messages import Content, Edited, Typed, Unreadable, Unsupported

_QUOTED = re.compile(r"\A> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n")
"""How older clients repeat what a message replies to."""

_POLLS = ("org.matrix.msc3381.poll.start", "m.poll.start")
_VOICE = (RoomMessageAudio, RoomEncryptedAudio)
_VIDEO = (RoomMessageVideo, RoomEncryptedVideo)
_PICTURE = (RoomMessageImage, RoomEncryptedImage)
_FILE = (RoomMessageFile, RoomEncryptedFile)


@dataclass(frozen=True)
class Fetchable:
    """A picture that has to be fetched first; `size` is what the sender says of it, in bytes.

    `key`, `sha256` and `iv` open it, if it is encrypted.
    """

    url: str
    size: int
    key: str = field(default="", repr=False)
    sha256: str = field(default="", repr=False)
    iv: str = field(default="", repr=False)


def content(event: Event) -> Content | Fetchable | None:
    """Find out what a message says: a picture has to be fetched first; None says nothing at all."""
    if _relation(event) == "m.replace":
        return None if isinstance(event, RoomMessageNotice) else Edited()
    match event:
        case RoomMessageNotice():
            return None  # of another bot
        case RoomMessageText() | RoomMessageEmote():
            return Typed(_QUOTED.sub("", event.body))
        case RoomMessage() if _msgtype(event) == "m.key.verification.request":
            return Unsupported("verification")
        case RoomMessage():
            return _media(event)
        case BadEvent(type="m.room.message"):  # a picture without an address, words that are none
            return None if _msgtype(event) == "m.notice" else Unsupported("other")
        case StickerEvent():
            return Unsupported("sticker")
        case UnknownEvent(type=kind) if kind in _POLLS:
            return Unsupported("other")
        case _:
            return None  # a note of the network: a name, a topic, a call


def _media(event: RoomMessage) -> Fetchable | Unsupported:
    is_picture = _text(event.source, "content", "info", "mimetype").startswith("image/")
    if isinstance(event, _PICTURE) or (isinstance(event, _FILE) and is_picture):
        return _picture(event)
    kinds: tuple[tuple[bool, Unreadable], ...] = (
        (isinstance(event, _VOICE), "voice"),
        (isinstance(event, _VIDEO), "video"),
        (isinstance(event, _FILE), "document"),
        (_msgtype(event) == "m.location", "location"),
    )
    return Unsupported(next((kind for fits, kind in kinds if fits), "other"))


def _picture(event: RoomMessage) -> Fetchable:
    info = event.source["content"].get("info")
    size = info.get("size") if isinstance(info, dict) else None
    size = size if isinstance(size, int) else 0
    if isinstance(event, RoomEncryptedMedia):
        key, sha256 = _text(event.key, "k"), _text(event.hashes, "sha256")
        return Fetchable(event.url, size, key, sha256, event.iv)
    return Fetchable(str(event.url), size)


def _msgtype(event: Event) -> str:
    return _text(event.source, "content", "msgtype")


def _relation(event: Event) -> str:
    return _text(event.source, "content", "m.relates_to", "rel_type")


def _text(source: object, *path: str) -> str:
    """Read a text somewhere in what a stranger's client has written; empty if there is none."""
    for step in path:
        source = source.get(step) if isinstance(source, dict) else None
    return source if isinstance(source, str) else ""
