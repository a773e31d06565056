"""Bots as programs of their own: ours, and the echo, started the same way."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from tests.programs import environment

PATIENCE_SECONDS = 60
RUN = (str(Path(sys.executable).with_name("stadtdialog")), "run")
ECHO = (sys.executable, "-m", "tests.bench.echo_bot")

Process = subprocess.Popen[bytes]


@contextmanager
def started(
    command: tuple[str, ...], directory: Path, settings: Mapping[str, str]
) -> Iterator[Process]:
    """Run a program while the context lasts."""
    with TemporaryFile() as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=environment(directory, settings),
        )
        try:
            yield process
            assert process.poll() is None, f"{command[-1]} has ended with {process.returncode}"
        except BaseException:
            complaints.seek(0)
            sys.stderr.buffer.write(complaints.read())
            raise
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def megabytes(process: Process) -> float:
    """Say how much memory a process has (resident)."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process has ended")


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(port: int) -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody listens on port {port}")
        time.sleep(0.05)
