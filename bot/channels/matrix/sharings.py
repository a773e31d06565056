"""The key of a room reaches everybody to whom it is sent, or the message waits.

nio takes a key for shared although a request with it has failed, and then sends messages that
nobody can read. Where it cannot ask for one-time keys, it lets all others wait for ever.

https://github.com/matrix-nio/matrix-nio (AsyncClient.share_group_session)
"""

from __future__ import annotations

from typing import Any

from nio import AsyncClient, Response, ShareGroupSessionResponse
from nio.exceptions import EncryptionError, GroupEncryptionError

from bot.channels.matrix.failures import Away, MatrixError


class Sharings(AsyncClient):  # type: ignore[misc]  # untyped
    """Shares the keys of rooms."""

    _failed: dict[str, MatrixError]

    async def share_group_session(
        self,
        room_id: str,
        ignore_unverified_devices: bool = False,  # noqa: FBT001, FBT002 (as nio has it)
    ) -> Response:
        """Share the key of a room; raises what has gone wrong, after which it may be tried again.

        Raises Away if somebody else in this program shares it at this moment.
        """
        if room_id in self.sharing_session:
            raise Away("the key of this room is being shared")
        try:
            response = await super().share_group_session(room_id, ignore_unverified_devices)
        except BaseException:
            waiting = self.sharing_session.pop(room_id, None)
            if waiting is not None:
                waiting.set()
            raise
        finally:
            failed = self._failed.pop(room_id, None)
        if failed is not None:
            session = self.olm.outbound_group_sessions.get(room_id)
            if session is not None:
                session.shared = False
            raise failed
        return response

    def encrypt(
        self, room_id: str, message_type: str, content: dict[str, Any]
    ) -> tuple[str, dict[str, str]]:
        """Encrypt a message; raises Away if the key of the room could not be shared."""
        try:
            encrypted: tuple[str, dict[str, str]] = super().encrypt(room_id, message_type, content)
        except (EncryptionError, GroupEncryptionError) as error:
            raise Away("the key of this room is not shared") from error
        return encrypted

    async def _send(
        self,
        response_class: type,
        *args: Any,  # noqa: ANN401 (as nio has it)
        **more: Any,  # noqa: ANN401 (as above)
    ) -> Response:
        try:
            return await super()._send(response_class, *args, **more)
        except MatrixError as error:
            if response_class is ShareGroupSessionResponse:
                room_id, _shared_with = more["response_data"]
                self._failed[room_id] = error
            raise
