"""A PostgreSQL that can be stopped and started again, on the same data."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgres

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""A fast shutdown cuts connections; an immediate one is a crash."""

_PATIENCE_SECONDS = 30


@dataclass
class Server:
    """A server with a switch."""

    home: Path
    programs: Path
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def log(self) -> str:
        """Read what the server has written."""
        return (self.home / "log").read_text()

    def starts(self) -> postgres.Server:
        """Switch on, and wait until it answers."""
        log = self.home / "log"
        output = self.running.enter_context(log.open("a"))
        user = postgres._user()  # noqa: SLF001 (the same server, run in another way)
        started = postgres._started(  # noqa: SLF001
            self.programs, self.home, user, output.fileno(), syncs=False
        )
        process = self.running.enter_context(started)
        server = postgres.Server(self.home)
        postgres._wait(server, process, log)  # noqa: SLF001
        return server

    def stops(self, how: signal.Signals) -> None:
        """Switch off."""
        note = self.home / "data" / "postmaster.pid"
        os.kill(int(note.read_text().split()[0]), how)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while note.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.running.close()

    def crashes(self) -> None:
        """Let one of its processes be killed, so that all others start again by themselves."""
        with postgres.Server(self.home).connect() as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() LIMIT 1"
            ).fetchone()
        if row is not None:
            os.kill(row[0], signal.SIGKILL)


@contextmanager
def switchable() -> Iterator[Server]:
    """Install a server; it is off."""
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        programs, user = postgres._programs(home), postgres._user()  # noqa: SLF001
        if user:
            shutil.chown(home, user)
        postgres._initialise(programs, home, user)  # noqa: SLF001
        server = Server(home, programs)
        with server.running:
            yield server
