"""The web server: one address for each network that brings its messages, and /health."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

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

IsWell = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def serving(
    host: str, port: int, takers: Mapping[str, Take], is_well: IsWell
) -> AsyncIterator[None]:
    """Serve while the context lasts; raises OSError if the port is not free."""
    busy: set[object] = set()
    application = web.Application(client_max_size=LARGEST_BODY_BYTES)
    application.router.add_get(HEALTH, _health(is_well))
    for path, take in takers.items():
        application.router.add_post(path, _post(take, busy))
    runner = web.AppRunner(
        application,
        access_log=None,
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


def _health(is_well: IsWell) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def health(_request: web.Request) -> web.Response:
        try:
            well = await asyncio.wait_for(is_well(), HEALTHY_SECONDS)
        except TimeoutError:
            well = False
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return web.Response(status=status, text="ok\n" if well else "the database is away\n")

    return health
