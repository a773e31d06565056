"""A real Matrix homeserver for the tests: Synapse, in a process and an environment of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.matrix import configurations
from tests.matrix.threads import Thread

PYTHON = Path(__file__).parents[2] / ".synapse/bin/python"
START_SECONDS = 60
PASSWORD = "a long password"

# The server ends with the tests, even if they are killed: then the pipe closes, and nobody else
# removes its home. Not PR_SET_PDEATHSIG: that looks at the thread that has started the server.
_UNTIL_THE_PIPE_CLOSES = """
import os, runpy, shutil, threading
def wait():
    os.read(0, 1)
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    os._exit(0)
threading.Thread(target=wait, daemon=True).start()
runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Account:
    """Somebody who can log in; the token belongs to a device of its own."""

    user_id: str
    password: str
    token: str
    device_id: str


class Homeserver:
    """A homeserver with a switch; its data stays while it is off."""

    name = "dialog.test"

    def __init__(self, home: Path, limits: dict[str, Any]) -> None:
        assert PYTHON.exists(), "Synapse is not installed; run: make .synapse/.ready"
        self.home, self.port = home, _free_port()
        self._configuration, self._secret = configurations.write(home, self.name, self.port, limits)
        self._process: subprocess.Popen[bytes] | None = None
        self.thread = Thread("citizens")

    @property
    def url(self) -> str:
        """What goes into MATRIX_HOMESERVER."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the server has written."""
        return (self.home / "log").read_text()

    @property
    def process_id(self) -> int:
        """The id of the process, while it runs."""
        assert self._process is not None, "the homeserver is off"
        return self._process.pid

    def user_id(self, user: str) -> str:
        """Give the full id of somebody here."""
        return f"@{user}:{self.name}"

    def start(self) -> None:
        """Switch on, and wait until it answers."""
        assert self._process is None
        with (self.home / "log").open("a") as log:
            self._process = subprocess.Popen(
                [PYTHON, "-c", _UNTIL_THE_PIPE_CLOSES, "-c", self._configuration],
                cwd=self.home,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._waits()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Switch off; SIGKILL is a crash."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(how)
        process.wait(START_SECONDS)
        assert process.stdin is not None
        process.stdin.close()

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Switch off and on again."""
        self.stop(how)
        self.start()

    def register(self, user: str, password: str = PASSWORD, *, admin: bool = False) -> Account:
        """Open an account, as an administrator does with the shared secret."""
        path = "/_synapse/admin/v1/register"
        nonce = self.asks("GET", path)["nonce"]
        rank = "admin" if admin else "notadmin"
        words = f"{nonce}\0{user}\0{password}\0{rank}".encode()
        proof = hmac.new(self._secret.encode(), words, hashlib.sha1).hexdigest()
        given = {"nonce": nonce, "username": user, "password": password, "admin": admin}
        answer = self.asks("POST", path, given | {"mac": proof})
        return Account(answer["user_id"], password, answer["access_token"], answer["device_id"])

    def newcomer(self, name: str, *, admin: bool = False) -> Account:
        """Open an account under a name that nobody has yet: `name` and a few letters."""
        return self.register(f"{name}-{secrets.token_hex(4)}", admin=admin)

    def asks(
        self, method: str, path: str, content: object = None, token: str | None = None
    ) -> dict[str, Any]:
        """Send one request, and give its answer; anything but success is an error."""
        request = urllib.request.Request(  # noqa: S310 - always http, to ourselves
            self.url + path,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:  # noqa: S310
                given: dict[str, Any] = json.load(answer)
                return given
        except urllib.error.HTTPError as error:
            with error:
                words = error.read().decode()
            raise AssertionError(f"{method} {path}: {error.code} {words}") from None

    def _waits(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self._process is not None
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise RuntimeError(f"Synapse did not start:\n{self.log[-10_000:]}")
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=1).close()  # noqa: S310
            except OSError:
                time.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(limits: dict[str, Any] | None = None) -> Iterator[Homeserver]:
    """Run a homeserver without limits, or with these (none at all are Synapse's own)."""
    chosen = configurations.UNLIMITED if limits is None else limits
    with TemporaryDirectory(prefix="synapse-", ignore_cleanup_errors=True) as home:
        homeserver = Homeserver(Path(home), chosen)
        try:
            homeserver.start()
            yield homeserver
        finally:
            homeserver.thread.ends()
            homeserver.stop(signal.SIGKILL)
