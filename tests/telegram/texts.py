"""What becomes of a text: tags are read, ends are trimmed, addresses and commands are found."""

from __future__ import annotations

import re
from functools import lru_cache

from tests.telegram.entities import parse_html, units
from tests.telegram.refusals import Json, bad_request

TEXT_LIMIT, CAPTION_LIMIT = 4_096, 1_024
BYTES_LIMIT = 1 << 15
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{2,31})\b"
    r"|(?<![\w/<])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w+)?)(?![\w/])"
    r"|(?<!\w)(?P<hashtag>#(?=\w*[^\W\d])\w+)"
)
_CLOSED = frozenset(
    {"code", "pre", "text_link", "url", "email", "mention", "bot_command", "hashtag"}
)


def formatted(text: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Give the text as it will be shown, with its entities, or refuse."""
    if entities:
        return _formatted(text, parse_mode, entities)
    text, found = _known(text, parse_mode)
    return text, [dict(each) for each in found]


@lru_cache(maxsize=1_000)
def _known(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """Under load, the same texts come again and again."""
    return _formatted(text, parse_mode, [])


def _formatted(text: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Json]]:
    if len(text.encode()) > BYTES_LIMIT:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if text and mode not in {"", "none"}:
        if mode in {"markdown", "markdownv2"}:
            raise bad_request("the stand-in reads HTML only")
        if mode != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(text)
    text, entities = _trimmed(text.replace("\r", ""), entities)
    return text, _with_found(text, entities)


def message_text(text: str, parse_mode: str, entities: list[Json]) -> Json:
    """Give the content of a text message, or refuse what is empty."""
    if not text:
        raise bad_request("message text is empty")
    text, entities = formatted(text, parse_mode, entities)
    if not text:
        raise bad_request("text must be non-empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption(text: str, parse_mode: str, entities: list[Json]) -> Json:
    """Give the caption of a file, which may be missing, or refuse what is too long."""
    text, entities = formatted(text, parse_mode, entities)
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def typed(text: str) -> Json:
    """Give the content of what a person types, without tags."""
    entities = _with_found(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    end = units(text.rstrip())
    text = text.rstrip()
    first = min((each["offset"] for each in entities), default=len(text))
    start = min(len(text) - len(text.lstrip(" \n")), first)
    kept = []
    for each in entities:
        offset = each["offset"]
        length = min(offset + each["length"], end) - offset
        if length > 0:
            kept.append(each | {"offset": offset - start, "length": length})
    return text[start:], kept


def _with_found(text: str, entities: list[Json]) -> list[Json]:
    taken = [
        (each["offset"], each["offset"] + each["length"])
        for each in entities
        if each["type"] in _CLOSED
    ]
    found = []
    for match in _FOUND.finditer(text):
        begin, length = units(text[: match.start()]), units(match.group())
        if not any(begin < end and start < begin + length for start, end in taken):
            found.append({"offset": begin, "length": length, "type": str(match.lastgroup)})
    return sorted(
        [*entities, *found], key=lambda each: (int(str(each["offset"])), -int(str(each["length"])))
    )
