"""Pictures that people send, fetched from the homeserver, and files that the bot sends."""

from __future__ import annotations

import asyncio
import logging
from io import BytesIO
from typing import Any

from nio import EncryptionError
from nio.crypto.attachments import decrypt_attachment

from bot.channels.downloads import LOST, PAUSE_SECONDS, TOO_LARGE, Downloads
from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import MatrixError, Refused
from bot.channels.matrix.incoming import Fetchable
from bot.channels.matrix.letters import File
from bot.channels.sizes import LARGEST_BYTES
from bot.dialogue.messages import Picture, Unsupported

log = logging.getLogger(__name__)


class Files:
    """Fetches pictures, and uploads files."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._downloads = Downloads()

    async def fetched(self, file: Fetchable) -> Picture | Unsupported:
        """Fetch a picture; if it cannot be had in time, the person is asked to send it again."""
        if file.size > LARGEST_BYTES:
            return TOO_LARGE
        if not file.url.startswith("mxc://"):
            return LOST
        try:
            return await self._downloads.cleaned(
                lambda: self._content(file.url), lambda content: _opened(content, file)
            )
        except (TimeoutError, Refused, EncryptionError, ValueError) as error:
            log.info("a picture is lost: %s", type(error).__name__)
            return LOST

    async def sent(self, file: File, *, encrypted: bool) -> dict[str, Any]:
        """Upload a file, and write the content of the message that shows it."""
        response, key = await self._client.upload(
            BytesIO(file.content),
            content_type=file.media_type,
            filename=None if encrypted else file.name,
            encrypt=encrypted,
            filesize=len(file.content),
        )
        where = {"url": response.content_uri}
        info = {"mimetype": file.media_type, "size": len(file.content)}
        kind = "m.image" if file.media_type.startswith("image/") else "m.file"
        content = {"msgtype": kind, "body": file.caption, "filename": file.name, "info": info}
        return {**content, "file": {**(key or {}), **where}} if encrypted else {**content, **where}

    async def _content(self, url: str) -> bytes:
        while True:
            try:
                response = await self._client.download(url)
            except Refused:
                raise
            except MatrixError:
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                return bytes(response.body)


def _opened(content: bytes, file: Fetchable) -> bytes:
    """Decrypt what is encrypted."""
    if not file.key:
        return content
    return bytes(decrypt_attachment(content, file.key, file.sha256, file.iv))
