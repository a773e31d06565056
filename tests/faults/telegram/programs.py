"""The program as an operator runs it, in a process of its own that can be killed."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import bot.app.networks
import bot.cli.services  # noqa: F401 (as above)
from bot.cli import main
from tests.faults.fates import context
from tests.faults.patience import PATIENCE_SECONDS, until

READY = "Ctrl-C ends it"


def begin(command: str, settings: Mapping[str, str], log: Path) -> None:
    """Run a command of the command line; a child's main."""
    warnings.simplefilter("error")
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.environ.clear()
    os.environ.update(settings)
    os.chdir(log.parent)
    main([command], prog_name="stadtdialog")


class Program:
    """One program of the bot: `run`, `web` or `worker`."""

    def __init__(self, command: str, settings: Mapping[str, str], log: Path) -> None:
        self._command, self._log = command, log
        self.settings = dict(settings)
        self._process: ForkServerProcess | None = None

    @property
    def log(self) -> str:
        """Read what it has written into its log, in all its lives."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def bytes_of_memory(self) -> int:
        """Say how much memory it has at the moment (RSS)."""
        return self._memory("VmRSS")

    @property
    def most_bytes_of_memory(self) -> int:
        """Say how much memory it had at most."""
        return self._memory("VmHWM")

    def starts(self, *, ready: bool = False) -> None:
        """Start it; `ready` waits until it has signed in."""
        lives = self.log.count(READY)
        arguments = (self._command, self.settings, self._log)
        self._process = context().Process(target=begin, args=arguments)
        self._process.start()
        if ready:
            until(lambda: self.log.count(READY) > lives or not self._running.is_alive())

    def kills(self) -> None:
        """Kill it as the operating system does, without a warning."""
        self._running.kill()
        self._ended(-signal.SIGKILL)

    def ends(self) -> None:
        """End it as an operator does, and see that it ends well."""
        os.kill(self._running.pid or 0, signal.SIGTERM)
        self._ended(0)

    def gives_up(self) -> None:
        """End it in any case."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    @property
    def _running(self) -> ForkServerProcess:
        assert self._process is not None, "it does not run"
        return self._process

    def _ended(self, expected: int) -> None:
        self._running.join(PATIENCE_SECONDS)
        status = self._running.exitcode
        assert status == expected, f"{self._command} ended with {status}: {self.log[-3000:]}"
        self._running.close()
        self._process = None

    def _memory(self, what: str) -> int:
        status = Path(f"/proc/{self._running.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith(what)]
        return int(line.split()[1]) * 1024
