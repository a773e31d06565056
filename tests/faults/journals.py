"""A journal of what a citizen can know: which message was acknowledged, which letter was read.

It is written with one call of the operating system for each entry, so a killed program loses none.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.plays import Update


class Pen:
    """Writes a journal; several programs may write the same one."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def acknowledged(self, update: str) -> None:
        """Note that the network was told that it need not send a message again."""
        self._write("acknowledged", update)

    def read(self, letter: int, chat: str, text: str) -> None:
        """Note that a citizen has read a letter."""
        self._write("read", letter, chat, text)

    def _write(self, *entry: object) -> None:
        os.write(self._file, (json.dumps(entry) + "\n").encode())

    def close(self) -> None:
        """Put the pen away."""
        os.close(self._file)


@dataclass
class Journal:
    """What a journal says."""

    acknowledged: list[Update] = field(default_factory=list)
    letters: dict[int, str] = field(default_factory=dict)
    readings: Counter[int] = field(default_factory=Counter)
    order: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, path: Path) -> Journal:
        """Read a journal from its first entry to its last."""
        journal = cls()
        for line in path.read_text().splitlines() if path.exists() else ():
            what, *entry = json.loads(line)
            if what == "acknowledged":
                journal.acknowledged.append(Update.of(*entry))
            else:
                journal._read(*entry)
        return journal

    def _read(self, letter: int, chat: str, text: str) -> None:
        if letter not in self.letters:
            self.order[chat].append(letter)
        self.letters[letter] = text
        self.readings[letter] += 1

    def next_number(self, chat: str) -> int:
        """Tell with which message a citizen goes on: the first that was not acknowledged."""
        numbers = {update.number for update in self.acknowledged if update.chat == chat}
        return next(number for number in range(len(numbers) + 1) if number not in numbers)

    @property
    def read_twice(self) -> int:
        """Count letters that came more than once."""
        return sum(times > 1 for times in self.readings.values())
