"""A sink: answers every call of the Bot API at once, in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from tests.bench.answers import answer

PATIENCE_SECONDS = 60
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


@dataclass
class Sink:
    """Where a sink listens, and how many messages it has taken since the count was set."""

    url: str
    taken: Synchronized[int]

    def waits_for(self, number: int) -> float:
        """Wait until it has taken so many; give the time on the monotonic clock."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.taken.value < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.taken.value} messages instead of {number}")
            time.sleep(0.001)
        return time.monotonic()


class _Answering(asyncio.Protocol):
    """One connection; whoever calls waits for each answer."""

    def __init__(self, taken: Synchronized[int]) -> None:
        self._taken = taken
        self._transport: asyncio.Transport
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is there as a whole."""
        self._read += data
        end = self._read.find(_END)
        if end < 0:
            return
        head = self._read[:end]
        length = _LENGTH.search(head)
        if len(self._read) < end + len(_END) + (int(length[1]) if length else 0):
            return
        path = head.split(b" ", 2)[1].decode()
        self._read = b""
        if path.endswith("/sendMessage"):
            self._taken.value += 1  # nobody else writes, but who begins to count
        content = answer(path)
        self._transport.write(_HEAD % (len(content), content))


def serve(pipe: Connection, taken: Synchronized[int]) -> None:
    """Serve until the pipe closes, after telling the port."""
    asyncio.run(_serve(pipe, taken))


async def _serve(pipe: Connection, taken: Synchronized[int]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: _Answering(taken), "127.0.0.1", 0, backlog=1_024)
    async with server:
        pipe.send(server.sockets[0].getsockname()[1])
        loop.add_reader(pipe.fileno(), ended.set)
        await ended.wait()


@contextmanager
def sinking() -> Iterator[Sink]:
    """Run a sink while the context lasts."""
    context = multiprocessing.get_context("spawn")
    taken = context.Value("L", 0, lock=False)
    ours, its = context.Pipe()
    process = context.Process(target=serve, args=(its, taken), daemon=True)
    process.start()
    its.close()
    try:
        assert ours.poll(PATIENCE_SECONDS), "the sink does not start"
        yield Sink(f"http://127.0.0.1:{ours.recv()}", taken)
    finally:
        ours.close()
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
