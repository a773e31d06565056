"""Phones as a web page: frame, head, bubbles and buttons."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path

from babel.dates import format_date

from tests.pictures.chats import Bubble, Row, Screen
from tests.pictures.icons import AVATAR, BACK, CLIP, FILE, MORE, TICKS, VOICE
from tests.pictures.scenes import Moment, Picture
from tests.town import HOUSE

STYLE = Path(__file__).with_name("phones.css")
WIDTH, GAP = 300, 24
"""Of a phone, and between two, in pixels of the page."""

_LINK = re.compile(r"(?<![\w/.@])(?:https?://|www\.|/(?=[a-z]))[\w/.-]*\w(?![^<]*>)")
"""What a phone makes a link of: an address, a command."""

NAME = f"Stadtdialog {HOUSE.city.name}"
PLACEHOLDERS = {"de": "Nachricht", "en": "Message"}


def page(picture: Picture, screens: dict[str, list[Screen]]) -> str:
    """Write the page of a picture, given what the phones have shown."""
    phones = "".join(_phone(picture, _seen(screens[each.who], each)) for each in picture.moments)
    style = STYLE.read_text(encoding="utf-8")
    sizes = f":root {{ --width: {WIDTH}px; --height: {picture.height}px; --gap: {GAP}px }}"
    return f'<!doctype html><meta charset="utf-8"><style>{sizes}\n{style}</style>{phones}\n'


def size(picture: Picture) -> tuple[int, int]:
    """Give width and height of a picture, in pixels of the page."""
    return len(picture.moments) * (WIDTH + GAP) - GAP, picture.height


def _seen(screens: list[Screen], moment: Moment) -> Screen:
    """Find a moment; raises LookupError if the program no longer says these words."""
    for screen in screens:
        if _holding(screen, moment.until):
            if first := _holding(screen, moment.since):
                return screen[first[-1] :]
            raise LookupError(f"{moment.who} does not read “{moment.since}” before that")
    raise LookupError(f"{moment.who} does not read “{moment.until}”")


def _holding(screen: Screen, words: str) -> list[int]:
    return [n for n, bubble in enumerate(screen) if words in f"{bubble.html}{bubble.file}"]


def _phone(picture: Picture, screen: Screen) -> str:
    language = picture.language.partition("@")[0]
    days = ((day, "".join(map(_bubble, each))) for day, each in groupby(screen, _day))
    chat = "".join(f'<p class="day">{_date(day, language)}</p>{each}' for day, each in days)
    return (
        f'<article lang="{language}"><div class="screen">'
        f'<p class="status"><span>{screen[-1].at:%H:%M}</span><i></i></p>'
        f"<header>{BACK}{AVATAR}<h1>{escape(NAME)}<small>Bot</small></h1>{MORE}</header>"
        f"<main>{chat}</main>"
        f"<footer>{CLIP}<span>{PLACEHOLDERS[language]}</span>{VOICE}</footer></div></article>"
    )


def _day(bubble: Bubble) -> date:
    return bubble.at.date()


def _date(day: date, language: str) -> str:
    return format_date(day, "d. MMMM" if language == "de" else "d MMMM", locale=language)


def _bubble(bubble: Bubble) -> str:
    words = _LINK.sub(r"<u>\g<0></u>", bubble.html)
    file = f'<span class="file">{FILE}<b>{escape(bubble.file)}</b></span>' if bubble.file else ""
    time = f"<time>{bubble.at:%H:%M}{TICKS if bubble.mine else ''}</time>"
    rows = "".join(f"<nav>{_buttons(row)}</nav>" for row in bubble.rows)
    side = "mine" if bubble.mine else "bot"
    return f'<section class="{side}"><p>{file}{words}{time}</p>{rows}</section>'


def _buttons(row: Row) -> str:
    return "".join(f"<span>{escape(label)}</span>" for label, _carried in row)
