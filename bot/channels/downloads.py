"""Pictures from people: fetched with patience, a few at a time, and cleaned."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from bot.dialogue.messages import Picture, Unsupported

LARGEST_BYTES = 20 * 1024 * 1024
"""What Telegram gives to a bot (https://core.telegram.org/bots/api#getfile), and so elsewhere."""

PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 1.0
AT_ONCE = 4
"""So many are fetched at once; only one is made smaller at a time, which takes up to 400 MB."""

TOO_LARGE, LOST = Unsupported("large picture"), Unsupported("lost picture")


class Downloads:
    """Fetches the pictures of one network."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._cleaner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    async def cleaned(
        self, fetch: Callable[[], Awaitable[bytes]], decrypt: Callable[[bytes], bytes] = bytes
    ) -> Picture | Unsupported:
        """Fetch a picture and clean it; raises TimeoutError, or what one of the two raises."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._places:
            content = await fetch()
            if len(content) > LARGEST_BYTES:
                return TOO_LARGE
            # Pillow takes its time to import, and most people send words.
            from bot.channels.pictures import cleaned  # noqa: PLC0415

            opened = decrypt(content)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._cleaner, cleaned, opened)
