"""HTTP to Telegram on aiohttp; python-telegram-bot's own transport slows down under load.

With 64 requests in flight the difference is measured in docs/performance.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies

import aiohttp
import orjson
from telegram._utils.types import ODVInput
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.calls import Upload

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
CONNECTIONS = 128
"""More than letters are sent at once, so that no poll and no tap waits for a free connection."""

_JSON = {"Content-Type": "application/json"}
_REFUSALS: dict[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}


class SlowDown(TelegramError):
    """Telegram asks for a pause before anything more is sent; `seconds` long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too Many Requests: retry after {seconds}")
        self.seconds = seconds


Body = bytes | aiohttp.FormData | None


class Transport(BaseRequest):
    """Carries requests; proxies come from the environment (HTTPS_PROXY, NO_PROXY)."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds; a long poll takes longer by what it asks for."""
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        """Open the session; connections follow as they are needed."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS)
            # Where a proxy may be, aiohttp asks another thread for it at each request.
            self._session = aiohttp.ClientSession(connector=connector, trust_env=bool(getproxies()))

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, url: str, parameters: dict[str, Any], file: Upload | None = None, wait: float = 0
    ) -> Any:  # noqa: ANN401 (whatever the method gives)
        """Call a method and give its result as it came, which costs half of what objects cost.

        `file` goes along as `document`; `wait` is how many seconds the method itself may wait.
        Raises TelegramError as the library does.
        """
        body, headers = _body(parameters, file)
        seconds = ANSWER_SECONDS + wait
        code, payload = await self._exchange("POST", url, body, seconds, headers)
        answer = self.parse_json_payload(payload)
        if code == HTTPStatus.OK and answer.get("ok"):
            return answer["result"]
        raise refusal(code, answer)

    async def do_request(  # noqa: PLR0913, PLR0917 (the library decides)
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (part of the whole)
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (as above)
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (as above)
    ) -> tuple[int, bytes]:
        """Carry a request of the library; gives status and body."""
        seconds = read_timeout if isinstance(read_timeout, (int, float)) else ANSWER_SECONDS
        form = None if request_data is None else _form(request_data)
        code, payload = await self._exchange(method, url, form, seconds)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise refusal(code, self.parse_json_payload(payload))  # the library's own only warns
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; a proxy in between may have sent a page instead."""
        try:
            answer = orjson.loads(payload)
        except orjson.JSONDecodeError as error:
            raise NetworkError("the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise NetworkError("the answer is no object")
        return answer

    async def _exchange(
        self,
        method: str,
        url: str,
        data: Body,
        seconds: float,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        try:
            async with self._session.request(
                method, url, data=data, timeout=_timeout(seconds), headers=headers
            ) as response:
                return response.status, await response.read()
        except asyncio.TimeoutError as error:  # noqa: UP041 (until 3.10 another one, and clearer)
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error  # its words may hold the token


def refusal(code: int, answer: dict[str, Any]) -> TelegramError:
    """Say as an error of the library why Telegram did not do something."""
    parameters = answer.get("parameters") or {}
    if "retry_after" in parameters:
        return SlowDown(parameters["retry_after"])
    if "migrate_to_chat_id" in parameters:
        return ChatMigrated(parameters["migrate_to_chat_id"])
    return _REFUSALS.get(code, NetworkError)(str(answer.get("description") or code))


def _body(parameters: dict[str, Any], file: Upload | None) -> tuple[Body, Mapping[str, str]]:
    if file is None:
        return orjson.dumps(parameters), _JSON
    form = aiohttp.FormData()
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    form.add_field("document", file.content, filename=file.name)
    return form, {}


@lru_cache(maxsize=8)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form
