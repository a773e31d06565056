"""Pictures opened in a process of their own, which can be ended, with little memory and time.

What strangers send may be made to need more of both than there is. Such a picture ends nothing
but its process, and nobody else's waits for long.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from uuid import uuid4

from bot.channels.sizes import LARGEST_BYTES
from bot.dialogue.messages import Picture, Unsupported

MOST_MEMORY_BYTES = 400 * 1024 * 1024
MOST_PROCESSOR_SECONDS = 5
LONGEST_SECONDS = 15.0
"""Of the clock on the wall, if others use the processor as well."""

_BROKEN, _LARGE, _HUGE = (
    Unsupported("picture"),
    Unsupported("large picture"),
    Unsupported("huge picture"),
)
_REFUSALS = {str(each.kind).encode(): each for each in (_BROKEN, _LARGE, _HUGE)}
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME")
"""Of the environment, in which there are secrets as well."""


async def cleaned(content: bytes) -> Picture | Unsupported:
    """Give a picture without metadata, or why it is refused; if cancelled, it ends at once."""
    if len(content) > LARGEST_BYTES:
        return _LARGE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", __name__),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        start_new_session=True,  # Ctrl-C is for the bot, which decides what becomes of pictures
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            written, _nothing = await process.communicate(content)
    except TimeoutError:
        return _HUGE
    finally:
        await _end(process)
    if process.returncode != 0:
        return _HUGE if process.returncode in {-SIGKILL, -SIGXCPU} else _BROKEN
    kind, _line, seen = written.partition(b"\n")
    return _REFUSALS.get(kind) or Picture(uuid4().hex, kind.decode(), seen)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        ending = asyncio.ensure_future(process.wait())
        while not ending.done():
            with suppress(asyncio.CancelledError):  # once more: it is killed, and ends at once
                await asyncio.shield(ending)


def _limit() -> None:
    """Let this process have little; if the machine runs out of memory, let it go first."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    seconds = MOST_PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    with suppress(OSError):  # only Linux knows it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _main() -> None:
    from bot.channels import pictures  # noqa: PLC0415 (Pillow is for this process alone)

    _limit()
    content = sys.stdin.buffer.read()
    try:
        found = pictures.cleaned(content)
    except MemoryError:
        found = _HUGE
    match found:
        case Unsupported(kind):
            sys.stdout.buffer.write(kind.encode())
        case Picture(_id, media_type, seen):
            sys.stdout.buffer.write(media_type.encode() + b"\n" + seen)


if __name__ == "__main__":
    _main()
