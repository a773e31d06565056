"""Players: whoever plays a transcript, over one channel or another."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from bot.channels.attachments import enclosed
from bot.channels.terminal.extras import shown
from bot.channels.terminal.markup import Style, laid_out
from bot.channels.terminal.replies import written
from bot.dialogue.messages import Tapped
from bot.i18n import _, render
from bot.services.attachments import Calendar, Data
from bot.store.outbox import Letter
from bot.store.tables import outbox
from tests import programs
from tests.town import Citizen, Town

PROGRAM = (sys.executable, "-W", "error", "-m", "tests.conversations.program")
PHONE = Style(40)
"""As wide as a telephone."""

FILES = Path("data/files")
DATA_FILE = "stadtdialog-data.json"


class Player(Protocol):
    """Acts for the citizens of a town, whose clock everybody goes by."""

    def say(self, who: str, text: str) -> None:
        """Type a message."""
        ...

    def tap(self, who: str, number: int) -> str:
        """Tap a button of the last message that has any; give what stands on it.

        Where there are no buttons, type the number.
        """
        ...

    def read(self, who: str) -> list[str]:
        """Give the messages that somebody was shown since the last time, as they read them."""
        ...


class TurnsPlayer:
    """Plays without any network: what people do goes straight into the turns."""

    def __init__(self, town: Town, language: str, files: Path) -> None:
        self._town, self._language, self._files = town, language, files
        self._read = 0
        self._unread: defaultdict[str, list[str]] = defaultdict(list)

    def say(self, who: str, text: str) -> None:
        """Type a message."""
        self._citizen(who).says(text)

    def tap(self, who: str, number: int) -> str:
        """Tap a button of the last message that has any; give what stands on it."""
        letters = [letter for letter in self._town.letters if letter.chat == who]
        shown = next(buttons for letter in reversed(letters) if (buttons := [*_buttons(letter)]))
        label, button = shown[number - 1]
        self._citizen(who).sends(Tapped(button))
        return label

    def read(self, who: str) -> list[str]:
        """Give the messages that somebody was shown since the last time, as they read them."""
        for letter in self._town.letters[self._read :]:
            self._unread[letter.chat].append(self._written(letter))
        self._read = len(self._town.letters)
        return self._unread.pop(who, [])

    def _citizen(self, who: str) -> Citizen:
        return self._town.citizen(who, self._language)

    def _written(self, letter: Letter) -> str:
        language = letter.payload["language"]
        with self._town.database.transaction() as tx:
            attached = enclosed(tx, letter, self._town.now)
        extras = [render(shown(each, self._files), language) for each in attached]
        return written(letter.payload, extras, PHONE)


def _buttons(letter: Letter) -> Iterator[tuple[str, str]]:
    for label, _answer, button in letter.payload.get("summary", ()):
        yield label, button
    yield from letter.payload.get("choices", ())


class TerminalPlayer:
    """Plays with the real program: each visit to the terminal is a run of it, from a pipe.

    Only one program may use a file of SQLite, so a visit lasts until somebody else has something
    to say. The program is started with the town's clock.
    """

    def __init__(self, town: Town, url: str, language: str, directory: Path) -> None:
        self._town, self._url, self._language, self._directory = town, url, language, directory
        self._said: list[str] = []
        self._visitor = ""
        self._unread: defaultdict[str, list[str]] = defaultdict(list)

    def say(self, who: str, text: str) -> None:
        """Type a message."""
        if who != self._visitor:
            self._visit()
        self._visitor = who
        self._said.append(text)

    def tap(self, who: str, number: int) -> str:
        """Type the number, because there is nothing to tap."""
        self.say(who, str(number))
        return ""

    def read(self, who: str) -> list[str]:
        """End the visit; look in once more as the one who wants to read, if there is mail."""
        self._visit()
        if self._has_mail(who):
            self._visitor = who
            self._visit()
        return self._unread.pop(who, [])

    def _has_mail(self, who: str) -> bool:
        letters = select(outbox.c.id).where(outbox.c.chat == who, outbox.c.state == "waiting")
        with self._town.database.transaction() as tx:
            return tx.execute(letters).first() is not None

    def _visit(self) -> None:
        who, self._visitor = self._visitor, ""
        said, self._said = self._said, []
        if not who:
            return
        visit = ("chat", "--as", who, "--language", self._language)
        settings = {"DATABASE_URL": self._url}
        done = subprocess.run(
            [*PROGRAM, self._town.now.isoformat(), *visit],
            input="".join(f"{line}\n" for line in said),
            capture_output=True,
            text=True,
            cwd=self._directory,
            env=programs.environment(self._directory / "data", settings),
            timeout=programs.PATIENCE_SECONDS,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        if read := self._without_echo(done.stdout, said).strip():
            self._unread[who].append(read)

    def _without_echo(self, output: str, said: list[str]) -> str:
        """Leave out what only a pipe shows: the lines that were typed, and a word of greeting."""
        echo = {f"> {line}" for line in said}
        lines = [line for line in output.splitlines() if line not in echo]
        greeting = render(_("While you were away:"), self._language)
        return "\n".join(line for line in lines if line != greeting)


def plain(html: str) -> str:
    """Give a text as a terminal shows it that is as wide as a telephone."""
    return laid_out(html, PHONE)


def file(name: str, content: bytes, language: str) -> str:
    """Say of a file what a terminal says of one that it has saved."""
    ends = b"METHOD:CANCEL" in content
    what = Data(content) if name == DATA_FILE else Calendar(name, content, ends)
    return plain(render(shown(what, FILES), language))
