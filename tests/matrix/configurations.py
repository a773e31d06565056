"""How the homeserver of the tests is set up; Synapse reads JSON as well as YAML."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any

_FREELY = {"per_second": 100_000, "burst_count": 100_000}

UNLIMITED: dict[str, Any] = {
    "rc_message": _FREELY,
    "rc_registration": _FREELY,
    "rc_registration_token_validity": _FREELY,
    "rc_login": {"address": _FREELY, "account": _FREELY, "failed_attempts": _FREELY},
    "rc_admin_redaction": _FREELY,
    "rc_joins": {"local": _FREELY, "remote": _FREELY},
    "rc_joins_per_room": _FREELY,
    "rc_3pid_validation": _FREELY,
    "rc_invites": {"per_room": _FREELY, "per_user": _FREELY, "per_issuer": _FREELY},
    "rc_third_party_invite": _FREELY,
    "rc_media_create": _FREELY,
    "rc_key_requests": _FREELY,
    "rc_presence": {"per_user": _FREELY},
    "rc_delayed_event_mgmt": _FREELY,
    "rc_room_creation": _FREELY,
    "rc_reports": _FREELY,
    "rc_user_directory": _FREELY,
    "rc_profile": _FREELY,
}
"""Without them, Synapse has the limits of a real server: ten messages, then one in 5 s."""

_LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}


def write(home: Path, name: str, port: int, limits: dict[str, Any]) -> tuple[Path, str]:
    """Write the configuration into a new home; give its file, and the registration secret."""
    secret, seed = secrets.token_hex(), base64.b64encode(secrets.token_bytes(32)).decode()
    (home / "signing.key").write_text(f"ed25519 a_test {seed.rstrip('=')}\n")
    listener = {
        "bind_addresses": ["127.0.0.1"],
        "port": port,
        "type": "http",
        "resources": [{"names": ["client"]}],
    }
    configuration = {
        "server_name": name,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.sqlite")}},
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "registration_shared_secret": secret,
        "macaroon_secret_key": secrets.token_hex(),
        "form_secret": secrets.token_hex(),
        "report_stats": False,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        # what costs time and is of no use here
        "log_config": str(home / "logging.json"),
        "push": {"enabled": False},
        "stats": {"enabled": False},
        # otherwise a repeated sync without a token gets the first answer again
        "caches": {"sync_response_cache_duration": "0s"},
    }
    (home / "logging.json").write_text(json.dumps(_LOGGING))
    file = home / "homeserver.json"
    file.write_text(json.dumps(configuration | limits))
    return file, secret
