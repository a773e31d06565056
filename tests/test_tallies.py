"""What happens very often is said once, with its number."""

from __future__ import annotations

import logging
import time

import pytest

from bot import tallies
from bot.tallies import Tally


def test_what_happens_a_thousand_times_in_a_minute_is_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally(logging.getLogger("bot"), "%d things")
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(1000):
        tally.note()
    now += tallies.CALM_SECONDS
    tally.note()

    assert [record.getMessage() for record in caplog.records] == ["1 things", "1000 things"]
