"""What the bot is called on Matrix, unless the operator has given it a name."""

from __future__ import annotations

import logging
from urllib.parse import quote

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import MatrixError, Refused

log = logging.getLogger(__name__)


async def introduce(client: Client, city: str) -> None:
    """Give the account a name that citizens understand; nothing else depends on it.

    Source: https://spec.matrix.org/v1.16/client-server-api/#profiles
    """
    path = f"/_matrix/client/v3/profile/{quote(client.user_id)}/displayname"
    localpart = client.user_id.removeprefix("@").partition(":")[0]
    try:
        if await _name(client, path) in {"", localpart}:
            await client.ask("PUT", path, {"displayname": f"Stadtdialog {city}"})
    except MatrixError as error:
        log.info("the name has to wait: %s", error)


async def _name(client: Client, path: str) -> str:
    try:
        return str((await client.ask("GET", path)).get("displayname") or "")
    except Refused:
        return ""
