"""A balancer in front of two programs, as operators put one: it leaves out who does not answer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count

BYTES = 65_536


class Balancer:
    """Passes each connection on to the next of these ports of this machine that takes it."""

    def __init__(self, port: int, behind: tuple[int, ...]) -> None:
        self._port, self._behind, self._turn = port, behind, count()
        self._loop = asyncio.new_event_loop()
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="balancer")

    def start(self) -> None:
        """Listen, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        if self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
        await self._ended.wait()
        server.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = next(self._turn)
        for number in range(len(self._behind)):
            port = self._behind[(start + number) % len(self._behind)]
            with suppress(OSError):
                there, back = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_carry(reader, back), _carry(there, writer))
                return
        writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while portion := await reader.read(BYTES):
            writer.write(portion)
            await writer.drain()
    writer.close()


@contextmanager
def balancing(port: int, behind: tuple[int, ...]) -> Iterator[None]:
    """Balance while the context lasts."""
    balancer = Balancer(port, behind)
    balancer.start()
    try:
        yield
    finally:
        balancer.stop()


def free_ports(number: int) -> tuple[int, ...]:
    """Find ports of this machine that nobody uses."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return tuple(int(probe.getsockname()[1]) for probe in probes)
