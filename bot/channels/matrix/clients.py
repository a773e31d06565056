"""Requests to the homeserver: keys are kept before each one, and whatever goes wrong is raised."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any
from urllib.request import getproxies

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from nio import AsyncClientConfig, ErrorResponse, Response, SyncResponse

from bot.channels.matrix import memberships
from bot.channels.matrix.failures import Away, Gibberish, failure
from bot.channels.matrix.keyrings import Keyring
from bot.channels.matrix.onetime import OneTimeKeys
from bot.channels.matrix.sharings import Sharings
from bot.channels.matrix.unreadables import Unreadables

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
LONGEST_SECONDS = 300.0
"""For what nio would wait for without end: files, and the first sync, with all rooms."""

CONNECTIONS = 128

_CONFIG = AsyncClientConfig(
    max_limit_exceeded=0,
    max_timeouts=0,
    request_timeout=ANSWER_SECONDS,
    encryption_enabled=True,
    store_sync_tokens=False,
)
_UNUSED_FALLBACK_KEYS = "device_unused_fallback_key_types"


class Machine(OneTimeKeys, Unreadables):
    """The cryptography of nio, repaired."""


class Client(Sharings):
    """A client for one account; use `begin`, then `open`, and `end` at the end.

    Whatever it is asked for raises a MatrixError, instead of giving an error back as nio does.
    """

    def __init__(self, user_id: str) -> None:
        super().__init__("", user_id, config=_CONFIG)
        self.keyring: Keyring | None = None
        self.display_name = ""
        self.services: dict[str, set[str]] = {}
        """Whom rooms call no person."""
        self._failed = {}
        _hush()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    async def begin(self) -> None:
        """Make ready to ask."""
        # Where a proxy may be, aiohttp asks another thread for it at each request.
        self.client_session = self._session = ClientSession(
            connector=TCPConnector(limit=CONNECTIONS), trust_env=bool(getproxies())
        )

    async def end(self) -> None:
        """Close every connection."""
        await self.close()

    def open(self, keyring: Keyring, token: str) -> None:
        """Go on as the device that these keys belong to."""
        self.keyring = keyring
        self.user_id, self.device_id, self.access_token = (
            keyring.user_id,
            keyring.device_id,
            token,
        )
        self.store = keyring
        self.olm = Machine(self.user_id, self.device_id, keyring)
        self.encrypted_rooms = keyring.load_encrypted_rooms()

    @property
    def called(self) -> set[str]:
        """By which names people may address the bot; the first word of a long one is enough."""
        localpart = self.user_id.removeprefix("@").partition(":")[0]
        names = {self.user_id, localpart, self.display_name, self.display_name.partition(" ")[0]}
        return {name for name in names if name}

    @property
    def machine(self) -> Machine:
        """The cryptography, as soon as the keys are open."""
        if not isinstance(self.olm, Machine):
            raise TypeError("the keys are not open")
        return self.olm

    async def flush(self) -> None:
        """Keep what has changed among the keys; waits while the database is away."""
        if self.keyring is not None:
            await self.keyring.flush()

    def forget(self, user_id: str, rooms: Collection[str]) -> None:
        """Drop all keys of somebody, and of rooms that the bot has left for good; then flush."""
        if self.keyring is not None:
            self.keyring.forget(user_id, rooms)
            self.machine.tracked_users.discard(user_id)
            for room in rooms:
                self.machine.outbound_group_sessions.pop(room, None)

    def load_store(self) -> None:
        """Leave it to `open`; nio would look for files."""

    async def ask(
        self, method: str, path: str, content: object = None, *, token: str | None = None
    ) -> dict[str, Any]:
        """Ask for what nio does not know of; gives the answer. An empty token is none."""
        headers = {"Content-Type": "application/json"}
        shown = self.access_token if token is None else token
        if shown:
            headers["Authorization"] = f"Bearer {shown}"
        data = None if content is None else orjson.dumps(content)
        return await self.parse_body(await self.send(method, path, data, headers))

    async def send(  # noqa: PLR0913, PLR0917 (as nio has it)
        self,
        method: str,
        path: str,
        data: Any = None,  # noqa: ANN401 (as nio has it)
        headers: Mapping[str, str] | None = None,
        trace_context: object = None,
        timeout: float | None = None,  # noqa: ASYNC109 (as nio has it)
    ) -> ClientResponse:
        """Send a request; whatever it may follow from is kept before. Raises MatrixError."""
        del trace_context
        await self.flush()
        seconds = ANSWER_SECONDS if timeout is None else timeout or LONGEST_SECONDS
        try:
            response = await self._session.request(
                method,
                self.homeserver + path,
                data=data,
                headers=headers,
                timeout=ClientTimeout(seconds, sock_connect=CONNECT_SECONDS),
            )
            if response.status >= HTTPStatus.BAD_REQUEST:
                body = await response.read()
        except (ClientError, OSError) as error:  # TimeoutError is an OSError
            raise Away(type(error).__name__) from error
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise failure(response.status, response.headers, _mapping(body) or {})
        return response

    async def parse_body(self, transport_response: ClientResponse) -> dict[Any, Any]:
        """Read an answer; raises Away, or Gibberish if it is none."""
        try:
            answer = _mapping(await transport_response.read())
        except (ClientError, OSError) as error:
            raise Away(type(error).__name__) from error
        if answer is None:
            raise Gibberish("the answer is not JSON")
        if "next_batch" in answer:
            memberships.bare(answer)
            self.services.update(memberships.services(answer))
        if "next_batch" in answer and _UNUSED_FALLBACK_KEYS in answer and self.olm is not None:
            self.machine.note_fallback_keys(answer[_UNUSED_FALLBACK_KEYS])
        return answer

    async def create_matrix_response(
        self,
        response_class: type,
        transport_response: ClientResponse,
        *args: Any,  # noqa: ANN401 (as nio has it)
        **more: Any,  # noqa: ANN401 (as above)
    ) -> Response:
        """Take an answer for what it is said to be; raises MatrixError if it is not."""
        try:
            response = await super().create_matrix_response(
                response_class, transport_response, *args, **more
            )
        except (ClientError, OSError) as error:
            raise Away(type(error).__name__) from error
        if isinstance(response, ErrorResponse):
            raise Gibberish(f"the answer is no {response_class.__name__}")
        return response

    def _handle_olm_events(self, response: SyncResponse) -> None:
        super()._handle_olm_events(response)
        self.machine.note_one_time_keys(response.device_key_count.signed_curve25519)


def _mapping(body: bytes) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(body)
    except JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _hush() -> None:
    """Let nio log nothing, at no level: it writes tokens, messages and names of people."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("nio.") and isinstance(logger, logging.Logger):
            logger.disabled = True
