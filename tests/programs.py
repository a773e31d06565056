"""The program itself, as people run it: with pipes, and on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 30
_CODES = re.compile(r"\x1b(?:\[[\d;?]*[A-Za-z]|[=>])")


def environment(directory: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Give a clean environment: data in `directory`, and nothing from the developer's machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        kept
        | {"STADTDIALOG_DATA_DIR": str(directory), "STADTDIALOG_LANGUAGE": "en"}
        | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONPATH": str(Path.cwd())}
        | dict(settings)
    )


def command(*arguments: str) -> list[str]:
    """Give the command line of the program, with warnings as errors."""
    return [sys.executable, "-W", "error", "-m", "bot", *arguments]


def run(
    *arguments: str, directory: Path, text: str | bytes = b"", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in `directory` with `text` as its input, to its end."""
    directory.mkdir(exist_ok=True)
    done = subprocess.run(
        command(*arguments),
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        cwd=directory,
        env=environment(directory / "data", settings),
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


class Terminal:
    """A pseudo-terminal with the program in it."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self._process, self._handle = process, handle
        self.seen = ""
        self._read_so_far = 0

    def interrupt(self) -> None:
        """Send what Ctrl-C sends while no prompt is open."""
        self._process.send_signal(signal.SIGINT)

    def types(self, keys: str) -> None:
        """Press keys."""
        os.write(self._handle, keys.encode())

    def waits_for(self, words: str) -> str:
        """Read until these words appear; give what was read since the last time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words not in self.seen[self._read_so_far :]:
            assert time.monotonic() < deadline, f"no {words!r} in {self.seen!r}"
            if not self._reads():
                break
        new = self.seen[self._read_so_far :]
        assert words in new, f"no {words!r} in {self.seen!r}"
        end = new.index(words) + len(words)
        self._read_so_far += end
        return new[:end]

    def ends(self) -> int:
        """Read to the end, and give the exit status."""
        while self._reads():
            pass
        return self._process.wait(PATIENCE_SECONDS)

    def _reads(self) -> bool:
        ready, _, _ = select.select([self._handle], [], [], 0.1)
        if not ready:
            return True
        try:
            portion = os.read(self._handle, 65_536)
        except OSError:  # how Linux says that nobody is at the other end any more
            return False
        self.seen += _CODES.sub("", portion.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(portion)


@contextmanager
def terminal(
    *arguments: str, directory: Path, columns: int = 40, **settings: str
) -> Iterator[Terminal]:
    """Run the program on a terminal that is `columns` wide."""
    directory.mkdir(exist_ok=True)
    program, values = command(*arguments), environment(directory / "data", settings)
    handle, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    process = subprocess.Popen(
        program,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        cwd=directory,
        env=values,
        start_new_session=True,
    )
    os.close(inside)
    try:
        yield Terminal(process, handle)
    finally:
        process.kill()
        process.wait()
        os.close(handle)
