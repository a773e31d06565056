"""What the tests of the bot on Matrix need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot import clock
from bot.services.examples import as_published
from bot.store import schema
from bot.store.database import Database
from tests.channels.matrix.serving import Place
from tests.faults.fickle import Fickle
from tests.matrix import Citizen, Homeserver, living
from tests.matrix.fixtures import homeserver, strict_homeserver
from tests.serving import Serving
from tests.town import SUMMER, Town

__all__ = ["homeserver", "strict_homeserver"]


@pytest.fixture
def database(database_url: str) -> Iterator[Fickle]:
    """Open a database with tables, which goes away when it is told to."""
    database = Fickle(database_url)
    schema.migrate(database)
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Fickle]:
    """Open a file with tables, where the kind of database makes no difference."""
    database = Fickle(sqlite_url)
    schema.migrate(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def summer() -> Iterator[None]:
    """Let it be ten days before the first event, and let time pass."""
    ahead = SUMMER - datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime.now(UTC) + ahead)
        yield


@pytest.fixture(scope="module")
def events() -> str:
    """Name the events of the town; a file of tests may have others."""
    return as_published()


@pytest.fixture(scope="module")
def place(
    homeserver: Homeserver,
    tmp_path_factory: pytest.TempPathFactory,
    events: str,
    summer: None,  # noqa: ARG001 (it has to be)
) -> Iterator[Place]:
    """Found a town, whose bot does not run yet; people live near it."""
    file = tmp_path_factory.mktemp("town") / "founded.sqlite"
    Town.founded(f"sqlite:///{file}", events).database.close()
    account = homeserver.newcomer("stadtdialog")
    with living(homeserver, account.user_id) as people:
        yield Place(people, account, file)


@pytest.fixture(scope="module")
def service(place: Place) -> Iterator[Serving]:
    """Run the bot for all tests of a file."""
    with place.serves() as service:
        yield service


@pytest.fixture
def records(place: Place) -> Iterator[Database]:
    """Open the database of the town beside the service."""
    database = Database(place.url)
    yield database
    database.close()


@pytest.fixture
def anna(place: Place, service: Serving) -> Citizen:  # noqa: ARG001 (it has to run)
    """Give a new Anna, who has an encrypted room with the bot and was greeted there."""
    return place.meets("anna")
