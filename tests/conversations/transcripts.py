"""Transcripts as text files: what people do, the turns of the clock, and what they read.

Every line is one of these:

    # something for whoever reads the file
    * 2020-08-20 18:30          the clock in Castrop-Rauxel is set
    * 8 days later              time passes (minutes, hours, days, weeks)
    * 2 seats in the room       the event file is loaded again, with so few seats on site
    * a code for an admin       staff are invited; the code is written staff-AAAAAAAA
    anna> /register auftakt     Anna types this
    anna> [9: Yes, register]    Anna taps the ninth button; without buttons she types the number
    anna | Your seat is ...     Anna reads this
    = registrations: ...        what is in the database at the end

Lines of the last two kinds, and what stands on a button, are what the program is expected to do.
`pytest tests/conversations --renew-transcripts` writes them anew: the diff is the review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "transcripts"
LANGUAGES = ("en", "de", "de@leicht")

_INPUT = re.compile(r"(\w+)> ?(.*)")
_TAP = re.compile(r"\[(\d+):? ?(.*)\]")
_READ = re.compile(r"(\w+) \|(?: (.*))?")


@dataclass(frozen=True)
class Note:
    """A word to the reader of the file."""

    text: str

    def __str__(self) -> str:
        return f"# {self.text}".rstrip()


@dataclass(frozen=True)
class Directive:
    """Something that happens outside of the chats."""

    text: str

    def __str__(self) -> str:
        return f"* {self.text}"


@dataclass(frozen=True)
class Act:
    """What somebody types in their chat, or the number of the button that they tap."""

    who: str
    words: str
    button: int | None = None

    def __str__(self) -> str:
        words = self.words if self.button is None else f"[{self.button}: {self.words}]"
        return f"{self.who}> {words}"


Part = Note | Directive | Act


def path(language: str, name: str) -> Path:
    """Say where a transcript lies."""
    return FOLDER / language / f"{name}.txt"


def names(language: str) -> list[str]:
    """List the transcripts in a language."""
    return sorted(file.stem for file in (FOLDER / language).glob("*.txt"))


def script(text: str) -> list[Part]:
    """Read what is given; what is expected is left out."""
    return [part for line in text.splitlines() if (part := _part(line)) is not None]


def _part(line: str) -> Part | None:
    if line.startswith("#"):
        return Note(line[1:].strip())
    if line.startswith("* "):
        return Directive(line[2:].strip())
    if found := _INPUT.fullmatch(line):
        who, words = found.groups()
        if tapped := _TAP.fullmatch(words):
            return Act(who, tapped[2], int(tapped[1]))
        return Act(who, words)
    if not line or line.startswith("= ") or _READ.fullmatch(line):
        return None
    raise ValueError(f"this is no line of a transcript: {line!r}")


def read(who: str, message: str) -> str:
    """Write down what somebody reads."""
    return "\n".join(f"{who} | {line}".rstrip() for line in message.rstrip().splitlines())


def reading(text: str) -> dict[str, list[str]]:
    """Give the words that everybody reads, one after the other, however they are laid out."""
    words: dict[str, list[str]] = {}
    for line in text.splitlines():
        if found := _READ.fullmatch(line):
            words.setdefault(found[1], []).extend((found[2] or "").split())
    return words


def left(text: str) -> list[str]:
    """Give the lines about what is in the database at the end."""
    return [line for line in text.splitlines() if line.startswith("= ")]


def laid_out(parts: Iterable[str]) -> str:
    """Put the parts of a transcript below each other, with air before whatever is done."""
    return "\n".join(_airy(parts)) + "\n"


def _airy(parts: Iterable[str]) -> Iterator[str]:
    before = ""
    for part in parts:
        kind = part[0] if part[0] in "#*=" else "|" if _READ.match(part) else ">"
        if (
            before
            and not (kind == before and kind in "#*=")
            and not (before == ">" and kind == "|")
        ):
            yield ""
        yield part
        before = kind
