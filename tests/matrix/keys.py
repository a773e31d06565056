"""Taking away somebody's one-time keys, as too many newcomers do."""

from __future__ import annotations

from typing import Any

from tests.matrix.homeservers import Homeserver

_CLAIM, _QUERY = "/_matrix/client/v3/keys/claim", "/_matrix/client/v3/keys/query"
_KIND = "signed_curve25519"


def exhaust_keys(homeserver: Homeserver, user: str, most: int = 1_000) -> int:
    """Claim all one-time keys of all devices of somebody; give how many there were."""
    token = homeserver.newcomer("claimer").token
    query: dict[str, dict[str, list[str]]] = {"device_keys": {user: []}}
    devices = homeserver.asks("POST", _QUERY, query, token)["device_keys"].get(user, {})
    return sum(_exhaust(homeserver, token, (user, device), most) for device in devices)


def _exhaust(homeserver: Homeserver, token: str, whose: tuple[str, str], most: int) -> int:
    user, device = whose
    wanted = {"one_time_keys": {user: {device: _KIND}}}
    for taken in range(most):
        answer = homeserver.asks("POST", _CLAIM, wanted, token)
        keys: dict[str, Any] = answer["one_time_keys"].get(user, {}).get(device, {})
        # a fallback key is given again and again
        if not any("fallback" not in key for key in keys.values()):
            return taken
    raise AssertionError(f"after {most} there are still more")
