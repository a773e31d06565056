"""What people type, made safe to store and to compare: no control characters, no disguises."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # needed inside emoji and in Persian, meaningless at an edge
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_MEANINGLESS = re.compile(r"[^\w\s@+/.-]")


def clean(text: str) -> str:
    """Normalise (NFC), drop control and invisible characters, trim; line breaks stay."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _INVISIBLE.sub("", text)
    text = "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs", "Co"}
    )
    text = _SPACES.sub(" ", text)
    text = "\n".join(line.strip(f" {_JOINERS}") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


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
