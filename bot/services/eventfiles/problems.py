"""What is wrong with an event file, in sentences that name the line and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.services.eventfiles.lines import Lines, Path
from bot.services.eventfiles.models import File
from bot.services.eventfiles.reading import REFUSED, shown
from bot.services.refusals import OperatorError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that has to be put right, and where."""

    line: int
    key: str
    what: str
    expected: str

    def __str__(self) -> str:
        sentence = " ".join(part for part in (self.key, self.what) if part)
        return f"{self.line}: {sentence}. Expected: {self.expected}."


class EventFileError(OperatorError):
    """An event file that cannot be used, with everything that is wrong with it."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.problems = problems


def problems(error: ValidationError, lines: Lines) -> list[Problem]:
    """Say everything that is wrong, in the order of the file."""
    return sorted(_problem(details, lines) for details in error.errors())


def _problem(details: ErrorDetails, lines: Lines) -> Problem:
    path: Path = tuple(part for part in details["loc"] if part != "[key]")
    model, key, field = _description(path)
    expected = (field.description if field else None) or "an event file"
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            what = "is missing"
        case "extra_forbidden":
            what = "is unknown"
            expected = _known(str(path[-1]), model)
        case "string_too_short" | "too_short":
            what = "is empty"
        case "string_too_long":
            what = f"has {len(details['input'])} characters"
        case _ if details["type"] == REFUSED:
            what = context["problem"]
            expected = context["expected"] or expected
        case _:
            what = f"is {shown(details['input'])}"
    dotted = ".".join(_quoted(part) for part in path if isinstance(part, str))
    return Problem(lines.line(path), dotted, what, expected.replace("{key}", key))


def _known(key: str, model: type[BaseModel]) -> str:
    close = get_close_matches(key, model.model_fields, n=1)
    if close:
        return close[0]
    return "one of " + ", ".join(model.model_fields)


def _description(path: Path) -> tuple[type[BaseModel], str, FieldInfo | None]:
    """Find the innermost table and the innermost field that a path leads to."""
    model: type[BaseModel] = File
    key, field = "", None
    for part in path:
        if isinstance(part, int):
            continue
        inner = model.model_fields.get(part)
        if inner is None:
            break
        key, field = part, inner
        table = next(_tables(field.annotation), None)
        if table is None:
            break
        model = table
    return model, key, field


def _tables(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables(part)


def _quoted(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
