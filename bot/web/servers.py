"""The web server: one address for each network that brings its messages, and /health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.tallies import Tally

log = logging.getLogger(__name__)

HEALTH = "/health"
LARGEST_BODY_BYTES = 1024 * 1024
"""Updates are a few kilobytes; files are fetched, not brought."""

HEALTHY_SECONDS = 3.0
IDLE_SECONDS = 75.0
"""A connection without a request is closed after this; reverse proxies keep theirs for 60."""

BODY_SECONDS = 10.0
MOST_CONNECTIONS = 200
"""Telegram opens 100; beyond this the oldest one that waits for a request is closed."""

BACKLOG = 128
LAST_SECONDS = 10.0
"""How long requests may go on that have begun when the program ends."""

Body = Callable[[], Awaitable[bytes]]
Take = Callable[[Mapping[str, str], Body], Awaitable[HTTPStatus]]
"""Takes the headers of a POST, and its body if they are good; gives the status to answer with."""


@dataclass(frozen=True)
class Health:
    """How the program is; `deletions` counts what is announced to be deleted."""

    well: bool
    deletions: int = 0
    is_damaged: bool = False


Examine = Callable[[], Awaitable[Health]]


class Strangers(logging.LoggerAdapter[logging.Logger]):
    """What is said of requests that fail: those of strangers, which are none, are only counted."""

    def __init__(self) -> None:
        super().__init__(log)
        self._tally = Tally(log, "%d requests at the port could not be read")

    def exception(self, msg: object, *args: object, exc_info: Any = True, **more: Any) -> None:  # noqa: ANN401 (as the library has it)
        """Report what a request has raised."""
        if isinstance(exc_info, HttpProcessingError | web.RequestPayloadError):
            self._tally.note()
        else:
            super().exception(msg, *args, exc_info=exc_info, **more)


@asynccontextmanager
async def serving(
    host: str, port: int, takers: Mapping[str, Take], examine: Examine
) -> AsyncIterator[None]:
    """Serve while the context lasts; raises OSError if the port is not free."""
    busy: set[object] = set()
    application = web.Application(client_max_size=LARGEST_BODY_BYTES)
    application.router.add_get(HEALTH, _health(examine))
    for path, take in takers.items():
        application.router.add_post(path, _post(take, busy))
    runner = web.AppRunner(
        application,
        access_log=None,
        logger=cast("logging.Logger", Strangers()),
        shutdown_timeout=LAST_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
        auto_decompress=False,  # nobody sends that, but strangers would
    )
    await runner.setup()
    try:
        listening = await _listening(runner, busy, host, port)
        try:
            yield
        finally:
            listening.close()
    finally:
        await runner.cleanup()


async def _listening(
    runner: web.AppRunner, busy: set[object], host: str, port: int
) -> asyncio.Server:
    """Open the port; whoever only holds a connection makes room for others."""
    server = runner.server
    if server is None:
        raise RuntimeError("the server is not set up")

    def make_room() -> None:
        connections = [each for each in server.connections if each.transport]
        if len(connections) >= MOST_CONNECTIONS:
            idle = next((each for each in connections if each not in busy), None)
            if idle is not None:
                idle.force_close()

    def connected() -> asyncio.Protocol:
        loop.call_soon(make_room)  # many are accepted at once, and count only a moment later
        return server()

    loop = asyncio.get_running_loop()
    return await loop.create_server(connected, host, port, backlog=BACKLOG)


def _post(take: Take, busy: set[object]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Take what is posted; `busy` holds the connections on which that is going on."""

    async def post(request: web.Request) -> web.Response:
        async def body() -> bytes:
            async with asyncio.timeout(BODY_SECONDS):
                return await request.read()

        busy.add(request.protocol)
        try:
            return web.Response(status=await take(request.headers, body))
        except TimeoutError:
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        finally:
            busy.discard(request.protocol)

    return post


def _health(examine: Examine) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def health(_request: web.Request) -> web.Response:
        try:
            found = await asyncio.wait_for(examine(), HEALTHY_SECONDS)
        except TimeoutError:
            found = Health(well=False)
        if not found.well:
            text = f"the database is {'damaged' if found.is_damaged else 'away'}\n"
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=text)
        text = f"ok\ndeletions announced: {found.deletions}\n" if found.deletions else "ok\n"
        return web.Response(text=text)

    return health
