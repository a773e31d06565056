"""What stands between a bot and its homeserver: it counts, and lets things go wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.matrix.calls import Call, Calls
from tests.matrix.faults import BAD_GATEWAY, Fault, Faults
from tests.matrix.threads import Thread

LARGEST_BYTES = 64 * 1024 * 1024
_PREFIXES = ("/_matrix/client/v3/", "/_matrix/client/", "/_matrix/")
_HOP_BY_HOP = {"connection", "content-encoding", "content-length", "date", "host", "server"}
_HOP_BY_HOP |= {"keep-alive", "transfer-encoding"}


class Proxy:
    """A reverse proxy on one port of this machine."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._thread = Thread("proxy")
        self._listening: asyncio.Server | None = None
        self._server: web.Server | None = None
        self._client: aiohttp.ClientSession | None = None
        self.port = 0
        self.faults, self.calls = Faults(), Calls()

    @property
    def url(self) -> str:
        """What the bot takes for its homeserver."""
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._thread.does(self._open())

    def down(self) -> None:
        """Refuse connections, and cut those that are open."""
        self._thread.does(self._close())

    def cuts(self) -> None:
        """Cut the open connections, so that a sync that waits ends at once."""
        self.down()
        self.up()

    def ends(self) -> None:
        """Close everything."""
        self.down()
        self._thread.ends()

    async def _open(self) -> None:
        if self._listening is not None:
            return
        self._client = aiohttp.ClientSession(
            self._upstream,
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None),
        )
        self._server = web.Server(self._respond, request_factory=_request, access_log=None)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            self._server, "127.0.0.1", self.port, reuse_address=True, backlog=1_024
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listening is None or self._server is None or self._client is None:
            return
        self._listening.close()
        await self._server.shutdown(0.01)  # 0 would be for ever
        await self._listening.wait_closed()
        await self._client.close()
        self._listening = self._server = self._client = None

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        path, at = _short(request.path), time.time()
        status = 0
        try:
            answer = await self._answer(request, path)
            status = answer.status if answer else 0
        finally:
            self.calls.add(Call(at, request.method, path, status))
        if answer is None and request.transport is not None:
            request.transport.abort()
        return answer or web.Response()

    async def _answer(self, request: web.BaseRequest, path: str) -> web.Response | None:
        body = await request.read()
        fault = self.faults.take(request.method, path) or Fault(is_carried_out=True)
        answer = await self._forwarded(request, body) if fault.is_carried_out else web.Response()
        await asyncio.sleep(fault.seconds)
        if fault.is_closed:
            return None
        if fault.body is not None:
            return web.Response(status=fault.status, body=fault.body, content_type=fault.media_type)
        return answer

    async def _forwarded(self, request: web.BaseRequest, body: bytes) -> web.Response:
        assert self._client is not None
        try:
            async with self._client.request(
                request.method,
                request.raw_path,
                data=body or None,
                headers=_passed_on(request.headers.items()),
                allow_redirects=False,
            ) as answer:
                content = await answer.read()
                headers = _passed_on(answer.headers.items())
                return web.Response(status=answer.status, body=content, headers=headers)
        except aiohttp.ClientConnectionError:
            return web.Response(status=502, body=BAD_GATEWAY, content_type="text/html")


@contextmanager
def between(upstream: str) -> Iterator[Proxy]:
    """Stand before a homeserver for the time of a test."""
    proxy = Proxy(upstream)
    proxy.up()
    try:
        yield proxy
    finally:
        proxy.ends()


def _short(path: str) -> str:
    for prefix in _PREFIXES:
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path.strip("/")


def _passed_on(headers: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - of multidict
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def _request(
    message: Any,  # noqa: ANN401 - aiohttp's own types of the low-level server
    payload: Any,  # noqa: ANN401
    protocol: Any,  # noqa: ANN401
    writer: Any,  # noqa: ANN401
    task: Any,  # noqa: ANN401
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BYTES
    )
