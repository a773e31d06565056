"""The database is gone for a while: taps are answered all the same, the rest afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import Signals

import pytest

from tests.faults.servers import FAST, IMMEDIATE, Server, switchable
from tests.faults.telegram.conftest import MOSTLY_POLLING
from tests.faults.telegram.fates import Fate, at_the_mercy
from tests.faults.test_outages import occupied
from tests.telegram import Telegram

pytestmark = pytest.mark.slow

BRIEFLY, LONG = 1.0, 60.0
AT_ONCE_SECONDS = 2.0
"""As long as the database is away, and far less than it takes to come back in a soak."""


@pytest.fixture
def server() -> Iterator[Server]:
    with switchable() as server:
        yield server


def somebody_taps(fate: Fate) -> None:
    """Let somebody tap on a button, and see that it is answered at once."""
    before = fate.square.taps
    fate.square.plays()
    assert fate.square.taps > before
    tapped = time.monotonic()
    fate.square.telegram.waits_until(lambda: not fate.square.spinning, AT_ONCE_SECONDS)
    assert time.monotonic() - tapped < AT_ONCE_SECONDS


def goes_away(fate: Fate, away: Callable[[], None]) -> None:
    """Take the database away while somebody taps; everything is carried out afterwards."""
    fate.square.manners.taps = 1.0
    fate.starts()
    fate.plays(seconds=1)
    fate.stands_still()
    while not fate.square.somebody_could_tap:
        fate.square.plays()
        fate.stands_still()
    away()
    fate.finishes()
    for program in fate.programs:
        program.ends()
    fate.is_well()


BRIEF_CRASH = pytest.param(IMMEDIATE, BRIEFLY)
LONG_CRASH = pytest.param(IMMEDIATE, LONG, marks=pytest.mark.soak)
LONG_STOP = pytest.param(FAST, LONG, marks=pytest.mark.soak)


@pytest.mark.parametrize(("how", "seconds"), [BRIEF_CRASH, LONG_CRASH, LONG_STOP])
def test_the_server_is_stopped(
    server: Server, how: Signals, seconds: float, tmp_path: Path, telegram: Telegram
) -> None:
    url = server.starts().fresh()
    with at_the_mercy(Fate(url, tmp_path, telegram, webhook=how == IMMEDIATE)) as fate:

        def away() -> None:
            server.stops(how)
            somebody_taps(fate)
            time.sleep(seconds)
            server.starts()

        goes_away(fate, away)
        assert fate.programs[0].log.count("the database does not answer") == 1


@pytest.mark.parametrize("webhook", MOSTLY_POLLING)
def test_the_file_is_locked(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=webhook)) as fate:

        def away() -> None:
            with occupied(sqlite_url):
                somebody_taps(fate)
                time.sleep(BRIEFLY)

        goes_away(fate, away)


@pytest.mark.soak
def test_the_file_is_locked_for_a_minute(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=webhook)) as fate:

        def away() -> None:
            with occupied(sqlite_url):
                somebody_taps(fate)
                time.sleep(LONG)

        goes_away(fate, away)
