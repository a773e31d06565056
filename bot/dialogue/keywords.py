"""The keywords of events as people type them: in quotes, and with any form of their date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale

from bot.dialogue.writing import folded
from bot.domain.events import Event

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTHS = {
    folded(name).rstrip("."): number
    for tag in ("de", "en")
    for width in ("wide", "abbreviated")
    for number, name in Locale.parse(tag).months["format"][width].items()
}
_NAMES = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_YEAR = r"(?:[\s./-]+(?P<year>(?:20)?\d\d))?"
_DATE = re.compile(
    rf"(?<!\d){_DAY}(?:\s*[./\s-]\s*(?P<month>0?[1-9]|1[0-2])|[.\s]*\s(?P<name>{_NAMES})\b)[.]?{_YEAR}(?!\d)"
)


def events_with(text: str, events: Sequence[Event]) -> list[Event]:
    """List the events that a keyword means; without its date it may be several."""
    said = _form(text)
    meant = [event for event in events if _is_said(said, event)]
    if meant or said[1]:
        return meant
    return [event for event in events if said[0] and _form(event.keyword)[0] == said[0]]


Form = tuple[str, tuple[int, int] | None, int | None]
"""The words of a keyword, its day and month, and its year as two digits."""


def _is_said(said: Form, event: Event) -> bool:
    words, day, year = said
    keyword = _form(event.keyword)
    in_its_year = year is None or year == event.local(event.starts_at).year % 100
    return (words, day) == keyword[:2] and in_its_year


@lru_cache(maxsize=1024)
def _form(text: str) -> Form:
    plain = folded(re.sub(r"[„“”\"'‚‘’»«]", " ", text))
    found = _DATE.search(plain)
    if found is None:
        return plain, None, None
    month = int(found["month"] or _MONTHS[found["name"]])
    year = int(found["year"]) % 100 if found["year"] else None
    words = f"{plain[: found.start()]} {plain[found.end() :]}".split()
    named = " ".join(word for word in words if word not in _BEFORE_A_DATE)
    return named, (int(found["day"]), month), year


_BEFORE_A_DATE = {"am", "vom", "zum", "on", "of", "the"}
