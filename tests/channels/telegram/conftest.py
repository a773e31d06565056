"""The stand-in for Telegram, the whole service on a town of its own, and Anna with her phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import clock
from bot.store.database import Database
from tests.channels.telegram.serving import serving
from tests.serving import Serving
from tests.telegram import Phone, Telegram, running
from tests.town import SUMMER, Town


@pytest.fixture(autouse=True)
def _summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be ten days before the first event, and let time pass."""
    ahead = SUMMER - datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + ahead)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found a town with the two events, to be copied."""
    file = tmp_path_factory.mktemp("town") / "founded.sqlite"
    Town.founded(f"sqlite:///{file}").database.close()
    return file


@pytest.fixture
def url(original: Path, tmp_path: Path) -> str:
    """Give the address of a town of one's own."""
    return f"sqlite:///{shutil.copy(original, tmp_path / 'town.sqlite')}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Open the database of the town beside the service."""
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    """Run Telegram; whatever happens, no request may be one that it cannot understand."""
    with running() as telegram:
        yield telegram
    assert telegram.defects == []


@pytest.fixture
def service(telegram: Telegram, url: str) -> Iterator[Serving]:
    """Run the bot, which fetches its messages."""
    with serving(telegram, url) as service:
        yield service


@pytest.fixture
def anna(telegram: Telegram, service: Serving) -> Phone:  # noqa: ARG001 (it has to run)
    """Give Anna a phone; she has not pressed Start yet."""
    return telegram.person("anna", "en")
