"""What people send besides text, in the form of the Bot API."""

from __future__ import annotations

from tests.telegram.files import Files
from tests.telegram.refusals import Json
from tests.telegram.texts import typed


def captioned(content: Json, caption: str) -> Json:
    """Add what was written below it."""
    if not caption:
        return content
    written = typed(caption)
    entities = {"caption_entities": written["entities"]} if "entities" in written else {}
    return content | {"caption": caption} | entities


def photo(files: Files, content: bytes) -> Json:
    """Give a photo."""
    return {"photo": files.photo(content)}


def document(files: Files, name: str, content: bytes, media_type: str, size: int | None) -> Json:
    """Give a file; it may say that it is larger than it is."""
    file = files.add_large("documents", content, name, media_type, size or len(content))
    return {"document": {"file_name": name, "mime_type": media_type} | file.as_json()}


def sticker(files: Files) -> Json:
    """Give a sticker."""
    file = files.add("stickers", b"RIFF....WEBP", "sticker.webp", "image/webp")
    thumbnail = files.add("thumbnails", b"RIFF....WEBP", "small.webp", "image/webp").as_json()
    return {
        "sticker": {
            "width": 512,
            "height": 512,
            "emoji": "👍",
            "set_name": "Daumen",
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            "thumbnail": thumbnail | {"width": 128, "height": 128},
            **file.as_json(),
        }
    }


def voice(files: Files, seconds: int) -> Json:
    """Give a voice message."""
    file = files.add("voice", b"OggS" + bytes(400), "voice.oga", "audio/ogg")
    return {"voice": {"duration": seconds, "mime_type": "audio/ogg", **file.as_json()}}


def video(files: Files, seconds: int) -> Json:
    """Give a video."""
    file = files.add("videos", b"\0\0\0\x18ftypmp42" + bytes(400), "video.mp4", "video/mp4")
    shape = {"duration": seconds, "width": 640, "height": 360}
    return {"video": shape | {"file_name": "video.mp4", "mime_type": "video/mp4"} | file.as_json()}


def location(latitude: float, longitude: float) -> Json:
    """Give a place."""
    return {"location": {"latitude": latitude, "longitude": longitude}}
