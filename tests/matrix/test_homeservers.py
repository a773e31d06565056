"""The homeserver is there when it should be, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.matrix import Homeserver, Neighbourhood

pytestmark = pytest.mark.slow

PRINTS_ITS_ID_AND_WAITS = """
import time
from tests.matrix import homeservers
with homeservers.running() as server:
    print(server.process_id, flush=True)
    time.sleep(60)
"""


def test_what_was_said_survives_a_restart(
    homeserver: Homeserver, near_an_echo: Neighbourhood
) -> None:
    anna = near_an_echo.person("anna").starts()
    anna.types("before")
    anna.waits_for("before")

    homeserver.restart()
    anna.types("after")

    assert anna.waits_for("after").encrypted
    assert homeserver.asks("GET", "/_matrix/client/v3/account/whoami", token=anna.account.token)


def test_it_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PRINTS_ITS_ID_AND_WAITS],
        env=dict(os.environ) | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    ) as tests:
        assert tests.stdout is not None
        process = Path(f"/proc/{int(tests.stdout.readline())}/exe")
        assert process.exists()
        tests.kill()

    deadline = time.monotonic() + 10
    while process.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert list(tmp_path.rglob("*.sqlite")) == []


def test_a_strict_one_has_the_limits_of_a_real_one(strict_homeserver: Homeserver) -> None:
    token = strict_homeserver.newcomer("flood").token
    room = strict_homeserver.asks("POST", "/_matrix/client/v3/createRoom", {}, token)["room_id"]
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message"

    def floods() -> None:
        for number in range(30):
            content = {"msgtype": "m.text", "body": "again"}
            strict_homeserver.asks("PUT", f"{path}/{number}", content, token)

    with pytest.raises(AssertionError, match="M_LIMIT_EXCEEDED"):
        floods()
