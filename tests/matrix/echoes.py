"""The echo as a program that runs beside a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.matrix.homeservers import Account

START_SECONDS = 30


@contextmanager
def echoing(url: str, account: Account, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run an echo at this address, with its store in `directory`."""
    settings = {
        "MATRIX_HOMESERVER": url,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
        "MATRIX_STORE": str(directory),
    }
    ready = directory / "ready"
    ready.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.matrix.echo"], env=dict(os.environ) | settings
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            assert process.poll() is None, "the echo has ended"
            assert time.monotonic() < deadline, "the echo does not start"
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()
