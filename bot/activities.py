"""Activities side by side, and how they end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def until_the_first_ends(*activities: Coroutine[Any, Any, object]) -> None:
    """Run activities side by side; when one ends or fails, or this is cancelled, so do all."""
    tasks = [asyncio.create_task(activity) for activity in activities]
    try:
        ended, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in sorted(ended, key=lambda each: each.cancelled()):  # a failure says more
        task.result()


class Interruptible:
    """An activity that can be broken off while everything around it goes on."""

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None

    async def run(self, activity: Coroutine[Any, Any, object]) -> None:
        """Run an activity; if it is broken off, or has come to its end, wait to be cancelled."""
        task = self._task = asyncio.create_task(activity)
        try:
            await asyncio.wait({task})
            if not task.cancelled():
                task.result()
            await asyncio.Event().wait()
        finally:
            await self.break_off()

    async def break_off(self) -> None:
        """Break the activity off, if it goes on, and wait for its end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
