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
LAST_SECONDS = 10.0
"""How long requests may go on that have begun when the program ends."""

Take = Callable[[Mapping[str, str], bytes], Awaitable[HTTPStatus]]
"""Takes the headers and the body of a POST, and gives the status to answer with."""

IsWell = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def serving(
    host: str, port: int, takers: Mapping[str, Take], is_well: IsWell
) -> AsyncIterator[None]:
    """Serve while the context lasts; raises OSError if the port is not free."""
    application = web.Application(client_max_size=LARGEST_BODY_BYTES)
    application.router.add_get(HEALTH, _health(is_well))
    for path, take in takers.items():
        application.router.add_post(path, _post(take))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=LAST_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _post(take: Take) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def post(request: web.Request) -> web.Response:
        return web.Response(status=await take(request.headers, await request.read()))

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
