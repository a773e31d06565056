"""The database is gone for a while: nothing is lost, and everybody is answered afterwards."""

from __future__ import annotations

import time
from pathlib import Path
from signal import Signals

import pytest

from tests.faults.matrix.fates import at_the_mercy
from tests.faults.matrix.scripts import SAID
from tests.faults.servers import FAST, IMMEDIATE, switchable
from tests.faults.test_outages import occupied
from tests.matrix import Homeserver

pytestmark = pytest.mark.slow

BRIEFLY, LONG = 1.5, 30.0
LONG_STOP = pytest.param(FAST, LONG, marks=pytest.mark.soak)


@pytest.mark.parametrize(("how", "seconds"), [(IMMEDIATE, BRIEFLY), LONG_STOP])
def test_the_server_is_stopped(
    tmp_path: Path, homeserver: Homeserver, how: Signals, seconds: float
) -> None:
    with switchable() as server:
        url = server.starts().fresh()
        with at_the_mercy(homeserver, url, tmp_path) as fate:
            players = fate.invites(3)
            fate.program.starts(ready=True)
            fate.plays(until=lambda: fate.said > len(SAID))
            server.stops(how)
            for player in players[:2]:
                player.acts()
            time.sleep(seconds)
            server.starts()
            fate.ends_well()

    assert fate.program.log.count("the database does not answer") >= 1


def test_the_file_is_locked(sqlite_url: str, tmp_path: Path, homeserver: Homeserver) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.invites(2)
        fate.program.starts(ready=True)
        fate.plays(until=lambda: fate.said > len(SAID))
        with occupied(sqlite_url):
            fate.plays(seconds=BRIEFLY)
        fate.ends_well()
