"""The contents of messages, as Element writes them."""

from __future__ import annotations

from tests.matrix.screens import Json


def text(words: str, kind: str = "m.text") -> Json:
    """Words without formatting."""
    return {"msgtype": kind, "body": words}


def reply(message_id: str) -> Json:
    """Quote a message."""
    return {"m.relates_to": {"m.in_reply_to": {"event_id": message_id}}}


def edit(message_id: str, words: str) -> Json:
    """Put other words in the place of those of a message."""
    relation = {"rel_type": "m.replace", "event_id": message_id}
    return text(f"* {words}") | {"m.new_content": text(words), "m.relates_to": relation}


def reaction(message_id: str, key: str) -> Json:
    """Put a sign below a message."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": message_id, "key": key}}


def location(latitude: float, longitude: float) -> Json:
    """Show a place."""
    uri = f"geo:{latitude},{longitude}"
    return {
        "msgtype": "m.location",
        "body": f"Location {uri}",
        "geo_uri": uri,
        "org.matrix.msc3488.location": {"uri": uri},
        "org.matrix.msc3488.asset": {"type": "m.self"},
    }


def attachment(kind: str, name: str, media_type: str, size: int) -> Json:
    """Name a file; where it lies is still missing."""
    info = {"mimetype": media_type, "size": size}
    return {"msgtype": kind, "body": name, "filename": name, "info": info}


def voice(size: int) -> Json:
    """Name a recording; where it lies is still missing."""
    spoken: Json = {
        "org.matrix.msc3245.voice": {},
        "org.matrix.msc1767.audio": {"duration": 3_000, "waveform": [0, 512, 1024]},
    }
    return attachment("m.audio", "Voice message.ogg", "audio/ogg", size) | spoken
