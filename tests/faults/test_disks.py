"""A full disk: everybody waits, is told so kindly, and is answered when there is room again."""

from __future__ import annotations

import resource
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests import programs
from tests.faults.conversations import SORRY, conversation
from tests.faults.fates import Fate
from tests.faults.plays import REGISTER, found

pytestmark = pytest.mark.slow

FULL_SECONDS = 0.5
AT_LEAST_BYTES = 200_000
"""So much more than the journal of a test that only the database can be stopped by the limit."""


def changes(url: str) -> int:
    """Tell how long the log of changes is that SQLite appends to."""
    log = Path(f"{make_url(url).database}-wal")
    return log.stat().st_size if log.exists() else 0


def fill(process: int, size: int) -> None:
    """Let no file of a process grow beyond a size: for its database, the disk is full."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def empty(process: int) -> None:
    """Let there be room again."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


def test_the_disk_is_full_for_a_while(sqlite_url: str, tmp_path: Path) -> None:
    fate = Fate(sqlite_url, tmp_path)
    with fate.talking() as process:
        assert process.pid is not None
        while changes(sqlite_url) < AT_LEAST_BYTES:
            time.sleep(0.005)
        fill(process.pid, changes(sqlite_url))
        time.sleep(FULL_SECONDS)
        empty(process.pid)

    fate.ends_well()
    assert "the database does not answer" in fate.plan.log.read_text()


def test_somebody_at_a_terminal_is_told_once_and_answered_later(
    sqlite_url: str, tmp_path: Path
) -> None:
    found(sqlite_url)
    with conversation(sqlite_url, tmp_path) as talk:
        talk.says(*REGISTER[:-1])
        talk.waits_for(b"Is everything right?")
        fill(talk.process.pid, changes(sqlite_url))
        talk.says("yes")
        talk.waits_for(SORRY)
        empty(talk.process.pid)
        talk.waits_for(b"Your seat is confirmed")

        talk.was_told_once()


@pytest.mark.parametrize("blocks", [0, 8])
def test_a_program_that_starts_on_a_full_disk_says_so(
    blocks: int, sqlite_url: str, tmp_path: Path
) -> None:
    found(sqlite_url)
    limited = ["sh", "-c", f'ulimit -S -f {blocks}; exec "$@"', "sh"]
    done = subprocess.run(
        [*limited, *programs.command("chat", "--as", "anna")],
        input=b"/help\n",
        capture_output=True,
        cwd=tmp_path,
        env=programs.environment(tmp_path / "data", {"DATABASE_URL": sqlite_url}),
        timeout=programs.PATIENCE_SECONDS,
        check=False,
    )
    again = programs.run("chat", directory=tmp_path, text="/help\n", DATABASE_URL=sqlite_url)

    assert done.returncode == 2, done.stderr
    assert b"Traceback" not in done.stderr
    assert 1 <= done.stderr.count(b"\n") <= 3
    assert (again.returncode, again.stderr) == (0, "")


def test_the_disk_of_the_server_is_full_for_a_while(postgres_url: str, tmp_path: Path) -> None:
    fate = Fate(postgres_url, tmp_path)
    server = f"postgresql://postgres@/{make_url(postgres_url).database}"
    address = f"{server}?host={make_url(postgres_url).query['host']}"

    def full() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
            )
            connection.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON outbox"
                " FOR EACH ROW EXECUTE FUNCTION full_disk()"
            )
            time.sleep(FULL_SECONDS)
            connection.execute("DROP TRIGGER full_disk ON outbox")

    fate.is_disturbed_by(full)
