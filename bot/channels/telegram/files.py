"""Pictures that people send, fetched from Telegram and cleaned before anybody keeps them."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.updates import File
from bot.dialogue.messages import Picture, Unsupported

log = logging.getLogger(__name__)

LARGEST_BYTES = 20 * 1024 * 1024
"""What Telegram gives to a bot (https://core.telegram.org/bots/api#getfile)."""

PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 1.0
AT_ONCE = 4
"""So many are fetched at once; only one is made smaller at a time, which takes up to 400 MB."""

_STRANGE = (AttributeError, KeyError, RuntimeError, TypeError)
"""What the library raises for an answer in which something is missing."""


class Files:
    """Fetches files, a few at a time."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._places = asyncio.Semaphore(AT_ONCE)
        self._cleaner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    async def fetched(self, file: File) -> Picture | Unsupported:
        """Fetch a picture; if it cannot be had in time, the person is asked to send it again."""
        if (file.file_size or 0) > LARGEST_BYTES:
            return Unsupported("large picture")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._places:
                content = await self._content(file)
                # Pillow takes its time to import, and most people send words.
                from bot.channels.pictures import cleaned  # noqa: PLC0415

                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._cleaner, cleaned, content)
        except TimeoutError:
            return Unsupported("lost picture")
        except BadRequest as error:
            too_big = "too big" in error.message
            return Unsupported("large picture" if too_big else "lost picture")
        except _STRANGE as error:
            log.error("a picture is lost: %s", type(error).__name__)
            return Unsupported("lost picture")

    async def _content(self, file: File) -> bytes:
        while True:
            try:
                found = await self._account.bot.get_file(file.file_id)
                return bytes(await found.download_as_bytearray())
            except BadRequest:
                raise
            except TelegramError:
                await asyncio.sleep(PAUSE_SECONDS)
