"""The server: a thread with a loop of its own, that can go down and come up again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

from tests.telegram.answering import Answering
from tests.telegram.bots import Bot
from tests.telegram.deliveries import Deliveries
from tests.telegram.requests import LARGEST_BYTES

T = TypeVar("T")


class Server:
    """Answers on one port of this machine."""

    def __init__(self, answering: Answering, deliveries: Deliveries) -> None:
        self._answering, self._deliveries = answering, deliveries
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._listening: asyncio.Server | None = None
        self._server: web.Server | None = None
        self.port = 0
        answering.records.wake = self.wake

    def start(self) -> None:
        """Start the thread, and listen."""
        self._thread.start()
        self._call(self._open())

    def stop(self) -> None:
        """Close everything, and end the thread."""
        self._call(self._close())
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def down(self) -> None:
        """Refuse connections, and cut those that are open."""
        self._call(self._close())

    def up(self) -> None:
        """Listen again, on the same port."""
        self._call(self._open())

    def wake(self, bot: Bot) -> None:
        """Tell who waits that a bot has updates; called from any thread."""
        self._loop.call_soon_threadsafe(self._woken, bot)

    def _woken(self, bot: Bot) -> None:
        if bot.poll is not None and not bot.poll.done():
            bot.poll.set_result(None)
        self._deliveries.look(bot)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _open(self) -> None:
        if self._listening is not None:
            return
        self._server = web.Server(
            self._answering.respond, request_factory=_request, access_log=None
        )
        self._listening = await self._loop.create_server(
            self._server, "127.0.0.1", self.port, reuse_address=True, backlog=1_024
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listening is None or self._server is None:
            return
        self._listening.close()
        await self._server.shutdown(0.01)  # 0 would be for ever
        await self._listening.wait_closed()
        self._listening = self._server = None

    async def _end(self) -> None:
        await self._deliveries.close()
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _request(
    message: Any,  # noqa: ANN401 - aiohttp's own types of the low-level server
    payload: Any,  # noqa: ANN401
    protocol: Any,  # noqa: ANN401
    writer: Any,  # noqa: ANN401
    task: Any,  # noqa: ANN401
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    size = LARGEST_BYTES + 1024 * 1024
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=size)
