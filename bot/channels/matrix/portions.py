"""What is under way of all that the homeserver has told, and up to where everything is done."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

SLOW_SECONDS = 0.5
"""After this long, nobody else waits for what is still under way."""

MOST_BUSY = 20
"""So many answers of the homeserver may be carried out at once; then the first one is awaited."""

Tasks = set[asyncio.Task[None]]


@dataclass
class Portion:
    """What came with one answer of the homeserver; when all is done, `token` may be kept."""

    token: str
    tasks: dict[asyncio.Task[None], str] = field(default_factory=dict)
    """What others wait for, with the room to which it belongs."""
    patient: Tasks = field(default_factory=set)
    """What nobody waits for: a room may be on a homeserver that does not answer."""

    def start(self, activity: Coroutine[Any, Any, None], room_id: str) -> None:
        """Begin with something in a room that others wait for, unless it is slow."""
        self.tasks[asyncio.create_task(activity)] = room_id

    def start_patiently(self, activity: Coroutine[Any, Any, None]) -> None:
        """Begin with something that may take long."""
        self.patient.add(asyncio.create_task(activity))

    @property
    def every(self) -> Tasks:
        """Everything that belongs to it."""
        return self.tasks.keys() | self.patient

    def busy(self, waits: Callable[[str], bool]) -> Tasks:
        """Give what is under way that others wait for; they do not if its room `waits`."""
        return {task for task, room in self.tasks.items() if not (task.done() or waits(room))}

    @property
    def is_done(self) -> bool:
        """Whether nothing is under way any more."""
        return all(task.done() for task in self.every)


class Portions:
    """Everything under way; `done` is the last token before which nothing is missing."""

    def __init__(self, waits: Callable[[str], bool]) -> None:
        self._waits = waits
        """Tells whether a room waits for a picture."""
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
        if tasks := {task for portion in self._busy() for task in portion}:
            await asyncio.wait(tasks, timeout=SLOW_SECONDS)
        while len(busy := self._busy()) > MOST_BUSY:
            await asyncio.wait(busy[0], timeout=SLOW_SECONDS)
        while self._under_way and self._under_way[0].is_done:
            portion = self._under_way.popleft()
            for task in portion.every:
                task.result()
            self.done = portion.token

    def _busy(self) -> list[Tasks]:
        busy = [portion.busy(self._waits) for portion in self._under_way]
        return [each for each in busy if each]

    async def break_off(self) -> None:
        """Leave what is not done to whoever comes next."""
        tasks = [task for portion in self._under_way for task in portion.every]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
