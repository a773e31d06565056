"""Where something stands in a TOML file: tomllib tells lines only for errors of syntax."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

Path = tuple[str | int, ...]

_BASIC = r'"(?:[^"\\]|\\.)*"'
_LITERAL = r"'[^']*'"
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(rf"(?:{_BASIC}|{_LITERAL}|[A-Za-z0-9_\-]|[ \t]*\.[ \t]*)+")
_STRING = re.compile(
    # Three quotes end a long string; up to two more in front of them belong to it.
    rf'"""(?:[^\\]|\\.)*?"""(?:"{{0,2}})|\'\'\'.*?\'\'\'(?:\'{{0,2}})|{_BASIC}|{_LITERAL}',
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*")


class Lines:
    """The lines of a file, by the paths of what stands there: ("event", 0, "title", "de")."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._at = 0
        self._read()

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it that is there; from 1."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read(self) -> None:
        table: Path = ()
        self._match(_SPACE)
        while self._at < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._header("[[")
            elif self._text.startswith("[", self._at):
                table = self._header("[")
            else:
                self._pair(table)
            self._match(_SPACE)

    def _header(self, opening: str) -> Path:
        start = self._at
        self._at += len(opening)
        *parents, name = self._key()
        self._at += len(opening)
        path: Path = ()
        for parent in parents:
            path = self._current((*path, parent))
            self._note(path, start)
        path = (*path, name)
        if opening == "[[":
            self._note(path, start)
            self._tables[path] = self._tables.get(path, -1) + 1
            path = self._current(path)
        self._note(path, start)
        return path

    def _current(self, path: Path) -> Path:
        """Point at the table of a list of tables that was opened last."""
        return (*path, self._tables[path]) if path in self._tables else path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, start)
        self._at += 1  # the equals sign
        self._match(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._text.startswith("[", self._at):
            self._items(path, "]")
        elif self._text.startswith("{", self._at):
            self._items(path, "}")
        elif not self._match(_STRING):
            self._match(_BARE)

    def _items(self, path: Path, end: str) -> None:
        self._at += 1
        self._match(_SPACE)
        count = 0
        while self._text[self._at] != end:
            if end == "}":
                self._pair(path)
            else:
                self._note((*path, count), self._at)
                self._value((*path, count))
            count += 1
            self._match(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1
                self._match(_SPACE)
        self._at += 1

    def _key(self) -> list[str]:
        """Read a dotted key; tomllib itself decodes quotes and escapes."""
        self._match(_SPACE)
        key = self._match(_KEY)
        self._match(_SPACE)
        parts = []
        table: object = tomllib.loads(f"{key} = 0")
        while isinstance(table, dict):
            ((part, table),) = table.items()
            parts.append(part)
        return parts

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()

    def _note(self, path: Path, position: int) -> None:
        self._lines.setdefault(path, bisect_left(self._breaks, position) + 1)
