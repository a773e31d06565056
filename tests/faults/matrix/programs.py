"""The program as an operator runs it, on Matrix: to be killed, frozen, or to end with an error."""

from __future__ import annotations

import multiprocessing
import os
import signal

import bot.app.matrix  # noqa: F401 (to be loaded before a program starts)
from tests.faults.fates import PRELOADED
from tests.faults.patience import until
from tests.faults.telegram.programs import READY, Program, begin


class MatrixProgram(Program):
    """One program of the bot: `run`, `web` or `worker`."""

    def starts(self, *, ready: bool = False) -> None:
        """Start it; `ready` waits until it has signed in."""
        lives = self.signings
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*PRELOADED, __name__])
        arguments = (self._command, self.settings, self._log)
        self._process = context.Process(target=begin, args=arguments)
        self._process.start()
        if ready:
            until(lambda: self.signings > lives or not self._running.is_alive())

    @property
    def signings(self) -> int:
        """Count how often it has said that it is there, in all its lives."""
        return self.log.count(READY)

    def freezes(self) -> None:
        """Stop it in the midst of what it is doing."""
        os.kill(self._running.pid or 0, signal.SIGSTOP)

    def thaws(self) -> None:
        """Let it go on, as if nothing had been."""
        os.kill(self._running.pid or 0, signal.SIGCONT)

    def fails(self, status: int = 2) -> str:
        """See that it ends by itself with this status; gives its log."""
        self._ended(status)
        return self.log

    def waits_for(self, words: str, times: int = 1) -> None:
        """Wait until it has said something, so many times."""
        until(lambda: self.log.count(words) >= times)
