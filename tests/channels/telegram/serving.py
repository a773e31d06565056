"""The service on the stand-in for Telegram."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from bot.app.duties import ALL, Duties
from bot.settings import Settings, read
from bot.store.database import Database
from bot.turns import House
from tests.serving import NOWHERE, Serving, owed, served, wait_until
from tests.telegram import Telegram
from tests.town import HOUSE


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
    settings = settings_for(telegram, url, webhook=webhook)
    with served(settings, duties=duties, home=home) as service:
        yield service


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
    wait_until(
        lambda: not (telegram.pending or owed(database)),
        lambda: (telegram.pending, owed(database)),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
