"""The small HTML subset of the texts (b, i, a, code, br), put into lines for a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r'<(/?)(b|i|a|code|br)(?:\s+href="([^"]*)")?\s*/?>')
_SPACES = re.compile(r"[ \t]+")
_BULLET = re.compile(r"(?:[–•-]|\d{1,2}\.) ")

_CODES = re.compile(r"\x1b\[[\d;]*m")
_STYLES = {"b": "1", "i": "3", "a": "4", "code": "36"}
"""Codes of ECMA-48 (Select Graphic Rendition): bold, italic, underlined, cyan."""

_WIDE = {"W", "F"}
_NO_WIDTH = {"Mn", "Me", "Cf"}


@dataclass(frozen=True, slots=True)
class Style:
    """How this output shows text: its width in columns, and whether it knows colours."""

    columns: int = 80
    colours: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a word, in one style."""

    text: str
    codes: tuple[str, ...] = ()


_Word = list[_Piece]


def laid_out(html: str, style: Style, *, first: str = "", rest: str = "") -> str:
    """Break a text into lines; `first` and `rest` stand before its first and its other lines."""
    lines: list[str] = []
    for words in _lines(html):
        lead = rest if lines else first
        text = "".join(piece.text for piece in words[0]) + " " if words else ""
        hanging = rest + " " * width(text) if _BULLET.fullmatch(text) else rest
        lines += _wrapped(words, style, lead, hanging)
    return "\n".join(lines)


def width(text: str) -> int:
    """Count the columns that a text takes; its colours take none."""
    text = _CODES.sub("", text)
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def visible(text: str) -> str:
    """Drop everything that could give orders to a terminal."""
    if text.isprintable():
        return text
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) != "Cc")


def coloured(text: str, style: Style, *codes: str) -> str:
    """Put a text into colour, where there are colours."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes and style.colours else text


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 2
    return 0 if unicodedata.category(character) in _NO_WIDTH else 1


def _lines(html: str) -> Iterator[list[_Word]]:
    """Split a text into lines, and these into words; a word may change its style within."""
    words: list[_Word] = []
    word: _Word = []
    for piece in _pieces(html):
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                yield [*words, word] if word else words
                words, word = [], []
            for position, part in enumerate(_SPACES.split(line)):
                if position and word:
                    words.append(word)
                    word = []
                if part:
                    word.append(_Piece(part, piece.codes))
    yield [*words, word] if word else words


def _pieces(html: str) -> Iterator[_Piece]:
    """Read tags; the address of a link follows it, unless the link shows it already."""
    open_tags: list[str] = []
    link, shown, end = "", "", 0
    for tag in _TAG.finditer(html):
        text = visible(unescape(html[end : tag.start()]))
        yield _Piece(text, tuple(_STYLES[name] for name in open_tags))
        shown += text
        end = tag.end()
        closing, name, address = tag.groups()
        if name == "br":
            yield _Piece("\n")
        elif not closing:
            open_tags.append(name)
            if name == "a":
                link, shown = visible(unescape(address or "")), ""
        elif name in open_tags:
            open_tags.remove(name)
            if name == "a" and not _names(shown, link):
                yield _Piece(f" ({link})")
    yield _Piece(visible(unescape(html[end:])), tuple(_STYLES[name] for name in open_tags))


def _names(shown: str, link: str) -> bool:
    """Tell whether a link shows its own address; nobody has to read "mailto:"."""
    return shown.strip() in {link, link.partition(":")[2], link.partition("://")[2]}


def _wrapped(words: list[_Word], style: Style, lead: str, hanging: str) -> Iterator[str]:
    """Fill lines word by word; a word that is longer than a line (an address) stays whole."""
    line, free = lead, style.columns - width(lead)
    empty = True
    for word in words:
        needed = sum(width(piece.text) for piece in word)
        if not empty and needed + 1 > free:
            yield line.rstrip(" ")
            line, free, empty = hanging, style.columns - width(hanging), True
        gap = "" if empty else " "
        line += gap + "".join(coloured(piece.text, style, *piece.codes) for piece in word)
        free -= needed + len(gap)
        empty = False
    yield line.rstrip(" ")
