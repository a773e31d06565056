"""What is under way of all that the homeserver has told, and up to where everything is done."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

SLOW_SECONDS = 0.5
"""After this long, nobody else waits for what is still under way (a large picture)."""

MOST_BUSY = 20
"""So many answers of the homeserver may be carried out at once; then the first one is awaited."""

Tasks = set[asyncio.Task[None]]


@dataclass
class Portion:
    """What came with one answer of the homeserver; when all is done, `token` may be kept."""

    token: str
    tasks: Tasks = field(default_factory=set)
    patient: Tasks = field(default_factory=set)
    """What nobody waits for: a room may be on a homeserver that does not answer."""

    def start(self, activity: Coroutine[Any, Any, None]) -> None:
        """Begin with something that others wait for, unless it is slow."""
        self.tasks.add(asyncio.create_task(activity))

    def start_patiently(self, activity: Coroutine[Any, Any, None]) -> None:
        """Begin with something that may take long."""
        self.patient.add(asyncio.create_task(activity))

    @property
    def every(self) -> Tasks:
        """Everything that belongs to it."""
        return self.tasks | self.patient

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that others wait for."""
        return not all(task.done() for task in self.tasks)

    @property
    def is_done(self) -> bool:
        """Whether nothing is under way any more."""
        return all(task.done() for task in self.every)


class Portions:
    """Everything under way; `done` is the last token before which nothing is missing."""

    def __init__(self) -> None:
        self._under_way: deque[Portion] = deque()
        self.done: str | None = None

    def add(self, token: str) -> Portion:
        """Begin with an answer of the homeserver."""
        portion = Portion(token)
        self._under_way.append(portion)
        return portion

    async def wait(self) -> None:
        """Wait for what is under way, but not for long, and see how far everything is done.

        Raises what has gone wrong in between.
        """
        tasks = {task for portion in self._under_way for task in portion.tasks}
        if tasks:
            await asyncio.wait(tasks, timeout=SLOW_SECONDS)
        while len(busy := [each for each in self._under_way if each.is_busy]) > MOST_BUSY:
            await asyncio.wait(busy[0].tasks)
        while self._under_way and self._under_way[0].is_done:
            portion = self._under_way.popleft()
            for task in portion.every:
                task.result()
            self.done = portion.token

    async def break_off(self) -> None:
        """Leave what is not done to whoever comes next."""
        tasks = [task for portion in self._under_way for task in portion.every]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
