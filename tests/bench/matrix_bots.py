"""Bots on Matrix as programs: ours and the echo, each with an account on the same homeserver."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.programs import PATIENCE_SECONDS, RUN, Process, started
from tests.bench.stages import Stage
from tests.matrix.homeservers import Account, Homeserver

ECHO = (sys.executable, "-m", "tests.matrix.echo")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bot:
    """A bot that can be started again and again, as the same device."""

    account: Account
    command: tuple[str, ...]
    directory: Path
    settings: Mapping[str, str]
    greets: bool = True
    ready: Path | None = None

    @contextmanager
    def running(self) -> Iterator[Process]:
        """Run it while the context lasts; the echo misses invitations until it is ready."""
        if self.ready is not None:
            self.ready.unlink(missing_ok=True)
        with started(self.command, self.directory, self.settings) as process:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while self.ready is not None and not self.ready.exists():
                assert time.monotonic() < deadline, "the bot does not start"
                time.sleep(0.01)
            yield process


def ours(stage: Stage, homeserver: Homeserver, database: str) -> Bot:
    """Set the program up, with a town of its own."""
    url = stage.ahead(database)[0].replace("+psycopg", "")
    settings = _settings(account := homeserver.newcomer("stadtdialog"), homeserver)
    return Bot(account, RUN, stage.directory, settings | {"DATABASE_URL": url})


def echo(stage: Stage, homeserver: Homeserver) -> Bot:
    """Set the echo up."""
    store = stage.directory / f"echo-{homeserver.port}"
    store.mkdir()
    settings = _settings(account := homeserver.newcomer("echo"), homeserver)
    own = {"MATRIX_STORE": str(store)}
    return Bot(account, ECHO, store, settings | own, greets=False, ready=store / "ready")


def _settings(account: Account, homeserver: Homeserver) -> dict[str, str]:
    return {
        "MATRIX_HOMESERVER": homeserver.url,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
    }


def processor_seconds(process_id: int) -> float:
    """Say how long the processor has worked for a process so far."""
    words = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def peak_megabytes(process: Process) -> float:
    """Say how much memory a process has had at most (resident)."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process has ended")
