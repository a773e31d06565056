"""Wrong settings: the program ends with 2, and names the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database
from tests.faults.matrix.fates import at_the_mercy
from tests.matrix import Fault, Homeserver

pytestmark = pytest.mark.slow


def test_a_wrong_password(sqlite_url: str, tmp_path: Path, homeserver: Homeserver) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path, MATRIX_PASSWORD="wrong") as fate:
        fate.program.starts()

        assert "MATRIX_PASSWORD" in fate.program.fails()
        assert fate.proxy.calls.count("login") == 1


def test_an_address_that_is_no_homeserver(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.proxy.faults.always("*", Fault(200, b"<html>Welcome to our city</html>", "text/html"))
        fate.program.starts()

        assert "MATRIX_HOMESERVER" in fate.program.fails()


def test_an_account_whose_keys_are_those_of_somebody_else(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.program.starts(ready=True)
        fate.program.ends()
        (tmp_path / "stadtdialog.sqlite").rename(tmp_path / "lost.sqlite")
        begun_anew = Database(sqlite_url)
        schema.migrate(begun_anew)
        begun_anew.close()
        fate.program.starts()

        assert "MATRIX_USER" in fate.program.fails()
