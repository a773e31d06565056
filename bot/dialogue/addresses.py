"""What people and programs write around a telephone number or an e-mail address."""

from __future__ import annotations

import re
import unicodedata

_SCHEME = re.compile(r"\b(?:mailto|tel|sms|callto|https?://wa\.me/):?(?://)?", re.IGNORECASE)
_QUERY = re.compile(r"(@[^\s?]+)\?\S*")
_AROUND = "<>()[]{}\"'„“”‚‘’«»`*_,;:!?.…"
_AT = re.compile(r"(?<=\w)\s*(?:@|\((?:at|ät)\)|\[(?:at|ät)\])\s*(?=\w)")
_LABEL = re.compile(r"^[^\W\d_-]+(?:-[^\W\d_]+)*[.:=]+(?=\S*@)")
_NUMBER = re.compile(r"\+?[\d(][\d\s()/.\-–—‑‐‒−+]*")
_FEWEST = 2
_DOMAINS = (
    "de|com|org|net|info|eu|io|app|at|ch|me|biz|shop|site|online|top|link|xyz|ru|cn|fr|nl|pl|uk"
)
_WEB = re.compile(
    rf"://|\bwww\.|\w\.[a-z]{{2,}}[/:?#]\S|[\w-]{{2,}}\.(?:{_DOMAINS})\b|\bt\.me\b", re.IGNORECASE
)


def leads_somewhere(text: str) -> bool:
    """Tell whether there is a web address in it, with all that belongs to one."""
    return _WEB.search(text) is not None


def unlinked(text: str) -> str:
    """Keep a chat from making a link of what somebody has put into a name."""
    return re.sub(r"([.:])(?=\S)", "\\1\u2060", text) if leads_somewhere(text) else text


def written(text: str) -> str:
    """Take away what surrounds an address: scheme, brackets, quotes, a label, marks at the end."""
    text = _SCHEME.sub(" ", unicodedata.normalize("NFKC", text))
    if "@" not in text and not _AT.search(text):
        return " ".join(text.split())
    text = _QUERY.sub(r"\1", _AT.sub("@", text))
    text = text.replace("<", " ").replace(">", " ").replace("|", " ")
    words = (_LABEL.sub("", word.strip(_AROUND)).strip(_AROUND) for word in text.split())
    return " ".join(word for word in words if word)


def numbers_in(text: str) -> list[str] | None:
    """Find the telephone numbers between words; None if a letter stands for a digit in one.

    A letter within a number may be a slip, and must not be dropped without a word.
    """
    if any(_is_mixed(word) for word in re.split(r"[\s():,;.=/]+", text)):
        return None
    found = [each.strip() for each in _NUMBER.findall(text)]
    return [each for each in found if len(re.sub(r"\D", "", each)) >= _FEWEST]


def _is_mixed(word: str) -> bool:
    """Tell whether a word has letters and digits, or is a single letter."""
    letters = sum(map(str.isalpha, word))
    if not letters:
        return False
    return letters == 1 or any(map(str.isdigit, word))
