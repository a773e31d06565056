"""Lines from a pipe or a file, and a transcript that reads well as the answer."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from shutil import get_terminal_size
from threading import Thread

from bot.channels.terminal.markup import Style, visible

PORTION = 65_536
WIDEST = 80
"""Longer lines are hard to read, and a pipe has no width of its own."""


class Pipes:
    """Standard input and output when at least one of them is not a terminal."""

    greets = False

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self._received = bytearray()
        self._ended = False

    @property
    def style(self) -> Style:
        """Use the width and the colours of a terminal, if that is where the output goes."""
        return style()

    async def read(self) -> str | None:
        """Wait for a line, and repeat it, so that the output is a transcript."""
        while not self._ended and b"\n" not in self._received:
            portion = await _read_portion()
            self._received += portion
            self._ended = not portion
        if not self._received:
            return None
        raw, _newline, self._received = self._received.partition(b"\n")
        line = raw.decode("utf-8", "replace").removesuffix("\r")
        await self.show(f"> {visible(line)}\n")
        return line

    async def show(self, text: str) -> None:
        """Write at once; note if nobody listens any more."""
        try:
            write(text)
        except BrokenPipeError:
            self.gone.set()

    def leave(self, farewell: str) -> None:  # noqa: ARG002 (a transcript ends with its last reply)
        """Make sure that Python does not try to write the rest to a closed pipe at its end."""
        if self.gone.is_set():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def style() -> Style:
    """Say how standard output shows text at this moment."""
    columns = min(get_terminal_size((WIDEST, 24)).columns, WIDEST)  # COLUMNS counts on a pipe too
    if not sys.stdout.isatty():
        return Style(columns)
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Style(columns, colours=not plain)


def write(text: str) -> None:
    """Write to standard output; what its encoding lacks becomes a question mark."""
    encoding = sys.stdout.encoding
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


async def _read_portion() -> bytes:
    """Read in a thread of its own, which does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    received: asyncio.Future[bytes] = loop.create_future()

    def give(portion: bytes) -> None:
        if not received.done():  # nobody waits for it when the program ends
            received.set_result(portion)

    def read() -> None:
        portion = os.read(sys.stdin.fileno(), PORTION)
        with suppress(RuntimeError):  # the program has ended in the meantime
            loop.call_soon_threadsafe(give, portion)

    Thread(target=read, daemon=True).start()
    return await received
