"""What single values of an event file have to look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    GetPydanticSchema,
    StringConstraints,
)

from bot.domain.events import LocalText
from bot.i18n import LANGUAGES
from bot.services.eventfiles.reading import refuse
from bot.settings.checks import can_be_called

_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Strict(BaseModel):
    """A table of the file: unknown keys are refused, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text):
        refuse("contains a control character")
    return text


def _language(language: str) -> str:
    if language not in LANGUAGES:
        refuse("is no language of this program", "one of " + ", ".join(LANGUAGES))
    return language


def _some(texts: Mapping[str, str]) -> Mapping[str, str]:
    if not texts:
        refuse("is empty")
    return texts


def _german(text: LocalText) -> LocalText:
    if "de" not in text.texts:
        refuse("has no German text", "a text in German, which is the binding one: {key}.de = “…”")
    return text


def _link(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:
        refuse(f"is “{link}”")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", link):
        refuse(f"is “{link}”")
    return link


def _telephone(number: str) -> str:
    if not can_be_called(number):
        refuse(f"is “{number}”, which nobody can call")
    return number


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(f"is “{name}”, which is no time zone")


SLUG = "a short name of its own: a-z, 0-9 and hyphens, at most 32 characters"
SHORT_SLUG = "a short name of its own: a-z, 0-9 and hyphens, at most 15 characters"
LINE = "a text in quotes, of at most 200 characters"
TEXTS = 'texts by language, of at most 3000 characters: {key}.de = "…", {key}."de@leicht" = "…"'
LINK = 'an address such as {key} = "https://www.example.org/page"'
WALL_TIME = "the time on the clock there, without an offset, such as {key} = 2020-08-20T18:00:00"
YES_OR_NO = "true or false, without quotes"

ShortSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,14}$")]
"""For places and consents: two of them have to fit into the 64 bytes of a button."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,16}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
Wording = Annotated[
    str, StringConstraints(min_length=1, max_length=3000), AfterValidator(_printable)
]
_TEXTS = Annotated[
    dict[Annotated[str, AfterValidator(_language)], Wording],
    AfterValidator(_some),
    AfterValidator(LocalText),
]
Texts = Annotated[LocalText, GetPydanticSchema(lambda _, handler: handler(_TEXTS))]
BindingTexts = Annotated[Texts, AfterValidator(_german)]
Link = Annotated[str, AfterValidator(_link)]
Telephone = Annotated[str, AfterValidator(_telephone)]
Email = EmailStr
_ZONE = Annotated[str, AfterValidator(_zone)]
Zone = Annotated[ZoneInfo, GetPydanticSchema(lambda _, handler: handler(_ZONE))]
