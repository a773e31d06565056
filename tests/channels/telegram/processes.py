"""The program in processes of its own, as a platform starts them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests import programs

PATIENCE_SECONDS = 30.0
PROCFILE = Path("Procfile")


def line(name: str) -> list[str]:
    """Give a command line of the Procfile as it stands."""
    lines = dict(each.split(": ", 1) for each in PROCFILE.read_text("utf-8").splitlines())
    return shlex.split(lines[name])


class Process:
    """A process of the program; `log` is what it has written so far."""

    def __init__(self, arguments: list[str], directory: Path, settings: Mapping[str, str]) -> None:
        directory.mkdir(exist_ok=True)
        self._file = directory / "log.txt"
        kept = programs.environment(directory / "data", settings)
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        with self._file.open("wb") as log:
            self.process = subprocess.Popen(
                arguments, cwd=directory, env=kept | {"PATH": path}, stdout=log, stderr=log
            )

    @property
    def log(self) -> str:
        """Read what it has written."""
        return self._file.read_text("utf-8")

    def says(self, words: str) -> None:
        """Wait until it has written this."""
        self.waits(lambda: words in self.log, words)

    def waits(self, condition: Callable[[], bool], what: str = "that") -> None:
        """Wait until something is so, as long as it runs."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self.process.poll() is None, f"it has ended: {self.log}"
            assert time.monotonic() < deadline, f"no {what!r} in: {self.log}"
            time.sleep(0.02)

    def ends(self, number: int | None = None) -> int:
        """Send a signal, if any, and wait for the end; gives the exit code."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def started(
    arguments: list[str], directory: Path, settings: Mapping[str, str]
) -> Iterator[Process]:
    """Run the program while the context lasts."""
    program = Process(arguments, directory, settings)
    try:
        yield program
    finally:
        program.process.kill()
        program.process.wait()
