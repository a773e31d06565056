"""Texts as Telegram shows them: its HTML, and messages of at most 4,096 characters.

Telegram counts UTF-16 units of what is seen, so tags and entities cost nothing and an emoji two.
Source: https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

LONGEST = 4096
_BREAK = re.compile(r"<br\s*/?>")
_TAG = re.compile(r"<[^>]*>")


def html(text: str) -> str:
    """Write a text of the small subset as Telegram wants it: it knows no tag for a new line."""
    return _BREAK.sub("\n", text) if "<br" in text else text


def length(text: str) -> int:
    """Count the UTF-16 units that are seen of an HTML text."""
    if len(text) <= LONGEST and text.isascii():
        return len(text)  # never less than what is seen, and near enough
    return units(unescape(_TAG.sub("", text)))


def units(text: str) -> int:
    """Count the UTF-16 units of a plain text."""
    return len(text.encode("utf-16-le")) // 2


def parts(text: str, limit: int = LONGEST) -> list[str]:
    """Divide a text into messages, between paragraphs if possible, otherwise lines, then words."""
    if 2 * len(text) <= limit or length(text) <= limit:  # a character has two units at most
        return [text]
    return [part for part in _divided(text, limit) if part.strip()]


def _divided(text: str, limit: int) -> Iterator[str]:
    for separator in ("\n\n", "\n", " "):
        head, tail = _halves(text, separator, limit)
        if head:
            yield head
            yield from parts(tail, limit)
            return
    plain = unescape(_TAG.sub("", text))  # one endless word: what it looks like does not matter
    cut = limit // 2  # two units for each character at most
    yield escape(plain[:cut], quote=False)
    yield from parts(escape(plain[cut:], quote=False), limit)


def _halves(text: str, separator: str, limit: int) -> tuple[str, str]:
    """Cut where the first half still fits and no tag is open; an empty half: there is no place."""
    best = 0
    position = text.find(separator)
    while position >= 0:
        head = text[:position]
        if length(head) > limit:
            break
        if head.strip() and _is_closed(head):
            best = position
        position = text.find(separator, position + len(separator))
    return text[:best], text[best:].lstrip("\n ")


def _is_closed(text: str) -> bool:
    return text.rfind("<") <= text.rfind(">") and text.count("</") * 2 == text.count("<")
