"""One database of each kind for all tests here: every test has an event and people of its own."""

from collections.abc import Iterator

import pytest

from bot.store import tables
from bot.store.database import Database
from tests import postgres


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Open a database with all tables."""
    url = f"sqlite:///{tmp_path_factory.mktemp('seats') / 'seats.sqlite'}"
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = server.fresh()
    database = Database(url)
    with database.transaction() as tx:
        tables.metadata.create_all(tx)
    yield database
    database.close()
