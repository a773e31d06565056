"""Telegram as it brings updates: keep-alive connections, in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection

from bot.channels.telegram.webhook import SECRET_HEADER
from tests.bench.recordings import Line
from tests.bench.sinks import PATIENCE_SECONDS

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Visit:
    """So many people who register, each chat at one of so many connections, one after the other."""

    port: int
    secret: str
    lines: Sequence[Line]
    chats: range
    first_update: int
    connections: int


class _Connection(asyncio.Protocol):
    """One connection, with one update under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._answered: asyncio.Future[bytes]
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read until the answer is there as a whole."""
        self._read += data
        end = self._read.find(_END)
        length = _LENGTH.search(self._read, 0, end + 2) if end >= 0 else None
        if end < 0 or len(self._read) < end + len(_END) + (int(length[1]) if length else 0):
            return
        status, self._read = self._read.split(b" ", 2)[1], b""
        self._answered.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        """Let nobody wait for ever."""
        if hasattr(self, "_answered") and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError())

    async def bring(self, request: bytes) -> bytes:
        """Bring one update, and give the status of the answer."""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        """End."""
        self._transport.close()


async def _visit(visit: Visit) -> float:
    """Bring everything; gives when the first update left, on the monotonic clock."""
    loop, chats, updates = asyncio.get_running_loop(), iter(visit.chats), count(visit.first_update)
    head = (
        f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{visit.port}\r\n"
        f"Content-Type: application/json\r\n{SECRET_HEADER}: {visit.secret}\r\n"
        "Content-Length: "
    ).encode()

    async def bring(connection: _Connection) -> None:
        for chat in chats:
            for line in visit.lines:
                body = line.body(next(updates), chat)
                status = await connection.bring(b"%b%d\r\n\r\n%b" % (head, len(body), body))
                assert status == b"200", status
        connection.close()

    opened = [
        (await loop.create_connection(_Connection, "127.0.0.1", visit.port))[1]
        for _ in range(visit.connections)
    ]
    start = time.monotonic()
    await asyncio.gather(*(bring(connection) for connection in opened))
    return start


def _load(pipe: Connection) -> None:
    while True:
        try:
            visit = pipe.recv()
        except EOFError:
            return
        pipe.send(asyncio.run(_visit(visit)))


class Loads:
    """The process that brings updates."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def bring(self, visit: Visit) -> float:
        """Bring updates until all are acknowledged; gives when the first one left."""
        self._pipe.send(visit)
        assert self._pipe.poll(PATIENCE_SECONDS), "the webhook does not answer"
        start: float = self._pipe.recv()
        return start


@contextmanager
def loading() -> Iterator[Loads]:
    """Run the process while the context lasts."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_load, args=(its,), daemon=True)
    process.start()
    its.close()
    try:
        yield Loads(ours)
    finally:
        ours.close()
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
