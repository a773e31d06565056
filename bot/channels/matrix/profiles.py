"""What the bot is called on Matrix, unless the operator has given it a name."""

from __future__ import annotations

from urllib.parse import quote

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import Refused


async def introduce(client: Client, city: str) -> None:
    """Give the account a name that citizens understand; raises MatrixError.

    Source: https://spec.matrix.org/v1.16/client-server-api/#profiles
    """
    path = f"/_matrix/client/v3/profile/{quote(client.user_id)}/displayname"
    localpart = client.user_id.removeprefix("@").partition(":")[0]
    client.display_name = await _name(client, path)
    if client.display_name in {"", localpart}:
        client.display_name = f"Stadtdialog {city}"
        await client.ask("PUT", path, {"displayname": client.display_name})


async def _name(client: Client, path: str) -> str:
    try:
        return str((await client.ask("GET", path)).get("displayname") or "")
    except Refused:
        return ""
