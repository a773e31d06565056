"""Telegram for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telegram import Telegram, running

MOSTLY_POLLING = [
    pytest.param(False, id="polling"),
    pytest.param(True, id="webhook", marks=pytest.mark.soak),
]
"""For what hardly depends on the way in: the other way only in a soak."""


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    """Run Telegram; it survives whatever happens to the bot."""
    with running() as stand_in:
        yield stand_in


@pytest.fixture(params=["polling", "webhook"])
def webhook(request: pytest.FixtureRequest) -> bool:
    """Take updates in both ways."""
    return bool(request.param == "webhook")
