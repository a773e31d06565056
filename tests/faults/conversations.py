"""The program in a conversation that lasts longer than its input: a pipe on each side."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import programs
from tests.faults.plays import CANARY

SORRY = b"I have your message, but I cannot look anything up"


class Conversation:
    """The program with a pipe on each side."""

    def __init__(self, url: str, directory: Path) -> None:
        directory.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            programs.command("chat", "--as", "anna"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
            env=programs.environment(directory / "data", {"DATABASE_URL": url}),
        )
        self.seen = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def says(self, *lines: str) -> None:
        """Type some lines."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def waits_for(self, words: bytes) -> None:
        """Wait until something can be read."""
        deadline = time.monotonic() + programs.PATIENCE_SECONDS
        while words not in self.seen:
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.02)

    def ends(self) -> str:
        """Say nothing more; give what the program wrote into its log."""
        assert self.process.stdin is not None
        assert self.process.stderr is not None
        self.process.stdin.close()
        self._reader.join(programs.PATIENCE_SECONDS)
        noise = self.process.stderr.read().decode()
        self.process.stderr.close()
        assert self.process.wait(programs.PATIENCE_SECONDS) == 0, noise
        return noise

    def was_told_once(self) -> None:
        """End, and check how somebody was told, and that the log is quiet about them."""
        noise = self.ends()
        assert self.seen.count(SORRY) == 1
        assert self.seen.count(b"Your seat is confirmed") == 1
        assert "Traceback" not in noise
        assert CANARY not in noise

    def gives_up(self) -> None:
        """End in any case."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with suppress(RuntimeError):
            self._reader.join(programs.PATIENCE_SECONDS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            while portion := os.read(output.fileno(), 65_536):
                self.seen += portion


@contextmanager
def conversation(url: str, directory: Path) -> Iterator[Conversation]:
    """Hold a conversation; the program is ended by its process, whatever happens."""
    talk = Conversation(url, directory)
    try:
        yield talk
    finally:
        talk.gives_up()
