"""The database is damaged while the program runs: it takes nothing, says so, and ends."""

from __future__ import annotations

import signal
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
from sqlalchemy import make_url

from tests.channels.telegram.processes import Process, started
from tests.channels.telegram.serving import environment
from tests.telegram import Phone, Telegram
from tests.test_damage import PAGE_BYTES
from tests.town import Town

pytestmark = pytest.mark.slow

DAMAGED = 3
"""The exit code that says so."""


@pytest.fixture
def anna(telegram: Telegram) -> Phone:
    """Give Anna a phone."""
    return telegram.person("anna", "en")


def destroy(url: str) -> None:
    """Overwrite everything but the header, as a failing disk does."""
    Path(f"{make_url(url).database}-wal").unlink(missing_ok=True)
    file = Path(make_url(url).database or "")
    with file.open("r+b") as content:
        content.seek(PAGE_BYTES)
        content.write(b"\x55" * (file.stat().st_size - PAGE_BYTES))


def health(port: str) -> tuple[int, str]:
    """Ask how the program is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("webhook", [False, True])
def test_what_comes_stays_with_telegram(
    telegram: Telegram, sqlite_url: str, tmp_path: Path, anna: Phone, *, webhook: bool
) -> None:
    Town.founded(sqlite_url).database.close()
    settings = environment(telegram, sqlite_url, webhook=webhook)
    with started(["stadtdialog", "run"], tmp_path / "run", settings) as program:
        program.says("on Telegram.")
        if webhook:
            telegram.waits_until(lambda: telegram.bot.webhook is not None)
        destroy(sqlite_url)
        anna.starts()
        program.says("the database is damaged (DatabaseError)")
        if webhook:
            assert health(settings["PORT"]) == (503, "the database is damaged\n")
        assert program.ends(signal.SIGTERM if webhook else None) == DAMAGED
        _says_what_to_do(program)

    assert telegram.pending >= 1
    assert anna.messages == anna.messages[:1]


def test_it_does_not_start_again_on_it(
    telegram: Telegram, sqlite_url: str, tmp_path: Path, anna: Phone
) -> None:
    Town.founded(sqlite_url).database.close()
    destroy(sqlite_url)
    anna.starts()
    settings = environment(telegram, sqlite_url)
    with started(["stadtdialog", "run"], tmp_path / "run", settings) as program:
        assert program.ends() == DAMAGED
        _says_what_to_do(program)

    assert telegram.pending == 1


def _says_what_to_do(program: Process) -> None:
    assert "restore the latest backup: see “A damaged database”" in program.log
    assert "Traceback" not in program.log
    assert "Nothing that was confirmed" not in program.log
