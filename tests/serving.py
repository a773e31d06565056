"""The service in a thread of its own, and a look into its database, from plain acts in a row."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app.duties import ALL, Duties
from bot.app.houses import Premises
from bot.app.networks import Service
from bot.domain.people import Role
from bot.services import people
from bot.settings import Settings, read
from bot.store.database import Database
from bot.store.tables import ideas, outbox, registrations
from bot.turns import House
from tests.matrix import Account, Homeserver
from tests.town import HOUSE, SUMMER

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
def served(settings: Settings, *, duties: Duties = ALL, home: House = HOUSE) -> Iterator[Serving]:
    """Serve a database while the context lasts; a failure of the service is raised."""
    database = Database(settings.database_url)
    service = Serving(settings, database, duties, home)
    service.start()
    try:
        yield service
    finally:
        service.end()
        database.close()
    if service.failure is not None:
        raise service.failure


def matrix_settings(
    homeserver: Homeserver, account: Account, url: str, language: str = "de"
) -> Settings:
    """Make settings as an operator would who has an account on this homeserver."""
    given = {
        "DATABASE_URL": url,
        "MATRIX_HOMESERVER": homeserver.url,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
        "STADTDIALOG_LANGUAGE": language,
    }
    return read(given, NOWHERE)


def owed(database: Database) -> int:
    """Count the letters that wait."""
    with database.transaction() as tx:
        waiting = select(func.count()).where(outbox.c.state == "waiting")
        return int(tx.execute(waiting).scalar_one())


def registered(database: Database) -> int:
    """Count the registrations."""
    with database.transaction() as tx:
        return int(tx.execute(select(func.count()).select_from(registrations)).scalar_one())


def handed_in(database: Database) -> list[Any]:
    """Give the ideas as they are stored, oldest first."""
    with database.transaction() as tx:
        return list(tx.execute(select(ideas).order_by(ideas.c.id)))


def invitation(database: Database, role: Role = Role.REGISTRAR) -> str:
    """Make a code with which somebody becomes a member of staff."""
    with database.transaction() as tx:
        return f"staff-{people.invite(tx, role, SUMMER)}"


def wait_until(
    condition: Callable[[], bool], state: Callable[[], object] = lambda: "it is not so"
) -> None:
    """Wait until something is so that no citizen sees; `state` says what it is like instead."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, state()
        time.sleep(0.005)
