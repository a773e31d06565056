"""What goes wrong between the bot and its homeserver, told apart by what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDictProxy

WAIT_SECONDS = 5.0
"""How long to wait if the homeserver asks for a pause and does not say how long."""

_NOBODY = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"}
_LONGEST_CODE = 100


class MatrixError(Exception):
    """Something went wrong at Matrix; says nothing about people."""


class Away(MatrixError):
    """The homeserver does not answer, or not as one; try again later."""


class Gibberish(Away):
    """The answer is not what a homeserver says: a web site answers, or a proxy."""


class SlowDown(MatrixError):
    """The homeserver asks for a pause, `seconds` long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"slow down for {seconds} s")
        self.seconds = seconds


class InvalidToken(MatrixError):
    """The homeserver does not know the token (any more): sign in again."""


class Refused(MatrixError):
    """The homeserver says no: the status of HTTP, and the code of Matrix (may be empty).

    `session` continues a request for which one has to prove who one is.
    """

    def __init__(self, status: int, code: str, session: str = "") -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.session = session


def failure(status: int, headers: CIMultiDictProxy[str], answer: Mapping[str, Any]) -> MatrixError:
    """Say what an answer means that is no success; what people wrote in it is left out."""
    code = str(answer.get("errcode", ""))[:_LONGEST_CODE]
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == "M_LIMIT_EXCEEDED":
        return SlowDown(_pause(headers, answer))
    if code in _NOBODY:
        return InvalidToken(code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Away(f"{status} {code}".strip())
    return Refused(status, code, str(answer.get("session", "")))


def _pause(headers: CIMultiDictProxy[str], answer: Mapping[str, Any]) -> float:
    given = answer.get("retry_after_ms")
    if isinstance(given, (int, float)) and given >= 0:
        return given / 1000
    header = headers.get("Retry-After", "")
    return float(header) if header.isdecimal() else WAIT_SECONDS
