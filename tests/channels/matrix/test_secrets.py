"""Nothing secret, and nothing personal, shows in logs or where something is printed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.tables import matrix_devices, matrix_keys
from tests.channels.matrix.devices import aside, credentials, program
from tests.faults.fickle import Fickle
from tests.matrix.citizens import Citizen
from tests.matrix.homeservers import Homeserver

pytestmark = pytest.mark.slow  # a homeserver takes seconds to start


@pytest.fixture
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Work in a folder in which no files may appear."""
    folder = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(folder)
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("elsewhere")
async def test_secrets_stand_in_no_log_and_in_no_row(
    homeserver: Homeserver,
    sqlite: Fickle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = homeserver.newcomer("bot")
    anna = Citizen(homeserver, "anna", bot=known.user_id)
    given = credentials(homeserver.url, known)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="nio")
    async with program(sqlite, given) as bot:
        await aside(lambda: anna.starts(waits=False))
        await bot.until(lambda: anna.room_id in bot.client.rooms)
        await aside(anna.types, "My name is Anna")
        await bot.hears("My name is Anna")
        token = bot.client.access_token
        shown = [repr(each) for each in (given, bot.account, bot.client, bot.client.keyring)]
    anna.ends()
    with sqlite.transaction() as tx:
        rows = [*tx.execute(select(matrix_devices)), *tx.execute(select(matrix_keys))]
    kept = "".join(str(value) for row in rows for value in row)

    for secret in (token, known.password, "pickle"):
        assert secret not in caplog.text
        assert secret not in "".join(shown)
        assert secret not in kept
    assert anna.id not in caplog.text
