"""Pictures from people: fetched with patience, a few at a time, and cleaned.

A person's pictures come one after the other; so whoever sends many stands in line once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels import decoders
from bot.channels.sizes import LARGEST_BYTES
from bot.dialogue.messages import Picture, Unsupported

PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 1.0
AT_ONCE = 4
"""So many are fetched at once; only one is opened at a time, which takes up to 400 MB."""

TOO_LARGE, LOST = Unsupported("large picture"), Unsupported("lost picture")


class Downloads:
    """Fetches the pictures of one network."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._decoder = asyncio.Lock()

    async def cleaned(
        self, fetch: Callable[[], Awaitable[bytes]], decrypt: Callable[[bytes], bytes] = bytes
    ) -> Picture | Unsupported:
        """Fetch a picture and clean it; raises TimeoutError, or what one of the two raises."""
        async with self._places:
            async with asyncio.timeout(PATIENCE_SECONDS):
                content = await fetch()
            if len(content) > LARGEST_BYTES:
                return TOO_LARGE
            opened = decrypt(content)
            async with self._decoder:
                return await decoders.cleaned(opened)
