"""An open tab of a browser: a program in Node, and the lines that go to it and come from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

from tests.matrix.screens import Json

DIRECTORY = Path(__file__).parent / "js"
MODULES = DIRECTORY / "node_modules"
PATIENCE_SECONDS = 60.0
END_SECONDS = 10
NOT_INSTALLED = "matrix-js-sdk is not installed: it needs npm, and `make test` installs it"


def node() -> str | None:
    """Find a program to run matrix-js-sdk with, if both are installed."""
    if not (MODULES / "matrix-js-sdk").exists():
        return None
    ours = MODULES / ".bin/node"
    return str(ours) if ours.exists() else shutil.which("node")


class Tab:
    """A tab that is open; what it has seen, it gives to `takes`, in a thread of its own."""

    def __init__(self, takes: Callable[[Json], None]) -> None:
        program = node()
        assert program is not None, NOT_INSTALLED
        self._takes, self._numbers = takes, count(1)
        self._answers: dict[int, Json] = {}
        self._changed = threading.Condition()
        self._errors = TemporaryFile()  # noqa: SIM115 - closed when the tab is
        # When the tests end, even if they are killed, its stdin closes, and it ends as well.
        self._process = subprocess.Popen(
            [program, "browser.js"],
            cwd=DIRECTORY,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )
        self._thread = threading.Thread(target=self._listens, name="tab", daemon=True)
        self._thread.start()

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    def works(self) -> None:
        """Make sure that it is still open."""
        assert self._thread.is_alive(), f"the browser has ended: {self._complaints()}"

    def asks(self, what: str, **details: object) -> Json:
        """Give a command, and wait for its answer."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        command = json.dumps({"id": number, "do": what, **details})
        with suppress(BrokenPipeError):  # works() below tells why
            print(command, file=self._process.stdin, flush=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while number not in self._answers:
                self.works()
                assert time.monotonic() < deadline, f"no answer to {what}: {self._complaints()}"
                self._changed.wait(0.5)
            answer = self._answers.pop(number)
        assert "refused" not in answer, f"{what}: {answer['refused']} {self._complaints()}"
        return answer

    def ends(self) -> None:
        """Close the tab; a second time does nothing."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._thread.join()
            self._process.stdout.close()
            self._errors.close()

    def _listens(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said: Json = json.loads(line)
            if "answers" not in said:
                self._takes(said)
                continue
            with self._changed:
                self._answers[said["answers"]] = said
                self._changed.notify_all()

    def _complaints(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-5_000:].decode(errors="replace")
