"""The file with a city's own privacy notice (docs/privacy-notice.md), read strictly."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.privacy import PrivacyNotice
from bot.services.eventfiles.fields import LINK, TEXTS, BindingTexts, Link, Strict
from bot.services.eventfiles.lines import Lines
from bot.services.eventfiles.reading import REFUSED, shown
from bot.services.refusals import OperatorError

DOCUMENT = "docs/privacy-notice.md"
_TEXTS = TEXTS + ", the German one always"


class NoticeFileError(OperatorError):
    """A privacy notice that cannot be used: file, line, key, what is wrong, what is expected."""


class _File(Strict):
    """The keys of the file; what a city has to say itself has no default."""

    controller: BindingTexts = Field(description=_TEXTS)
    data_protection_officer: BindingTexts = Field(description=_TEXTS)
    supervisory_authority: BindingTexts | None = Field(None, description=_TEXTS)
    purposes: BindingTexts | None = Field(None, description=_TEXTS)
    legal_grounds: BindingTexts | None = Field(None, description=_TEXTS)
    retention: BindingTexts | None = Field(None, description=_TEXTS)
    recipients: BindingTexts | None = Field(None, description=_TEXTS)
    rights: BindingTexts | None = Field(None, description=_TEXTS)
    short_notice: BindingTexts | None = Field(None, description=_TEXTS)
    link: Link = Field("", description=LINK)

    def notice(self) -> PrivacyNotice:
        """Give the domain's value."""
        return PrivacyNotice(
            controller=self.controller,
            officer=self.data_protection_officer,
            authority=self.supervisory_authority,
            purposes=self.purposes,
            grounds=self.legal_grounds,
            retention=self.retention,
            networks=self.recipients,
            rights=self.rights,
            short=self.short_notice,
            link=self.link,
        )


KEYS = tuple(_File.model_fields)
"""Every key of the file."""


def read(path: Path | None) -> PrivacyNotice:
    """Read a city's own notice; without a file all texts are those of the program.

    Raises NoticeFileError with everything that is wrong.
    """
    if path is None:
        return PrivacyNotice()
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoticeFileError(_syntax(path, text, str(error))) from error
    try:
        return _File.model_validate(table).notice()
    except ValidationError as error:
        lines = Lines(text)
        faults = sorted((lines.line(_path(each)), _fault(each)) for each in error.errors())
        message = "\n".join(f"{path}:{line}: {fault}" for line, fault in faults)
        raise NoticeFileError(message) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = f"{path}: cannot be read ({error.strerror}). Expected: a file as in {DOCUMENT}."
        raise NoticeFileError(reason) from error
    except UnicodeDecodeError as error:
        reason = f"{path}: is not encoded in UTF-8. Expected: a text file in UTF-8."
        raise NoticeFileError(reason) from error


def _syntax(path: Path, text: str, message: str) -> str:
    what, _, place = message.partition(" (at ")
    line = re.search(r"line (\d+)", place)
    number = int(line.group(1)) if line else text.count("\n") + 1
    return f"{path}:{number}: {what}. Expected: TOML, as in {DOCUMENT}."


def _path(details: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in details["loc"] if part != "[key]")


def _fault(details: ErrorDetails) -> str:
    path = _path(details)
    key = str(path[0])
    field = _File.model_fields.get(key)
    expected = (field.description if field else None) or f"one of {', '.join(KEYS)}"
    match details["type"]:
        case "missing":
            what = "is missing"
        case "extra_forbidden":
            what = "is unknown"
        case "string_too_short":
            what = "is empty"
        case "string_too_long":
            what = f"has {len(details['input'])} characters"
        case _ if details["type"] == REFUSED:
            what = details.get("ctx", {})["problem"]
            expected = details.get("ctx", {})["expected"] or expected
        case _:
            what = f"is {shown(details['input'])}"
    return f"{'.'.join(map(str, path))} {what}. Expected: {expected.replace('{key}', key)}."
