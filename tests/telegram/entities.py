"""Text with tags becomes text with entities, exactly as Telegram does it (parse_html of tdlib)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.telegram.links import checked_link
from tests.telegram.refusals import Json
from tests.telegram.scanning import Scanner, unreadable

_KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}


def units(text: str) -> int:
    """Count the UTF-16 units, which is how Telegram measures text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Give the plain text and its entities, or refuse."""
    return _Reading(source).read()


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Reading:
    def __init__(self, source: str) -> None:
        self._scanner, self._offset = Scanner(source), 0
        self._text: list[str] = []
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        scanner = self._scanner
        while not scanner.is_at_end:
            if scanner.sees("</"):
                self._end()
            elif scanner.sees("<"):
                tag, argument = scanner.start_tag()
                self._open.append(_Open(tag, argument, self._offset, len(self._text)))
            else:
                text = scanner.reference() if scanner.sees("&") else scanner.plain()
                self._text.append(text)
                self._offset += units(text)
        if self._open:
            tag = self._open[-1].tag
            raise unreadable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self._entities.sort(key=lambda each: (each["offset"], -each["length"]))
        return "".join(self._text), self._entities

    def _end(self) -> None:
        begin = self._scanner.place(self._scanner.at)
        if not self._open:
            raise unreadable(f"Unexpected end tag {begin}")
        tag, opened = self._scanner.end_tag(), self._open.pop()
        if tag and tag != opened.tag:
            raise unreadable(
                f'Unmatched end tag {begin}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self._offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        length, kind = self._offset - opened.offset, _KINDS[opened.tag]
        entity: Json = {"offset": opened.offset, "length": length, "type": kind}
        last = self._entities[-1] if self._entities else {}
        same = (last.get("offset"), last.get("length")) == (opened.offset, length)
        if kind == "text_link":
            link = checked_link(opened.argument or "".join(self._text[opened.begin :]))
            if not link:
                return
            entity["url"] = link
        elif kind == "custom_emoji":
            if not opened.argument.isdigit() or not int(opened.argument):
                raise unreadable("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        elif kind == "pre" and same and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return
        elif kind == "code" and same and last["type"] == "pre" and opened.argument:
            last["language"] = opened.argument
            return
        elif kind == "code" and opened.argument:
            entity["language"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        self._entities.append(entity)
