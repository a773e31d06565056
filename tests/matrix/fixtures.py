"""Fixtures for every folder of tests that needs Matrix: import them into its `conftest.py`.

There is one homeserver in each process of pytest, however many folders import the fixture.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from tests.matrix import homeservers
from tests.matrix.homeservers import Homeserver

_HOMESERVERS = pytest.StashKey[dict[str, Homeserver]]()


@pytest.fixture(scope="session")
def homeserver(pytestconfig: pytest.Config) -> Homeserver:
    """Start a homeserver without rate limits when the first test asks for it."""
    return _running(pytestconfig, "unlimited", None)


@pytest.fixture(scope="session")
def strict_homeserver(pytestconfig: pytest.Config) -> Homeserver:
    """Start one with the limits that Synapse has by itself: ten messages, then one in 5 s."""
    return _running(pytestconfig, "strict", {})


def _running(config: pytest.Config, kind: str, limits: dict[str, Any] | None) -> Homeserver:
    started = config.stash.setdefault(_HOMESERVERS, {})
    if kind not in started:
        runs = ExitStack()
        started[kind] = runs.enter_context(homeservers.running(limits))
        config.add_cleanup(runs.close)
    return started[kind]
