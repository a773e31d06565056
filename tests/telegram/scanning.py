"""Reading tags and character references, one after the other (parse_html of tdlib)."""

from __future__ import annotations

import re

from tests.telegram.refusals import Refusal, bad_request

TAGS = frozenset(
    {
        *("a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler"),
        *("tg-emoji", "span", "pre", "code", "blockquote"),
    }
)
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_PLAIN = re.compile(r"[^<&]+")
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_SPACE = re.compile(r"[ \t\r\n\v\0]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v\0=>/\"']*")
_NAME_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
_SPACES = " \t\r\n\v\0"
_LONGEST_NUMBER = 10


def unreadable(words: str) -> Refusal:
    """Refuse a text whose tags cannot be read."""
    return bad_request(f"can't parse entities: {words}")


class Scanner:
    """A place in a text, which moves on as it is read."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    @property
    def is_at_end(self) -> bool:
        """Whether everything is read."""
        return self.at >= len(self.source)

    def sees(self, start: str) -> bool:
        """Tell whether this comes next."""
        return self.source.startswith(start, self.at)

    def place(self, position: int) -> str:
        """Say where something is."""
        return f"at byte offset {len(self.source[:position].encode())}"

    def plain(self) -> str:
        """Read up to the next tag or reference."""
        return self._skip(_PLAIN)

    def reference(self) -> str:
        """Read one character reference; what is none stays as it is."""
        found = _REFERENCE.match(self.source, self.at)
        decoded = _character(found) if found is not None else ""
        if not decoded:
            self.at += 1
            return "&"
        if "\ud800" <= decoded <= "\udfff":
            raise unreadable(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self.at += len(found.group()) if found is not None else 0
        return decoded

    def start_tag(self) -> tuple[str, str]:
        """Read the start of an entity: its tag, and the one attribute that matters."""
        begin = self.at
        self.at += 1
        tag = self._skip(_TAG_NAME).lower()
        if self.is_at_end:
            raise unreadable(f"Unclosed start tag {self.place(begin)}")
        if tag not in TAGS:
            raise unreadable(f'Unsupported start tag "{tag}" {self.place(begin)}')
        argument = ""
        while not self.sees(">"):
            argument = self._attribute(tag, begin, argument)
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise unreadable(f'Tag "span" must have class "tg-spoiler" {self.place(begin)}')
        return tag, argument

    def end_tag(self) -> str:
        """Read the end of an entity."""
        begin = self.at
        self.at += 2
        tag = self._skip(_TAG_NAME).lower()
        self._skip(_SPACE)
        if not self.sees(">"):
            raise unreadable(f"Unclosed end tag {self.place(begin)}")
        self.at += 1
        return tag

    def _attribute(self, tag: str, begin: int, argument: str) -> str:
        self._skip(_SPACE)
        if self.sees(">"):
            return argument
        name = self._skip(_ATTRIBUTE_NAME)
        if not name:
            raise unreadable(f'Empty attribute name in the tag "{tag}" {self.place(begin)}')
        unclosed = unreadable(f'Unclosed start tag "{tag}" {self.place(begin)}')
        self._skip(_SPACE)
        if self.is_at_end:
            raise unclosed
        if not self.sees("="):
            return "1" if (tag, name) == ("blockquote", "expandable") else argument
        self.at += 1
        self._skip(_SPACE)
        if self.is_at_end:
            raise unclosed
        value = self._value()
        if self.is_at_end:
            raise unreadable(f"Unclosed start tag {self.place(begin)}")
        return _argument(tag, name, value, argument)

    def _value(self) -> str:
        quote = self.source[self.at]
        if quote not in "'\"":
            begin = self.at
            value = self._skip(_NAME_TOKEN).lower()
            if not self.is_at_end and self.source[self.at] not in f"{_SPACES}>":
                raise unreadable(f"Unexpected end of name token {self.place(begin)}")
            return value
        self.at += 1
        parts = []
        while not self.is_at_end and not self.sees(quote):
            if self.sees("&"):
                parts.append(self.reference())
            else:
                parts.append(self.source[self.at])
                self.at += 1
        self.at += 1
        return "".join(parts)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found.group()


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _CHARACTERS.get(name, "")
    number = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    is_short = len(found.group().rstrip(";")) < _LONGEST_NUMBER
    return chr(number) if is_short and 0 < number < 0x10FFFF else ""


def _argument(tag: str, name: str, value: str, before: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
        case _:
            return before
