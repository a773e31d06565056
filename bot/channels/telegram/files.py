"""Pictures that people send, fetched from Telegram and cleaned before anybody keeps them."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, TelegramError

from bot.channels.downloads import LOST, PAUSE_SECONDS, TOO_LARGE, Downloads
from bot.channels.sizes import LARGEST_BYTES
from bot.channels.telegram.accounts import Account
from bot.channels.telegram.updates import File
from bot.dialogue.messages import Picture, Unsupported

log = logging.getLogger(__name__)

_STRANGE = (AttributeError, KeyError, RuntimeError, TypeError)
"""What the library raises for an answer in which something is missing."""


class Files:
    """Fetches pictures."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._downloads = Downloads()

    async def fetched(self, file: File) -> Picture | Unsupported:
        """Fetch a picture; if it cannot be had in time, the person is asked to send it again."""
        if (file.file_size or 0) > LARGEST_BYTES:
            return TOO_LARGE
        try:
            return await self._downloads.cleaned(lambda: self._content(file))
        except TimeoutError:
            return LOST
        except BadRequest as error:
            return TOO_LARGE if "too big" in error.message else LOST
        except _STRANGE as error:
            log.error("a picture is lost: %s", type(error).__name__)
            return LOST

    async def _content(self, file: File) -> bytes:
        while True:
            try:
                found = await self._account.bot.get_file(file.file_id)
                return bytes(await found.download_as_bytearray())
            except BadRequest:
                raise
            except TelegramError:
                await asyncio.sleep(PAUSE_SECONDS)
