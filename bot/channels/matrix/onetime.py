"""One-time keys that do not run out, and a fallback key for when they do.

nio never uploads keys again once the homeserver has told it that there are none left, has no
fallback keys, and keeps new keys only after they have been uploaded.

https://github.com/matrix-nio/matrix-nio (Client._handle_olm_events, Olm.share_keys)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nio import KeysUploadResponse, Response
from nio.crypto import Olm

SIGNED = "signed_curve25519"


class OneTimeKeys(Olm):  # type: ignore[misc]  # untyped
    """Uploads one-time keys when half of them are used, and a fallback key when it is."""

    _lacks_fallback = False

    @property
    def should_upload_keys(self) -> bool:
        """Tell whether the homeserver lacks keys."""
        return not self.account.shared or self._lacks_fallback or self._missing() > 0

    def note_one_time_keys(self, left: int | None) -> None:
        """Take note of how many one-time keys are left at the homeserver."""
        if left is not None:
            self.uploaded_key_count = left

    def note_fallback_keys(self, unused: Collection[str]) -> None:
        """Take note of which fallback keys at the homeserver are unused."""
        self._lacks_fallback = SIGNED not in unused

    def share_keys(self) -> dict[str, Any]:
        """Make what is to be uploaded; what was made before and not uploaded goes along."""
        content: dict[str, Any] = {}
        keys = self.account._account  # noqa: SLF001 (nio does not pass fallback keys on)
        if not self.account.shared:
            content["device_keys"] = self.device_keys()
        if self._lacks_fallback or not self.account.shared:
            if not keys.fallback_key:
                keys.generate_fallback_key()
            content["fallback_keys"] = {
                f"{SIGNED}:{key_id}": self._signed({"key": key.to_base64(), "fallback": True})
                for key_id, key in keys.fallback_key.items()
            }
        new = self._missing() - len(keys.one_time_keys)
        if new > 0:
            self.account.generate_one_time_keys(new)
        content["one_time_keys"] = {
            f"{SIGNED}:{key_id}": self._signed({"key": key.to_base64()})
            for key_id, key in keys.one_time_keys.items()
        }
        self.save_account()
        return content

    def device_keys(self) -> dict[str, Any]:
        """Describe this device to others, signed by itself."""
        kinds = self.account.identity_keys
        return self._signed(
            {
                "algorithms": self._algorithms,
                "device_id": self.device_id,
                "user_id": self.user_id,
                "keys": {f"{kind}:{self.device_id}": key for kind, key in kinds.items()},
            }
        )

    def signature(self, content: Mapping[str, Any]) -> str:
        """Sign something in the name of this device."""
        return str(self.sign_json(dict(content)))

    def abandon_keys(self) -> None:
        """Offer the keys that were made no more: the homeserver has others under their names."""
        self.mark_keys_as_published()
        self.save_account()

    def handle_response(self, response: Response) -> None:
        """Take note of an answer."""
        super().handle_response(response)
        if isinstance(response, KeysUploadResponse):
            self._lacks_fallback = False

    def _signed(self, content: dict[str, Any]) -> dict[str, Any]:
        signatures = {self.user_id: {f"ed25519:{self.device_id}": self.signature(content)}}
        return {**content, "signatures": signatures}

    def _missing(self) -> int:
        """Count the keys to be made, none while more than half of them are left."""
        most = int(self.account.max_one_time_keys)
        left: int | None = self.uploaded_key_count if self.account.shared else 0
        return most - left if left is not None and left <= most // 2 else 0
