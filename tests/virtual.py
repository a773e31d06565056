"""Virtual time: pauses of seconds or hours take none, and nothing depends on a busy machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from functools import wraps
from selectors import SelectorKey, SelectSelector
from typing import Any, ParamSpec

P = ParamSpec("P")

LONGEST_SECONDS = 5 * 3600.0
"""A test that waits for longer waits in vain."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock leaps to the next timer when there is nothing else to do.

    While a thread is at work for it, the loop waits for the thread and the clock stands still.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._at_work = 0
        super().__init__(_Leaping(self))

    def time(self) -> float:
        """Tell the time, in seconds since the loop was made."""
        return self._now

    def leap(self, seconds: float) -> bool:
        """Let time pass, unless a thread is at work."""
        if self._at_work:
            return False
        self._now += seconds
        return True

    def run_in_executor(
        self, executor: Executor | None, function: Callable[..., Any], *arguments: object
    ) -> asyncio.Future[Any]:
        """Let a thread work, and wait for it."""
        self._at_work += 1
        future = super().run_in_executor(executor, function, *arguments)
        future.add_done_callback(self._has_worked)
        return future

    def _has_worked(self, _: object) -> None:
        self._at_work -= 1


class _Leaping(SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        if timeout is not None and timeout > 0 and self._loop.leap(timeout):
            timeout = 0
        return super().select(timeout)


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in virtual time."""

    @wraps(test)
    def run(*arguments: P.args, **options: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.wait_for(test(*arguments, **options), LONGEST_SECONDS))

    return run
