"""Where a program dies: at a place in its own code, by its own hand."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable


def plant(place: str) -> None:
    """Make this process kill itself when it comes to a place for the second time."""
    module, _, rest = place.partition(":")
    owner_name, _, name = rest.partition(".")
    owner = getattr(sys.modules[module], owner_name)
    moment, _, name = name.partition(" ")
    setattr(owner, name, _deadly(getattr(owner, name), before=moment == "before"))


def _deadly(function: Callable[..., object], *, before: bool) -> Callable[..., object]:
    calls = 0

    def deadly(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if before and calls > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **options)
        if calls > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return deadly
