"""What comes with a reply: files are put into the data directory, everything else is text."""

from __future__ import annotations

import os
from pathlib import Path

from bot.channels.attachments import GONE
from bot.channels.maps import link
from bot.domain.events import Venue
from bot.i18n import Phrase, Renderable, _, lines, paragraphs
from bot.services.attachments import Access, Calendar, Data, Photo, Resolved


def shown(attachment: Resolved, directory: Path) -> Renderable:
    """Say what an attachment holds, or in which file it lies from now on."""
    match attachment:
        case Calendar(filename, content, ends):
            file = _saved(_("Calendar file: {path}"), directory / filename, content)
            return lines(GONE, file) if ends else file
        case Photo(filename, _media_type, content):
            return _saved(_("Picture: {path}"), directory / filename, content)
        case Data(content):
            return _data(directory / "stadtdialog-data.json", content)
        case Access(text):
            return text
        case Venue():
            return lines(attachment.name, attachment.address, link(attachment))


def _data(path: Path, content: bytes) -> Renderable:
    return paragraphs(
        _saved(_("Your data: {path}"), path, content),
        _("This file is yours alone. Delete it when you no longer need it."),
    )


def _saved(words: Phrase, path: Path, content: bytes) -> Phrase:
    try:
        _write(path, content)
    except OSError:
        return _("I could not save the file {path}.").format(path=_short(path))
    return words.format(path=_short(path))


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole, for the eyes of its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)


def _short(path: Path) -> str:
    """Name a path as briefly as it can be typed."""
    path, here = path.absolute(), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
