"""What every test may ask for: databases; and the rule that CI skips nothing."""

import os
import shutil
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest

from bot.store.database import Database
from tests import postgres
from tests.town import Town

# A busy machine is no fault of the code under test.
hypothesis.settings.register_profile("stadtdialog", deadline=None)
hypothesis.settings.load_profile("stadtdialog")

# A shell lets what it runs in the background ignore these, and so would every program of the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
"""Every test of the store runs on both; the quick suite, which runs on each save, on the first."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """Start a PostgreSQL of our own when the first test asks for it."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> str:
    """Give a fresh, empty PostgreSQL database."""
    return postgres_server.fresh()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'stadtdialog.sqlite'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give a fresh, empty database: the test runs once on each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture(scope="session", params=DATABASES)
def founded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Give a function that copies a town with tables and the two events, on each kind."""
    if request.param == "sqlite":
        original = tmp_path_factory.mktemp("town") / "founded.sqlite"
        Town.founded(f"sqlite:///{original}").database.close()
        return lambda: f"sqlite:///{shutil.copy(original, tmp_path_factory.mktemp('town'))}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.fresh()
    Town.founded(url).database.close()
    template = urlsplit(url).path.strip("/")
    return lambda: server.fresh(template)


@pytest.fixture
def town(founded: Callable[[], str]) -> Iterator[Town]:
    """Open a town of one's own: the two events as published, ten days before the first."""
    town = Town(Database(founded()))
    yield town
    town.database.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave whatever needs a PostgreSQL out of the quick suite."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgres_server" in item.fixturenames or "postgresql" in parameters:
            item.add_marker(pytest.mark.slow)


def _refuse_to_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected = hasattr(report, "wasxfail")
    if os.environ.get("CI") in {"true", "1"} and report.skipped and not expected:
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as a failure in CI, so that none is ever lost unseen."""
    report = yield
    _refuse_to_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a skipped file as a failure in CI, for the same reason."""
    report = yield
    _refuse_to_skip(report)
    return report
