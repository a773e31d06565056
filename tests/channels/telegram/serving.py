"""The service in a thread of its own, so that tests can be written as plain sequences of acts."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bot.app.houses import Premises
from bot.app.networks import ALL, Duties, Service
from bot.settings import Settings, read
from bot.store.database import Database
from bot.store.tables import outbox
from bot.turns import House
from tests.telegram import Telegram
from tests.town import HOUSE

PATIENCE_SECONDS = 20.0
NOWHERE = Path("there/is/no/.env")


class Serving:
    """The running service; `said` is what it told the operator."""

    def __init__(self, settings: Settings, database: Database, duties: Duties, home: House) -> None:
        self.said: list[str] = []
        self.failure: BaseException | None = None
        self._settings, self._database = settings, database
        self._duties, self._house = duties, home
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="service")

    def start(self) -> None:
        """Start the service."""
        self._thread.start()

    def end(self) -> None:
        """End it as a signal does, and wait until it has ended."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "the service does not end"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except BaseException as error:  # noqa: BLE001 (the test decides what it means)
                self.failure = error

    async def _serve(self) -> None:
        with ThreadPoolExecutor(max_workers=1) as thread:
            premises = Premises(self._settings, self._database, thread)
            service = Service(premises, self._house, self._duties, self.said.append)
            await service.run(self._ended)


@contextmanager
def serving(
    telegram: Telegram,
    url: str,
    *,
    duties: Duties = ALL,
    webhook: bool = False,
    home: House = HOUSE,
) -> Iterator[Serving]:
    """Serve a database on Telegram while the context lasts; a failure of the service is raised."""
    database = Database(url)
    service = Serving(settings_for(telegram, url, webhook=webhook), database, duties, home)
    service.start()
    try:
        yield service
    finally:
        service.end()
        database.close()
    if service.failure is not None:
        raise service.failure


def settings_for(telegram: Telegram, url: str, *, webhook: bool = False) -> Settings:
    """Make settings as an operator would."""
    return read(environment(telegram, url, webhook=webhook), NOWHERE)


def environment(telegram: Telegram, url: str, *, webhook: bool = False) -> dict[str, str]:
    """Say in which environment the program finds this stand-in."""
    settings = {
        "DATABASE_URL": url,
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "STADTDIALOG_LANGUAGE": "de",
    }
    if webhook:
        port = _free_port()
        settings |= {
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "STADTDIALOG_HOST": "127.0.0.1",
            "PORT": str(port),
        }
    return settings


def settle(telegram: Telegram, database: Database) -> None:
    """Wait until every update is committed, and every letter has arrived."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while telegram.pending or owed(database):
        assert time.monotonic() < deadline, (telegram.pending, owed(database))
        time.sleep(0.005)


def owed(database: Database) -> int:
    """Count the letters that wait."""
    with database.transaction() as tx:
        waiting = select(func.count()).where(outbox.c.state == "waiting")
        return int(tx.execute(waiting).scalar_one())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
