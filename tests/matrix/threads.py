"""A thread with an event loop, for what has to go on while a test waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

PATIENCE_SECONDS = 60.0

T = TypeVar("T")


class Thread:
    """An event loop that runs until it ends; it is used from any other thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def does(self, work: Coroutine[Any, Any, T], seconds: float = PATIENCE_SECONDS) -> T:
        """Run this to its end, and give what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def begins(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let this go on."""

        async def begun() -> asyncio.Task[T]:
            return asyncio.create_task(work)

        return self.does(begun())

    def ends(self) -> None:
        """Cancel what still goes on, and end the thread."""
        if self.loop.is_closed():
            return
        self.does(_cancelled())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def _cancelled() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
    await asyncio.get_running_loop().shutdown_default_executor()
