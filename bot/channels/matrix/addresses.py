"""Where the homeserver is: at the address that was given, or where that address says it is.

https://spec.matrix.org/v1.16/client-server-api/#well-known-uris
"""

from __future__ import annotations

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import Gibberish, Refused
from bot.services.refusals import OperatorError

_VERSIONS = "/_matrix/client/versions"
_WELL_KNOWN = "/.well-known/matrix/client"
_UNKNOWN = (Refused, Gibberish)


async def find(client: Client, given: str) -> None:
    """Let the client ask the homeserver of an address or a domain.

    Raises Away, or OperatorError if there is none.
    """
    address = (given if "://" in given else f"https://{given}").rstrip("/")
    if await _is_homeserver(client, address):
        return
    named = await _named(client, address)
    if named is not None and await _is_homeserver(client, named):
        return
    raise OperatorError(
        "There is no Matrix homeserver at MATRIX_HOMESERVER.\n"
        "Expected: its address, such as https://matrix.stadt.example, or its domain."
    )


async def _is_homeserver(client: Client, address: str) -> bool:
    client.homeserver = address
    try:
        return "versions" in await client.ask("GET", _VERSIONS)
    except _UNKNOWN:
        return False


async def _named(client: Client, address: str) -> str | None:
    client.homeserver = address
    try:
        answer = await client.ask("GET", _WELL_KNOWN)
    except _UNKNOWN:
        return None
    homeserver = answer.get("m.homeserver")
    named = homeserver.get("base_url") if isinstance(homeserver, dict) else None
    return named.rstrip("/") if isinstance(named, str) else None
