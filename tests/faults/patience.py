"""Waiting for what has to happen soon."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from sqlalchemy import make_url

PATIENCE_SECONDS = 60


def nobody_is_connected(url: str) -> None:
    """Wait until PostgreSQL has finished what a killed program had asked for."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    server = f"postgresql://postgres@/postgres?host={address.query['host']}"
    with psycopg.connect(server, autocommit=True) as connection:
        until(lambda: connection.execute(others, [address.database]).fetchone() == (0,))


def until(true: Callable[[], bool]) -> None:
    """Look again and again until something is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)
