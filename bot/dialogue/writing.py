"""What people type, made safe to store and to compare: no control characters, no disguises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_JOINERS = "\u200c\u200d"  # needed inside emoji and in Persian, meaningless at an edge
_BETWEEN_LATIN = re.compile(rf"(?<=[A-Za-z\u00c0-\u024f])[{_JOINERS}]+(?=[A-Za-z\u00c0-\u024f])")
_BLANKS = str.maketrans(dict.fromkeys("\u200b\u2800\u3164\u115f\u1160\uffa0", " "))
"""What looks like a space, or like nothing, and separates words all the same."""
_MOST_MARKS = 3
"""So many accents one letter has at most, in any language; more are put there to cover others."""
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_MEANINGLESS = re.compile(r"[^\w\s@+/.-]")


def clean(text: str) -> str:
    """Normalise (NFC), drop control and invisible characters, trim; line breaks stay."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(_seen(text.translate(_BLANKS)))
    text = _BETWEEN_LATIN.sub("", text)
    text = _SPACES.sub(" ", text)
    text = "\n".join(line.strip(f" {_JOINERS}") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _seen(text: str) -> Iterator[str]:
    """Give the characters that somebody sees, and of accents on each other not too many."""
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS and (
            category not in _HIDDEN or character in "\n\t" or character in _JOINERS
        ):
            yield character


def one_line(text: str) -> str:
    """Put everything on one line."""
    return " ".join(text.split())


def has_letter(text: str) -> bool:
    """Tell whether there is anything in it that could be read aloud."""
    return any(map(str.isalpha, text))


def folded(text: str) -> str:
    """Reduce to what matters when an answer is compared with a label."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text).casefold().replace("\ufe0f", "")
    return one_line(_MEANINGLESS.sub(" ", text)).strip(" .!-")
