"""The two sides of a terminal: where lines come from, and where replies are shown."""

from __future__ import annotations

import asyncio
from typing import Protocol

from bot.channels.terminal.markup import Style


class Screen(Protocol):
    """What a person types and sees; a keyboard and a screen, or two pipes."""

    gone: asyncio.Event
    """Set when nobody reads any more what is shown."""

    greets: bool
    """Whether the bot speaks first to somebody new."""

    @property
    def style(self) -> Style:
        """Say how text is shown at this moment."""
        ...

    async def read(self) -> str | None:
        """Wait for a line; None is the end."""
        ...

    async def show(self, text: str) -> None:
        """Show text that is laid out already."""
        ...

    def leave(self, farewell: str) -> None:
        """End, and say goodbye where somebody is there to read it."""
        ...
