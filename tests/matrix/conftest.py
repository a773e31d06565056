"""The homeserver, and people on it who talk to each other or to an echo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix import Citizen, Homeserver, Neighbourhood, Proxy, between, living
from tests.matrix.echoes import echoing
from tests.matrix.fixtures import homeserver, strict_homeserver

__all__ = ["homeserver", "strict_homeserver"]


@pytest.fixture
def proxy(homeserver: Homeserver) -> Iterator[Proxy]:
    """Stand before the homeserver."""
    with between(homeserver.url) as proxy:
        yield proxy


@pytest.fixture
def near_an_echo(homeserver: Homeserver, proxy: Proxy, tmp_path: Path) -> Iterator[Neighbourhood]:
    """Run an echo behind the proxy, and let people live near it."""
    account = homeserver.newcomer("echo")
    with echoing(proxy.url, account, tmp_path), living(homeserver, account.user_id) as people:
        yield people


@pytest.fixture
def berta(homeserver: Homeserver) -> Iterator[Citizen]:
    """Give Berta, who can do by hand what a bot does."""
    berta = Citizen(homeserver, "berta", bot=homeserver.user_id("nobody"))
    yield berta
    berta.ends()


@pytest.fixture
def anna(homeserver: Homeserver, berta: Citizen) -> Iterator[Citizen]:
    """Give Anna, who takes Berta for a bot and has an encrypted room with her."""
    with living(homeserver, berta.id) as people:
        anna = people.person("anna").starts(waits=False)
        berta.joins(anna.room_id)
        anna.waits_for_bot()
        yield anna
