"""Texts as values that are translated when they are rendered, in the language of the reader.

A `Phrase` holds the English source text and the values that belong into it. Whatever comes from a
person is escaped on the way in. Dates and times are values too (`Moment`).
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from babel.dates import format_datetime, get_timezone_location
from babel.numbers import format_decimal
from markupsafe import Markup, escape

Language = str

LANGUAGES: dict[Language, str] = {
    "de": "Deutsch",
    "de@leicht": "Einfache Sprache",
    "en": "English",
}
"""Every language that ships, with the name that its readers call it by."""

DOMAINS = ("stadtdialog", "staff")
_HERE = Path(__file__).parent
_CATALOGUES = next(
    (folder for folder in (_HERE / "locales", _HERE.parent / "locales") if folder.is_dir()),
    _HERE / "locales",
)
"""In a wheel the catalogues lie inside the package, in a checkout beside it."""


@runtime_checkable
class Multilingual(Protocol):
    """A text that staff wrote in several languages."""

    def in_language(self, language: Language) -> str:
        """Give the wording for readers of a language, or the nearest that there is."""
        ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the program, to be translated; `values` fill its {placeholders}."""

    msgid: str
    plural: str = ""
    count: int = 0
    values: tuple[tuple[str, Renderable], ...] = ()

    def __hash__(self) -> int:
        return hash(self.msgid)  # looked up again and again, and rarely alike in this alone

    def format(self, **values: Renderable) -> Phrase:
        """Fill the placeholders; each value is rendered and escaped with the phrase."""
        return Phrase(self.msgid, self.plural, self.count, (*self.values, *values.items()))


Style = Literal["weekday", "date", "day", "time", "moment", "zone"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time, shown as people of the language write it.

    weekday: "Donnerstag, 20. August 2020"; date: "20. August 2020"; day: "20.08.";
    time: "18:00 Uhr"; moment: "20.08., 18:00 Uhr"; zone: "London", the place whose clock it is.
    """

    at: datetime
    style: Style


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after the other."""

    parts: tuple[Renderable, ...]
    by: str = "\n"


Renderable = Phrase | Moment | Joined | Multilingual | Markup | str | int


@cache
def _(msgid: str) -> Phrase:
    """Mark a text for translation."""
    return Phrase(msgid)


def n_(singular: str, plural: str, count: int) -> Phrase:
    """Mark a text that depends on a number, which it may show as {count}."""
    return Phrase(singular, plural, count, values=(("count", count),))


def lines(*parts: Renderable | None) -> Joined:
    """Put texts one below the other; None and empty texts are left out."""
    return Joined(tuple(part for part in parts if part is not None and part != ""))


def paragraphs(*parts: Renderable | None) -> Joined:
    """Put texts one below the other with a blank line between them; None is left out."""
    return Joined(tuple(part for part in parts if part is not None and part != ""), by="\n\n")


def listed(parts: Iterable[Renderable]) -> Joined:
    """Put texts behind each other, with commas."""
    return Joined(tuple(parts), by=", ")


def render(text: Renderable, language: Language) -> Markup:
    """Translate a text and everything in it; the result is safe HTML of the small subset."""
    return Markup(_rendered(text, language))


def _rendered(text: Renderable, language: Language) -> str:
    if isinstance(text, Phrase):
        translated = _translated(text.msgid, text.plural, text.count, language)
        if not text.values:
            return translated
        return translated.format(
            **{name: _rendered(value, language) for name, value in text.values}
        )
    if isinstance(text, str):  # Markup is a str that `escape` leaves alone
        return escape(text)
    if isinstance(text, Joined):
        return text.by.join([_rendered(part, language) for part in text.parts])
    if isinstance(text, Moment):
        return _moment(text, language)
    if isinstance(text, int):
        return _number(text, language)
    return escape(text.in_language(language))


@lru_cache(maxsize=1024)
def _number(number: int, language: Language) -> str:
    """Group digits as readers of the language do: 20.000 in German, 20,000 in English."""
    return format_decimal(number, locale=language.partition("@")[0])


@lru_cache(maxsize=4096)
def _translated(msgid: str, plural: str, count: int, language: Language) -> str:
    catalogue = _catalogue(language)
    if plural:
        return catalogue.ngettext(msgid, plural, count)
    return catalogue.gettext(msgid)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    catalogue = gettext.NullTranslations()
    for domain in DOMAINS:
        found = gettext.translation(domain, _CATALOGUES, _chain(language), fallback=True)
        found.add_fallback(catalogue)
        catalogue = found
    return catalogue


def _chain(language: Language) -> list[Language]:
    """Name a language and those that its readers understand, nearest first."""
    base = language.partition("@")[0]
    return [language] if base == language else [language, base]


PATTERNS: dict[Language, dict[Style, str]] = {
    "en": {
        "weekday": "EEEE, d MMMM y",
        "date": "d MMMM y",
        "day": "d MMM",
        "time": "HH:mm",
        "moment": "d MMM, HH:mm",
    },
    "de": {
        "weekday": "EEEE, d. MMMM y",
        "date": "d. MMMM y",
        "day": "dd.MM.",
        "time": "HH:mm 'Uhr'",
        "moment": "dd.MM., HH:mm 'Uhr'",
    },
}
"""Date patterns of Unicode CLDR; what a language lacks it takes from its base."""


@lru_cache(maxsize=1024)
def _moment(moment: Moment, language: Language) -> str:
    base = language.partition("@")[0]
    if moment.style == "zone":
        zone = moment.at.tzinfo
        return get_timezone_location(zone, locale=base, return_city=True)
    pattern = PATTERNS[base][moment.style]
    return format_datetime(moment.at, pattern, locale=base)


def nearest(tag: str | None, default: Language) -> Language:
    """Choose the language that ships for a tag as networks send it ("de-DE", "en_US", None)."""
    return (_shipped(tag) if tag else None) or default


def is_foreign(tag: str | None) -> bool:
    """Tell whether somebody's language is known, and none of those that ship."""
    return bool(tag) and _shipped(str(tag)) is None


def _shipped(tag: str) -> Language | None:
    base = tag.replace("_", "-").partition("-")[0].lower()
    return tag if tag in LANGUAGES else base if base in LANGUAGES else None
