"""Strangers take all one-time keys: newcomers can talk to the bot all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.matrix.fates import at_the_mercy
from tests.matrix import Homeserver, exhaust_keys

pytestmark = pytest.mark.slow


def test_newcomers_are_understood_when_no_one_time_key_is_left(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        anna, berta, cem = fate.invites(3)
        fate.program.starts(ready=True)
        anna.acts()
        fate.stands_still()
        fate.program.kills()
        assert exhaust_keys(homeserver, fate.account.user_id) > 0
        berta.citizen.starts(waits=False)  # has nothing but the fallback key
        berta.said = 1
        berta.citizen.rotates_session()
        fate.program.starts(ready=True)
        fate.stands_still()
        exhaust_keys(homeserver, fate.account.user_id)
        cem.acts()
        fate.ends_well()
