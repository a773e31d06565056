"""An event file, from its text to events."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import datetime

from pydantic import ValidationError

from bot.domain.events import Event
from bot.services.eventfiles import slips
from bot.services.eventfiles.lines import Lines
from bot.services.eventfiles.models import File
from bot.services.eventfiles.problems import EventFileError, Problem, problems
from bot.services.eventfiles.reading import Reading

AS_SHOWN = "TOML, as docs/event-file.md shows it"
_BRACKETS = re.compile(r"(?:[\[{][^\[{]{0,9}){20}")
_MANY_PARTS = re.compile(r"^[ \t\[]*(?:[\w\"'-]+[ \t]*\.[ \t]*){50}", re.MULTILINE)
"""A key of very many parts takes very long to read."""
_DIGITS = re.compile(r"\d{1000}")


def read(
    content: bytes, name: str, now: datetime | None = None, commands: Collection[str] = ()
) -> tuple[Event, ...]:
    """Read the events of the file `name`, without ids; raise EventFileError with all its faults.

    The keyword of an event that is over `now` may be used again, one of the `commands` never.
    """
    text = _text(content, name)
    if _MANY_PARTS.search(text):
        problem = Problem(_line(text, _MANY_PARTS), "", "A key has too many parts", AS_SHOWN)
        raise EventFileError(name, [problem])
    try:
        return _events(text, name, Reading(now, commands))
    except RecursionError as error:
        problem = Problem(_line(text, _BRACKETS), "", "There are too many brackets", AS_SHOWN)
        raise EventFileError(name, [problem]) from error


def _events(text: str, name: str, reading: Reading) -> tuple[Event, ...]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EventFileError(name, [_syntax(text, str(error))]) from error
    except ValueError as error:
        problem = Problem(_line(text, _DIGITS), "", "A number is too long", AS_SHOWN)
        raise EventFileError(name, [problem]) from error
    try:
        file = File.model_validate(table, context=reading)
    except ValidationError as error:
        raise EventFileError(name, problems(error, Lines(text))) from error
    return tuple(event.event() for event in file.event)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(line, "", "The file is not encoded in UTF-8", "a text file in UTF-8")
        raise EventFileError(name, [problem]) from error


def _line(text: str, pattern: re.Pattern[str]) -> int:
    found = pattern.search(text)
    return text.count("\n", 0, found.start() if found else 0) + 1


def _syntax(text: str, message: str) -> Problem:
    what, _, place = message.partition(" (at ")
    line = re.search(r"line (\d+)", place)
    number = int(line.group(1)) if line else text.count("\n") + 1
    lines = text.splitlines()
    slip = slips.explained(lines[number - 1]) if number <= len(lines) else None
    if slip is not None:
        return Problem(number, *slip)
    return Problem(number, "", what, AS_SHOWN)
