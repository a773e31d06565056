"""An event file, from its text to events."""

from __future__ import annotations

import re
import tomllib

from pydantic import ValidationError

from bot.domain.events import Event
from bot.services.eventfiles.lines import Lines
from bot.services.eventfiles.models import File
from bot.services.eventfiles.problems import EventFileError, Problem, problems
from bot.services.eventfiles.reading import Reading

_WITHOUT_SECONDS = re.compile(r"\d[T ]\d\d:\d\d\s*(#.*)?$")


def read(content: bytes, name: str) -> tuple[Event, ...]:
    """Read the events of the file `name`, without ids; raise EventFileError with all its faults."""
    text = _text(content, name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EventFileError(name, [_syntax(text, str(error))]) from error
    try:
        file = File.model_validate(table, context=Reading())
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


def _syntax(text: str, message: str) -> Problem:
    what, _, place = message.partition(" (at ")
    line = re.search(r"line (\d+)", place)
    number = int(line.group(1)) if line else text.count("\n") + 1
    lines = text.splitlines()
    if number <= len(lines) and _WITHOUT_SECONDS.search(lines[number - 1]):
        return Problem(number, "", "A time has no seconds", "a time such as 2020-08-20T18:00:00")
    return Problem(number, "", what, "TOML, as docs/event-file.md shows it")
