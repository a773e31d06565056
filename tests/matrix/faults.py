"""What goes wrong on purpose: the next answers, or all of them until it is cleared."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center>"
    b"<h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    b"</body>\r\n</html>\r\n"
)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; what is not carried out changes nothing."""

    status: int = 200
    body: bytes | None = None
    media_type: str = "application/json"
    is_carried_out: bool = False
    is_closed: bool = False
    seconds: float = 0

    @classmethod
    def refusal(cls, status: int, code: str, words: str = "", **more: object) -> Fault:
        """Answer with a Matrix error, such as 403 M_FORBIDDEN."""
        return cls(status, json.dumps({"errcode": code, "error": words or code} | more).encode())

    @classmethod
    def too_many(cls, retry_after_ms: int = 1_000) -> Fault:
        """Answer 429."""
        words = "Too Many Requests"
        return cls.refusal(429, "M_LIMIT_EXCEEDED", words, retry_after_ms=retry_after_ms)

    @classmethod
    def forbidden(cls) -> Fault:
        """Answer 403."""
        return cls.refusal(403, "M_FORBIDDEN", "You are not in the room")

    @classmethod
    def unknown_token(cls) -> Fault:
        """Answer 401, as after a logout."""
        return cls.refusal(401, "M_UNKNOWN_TOKEN", "Invalid access token", soft_logout=False)

    @classmethod
    def internal(cls) -> Fault:
        """Answer 500 with a page of HTML."""
        return cls(500, b"<html><body><h1>Internal Server Error</h1></body></html>", "text/html")

    @classmethod
    def bad_gateway(cls) -> Fault:
        """Answer 502 with a page of HTML, as nginx does."""
        return cls(502, BAD_GATEWAY, "text/html")

    @classmethod
    def broken_json(cls) -> Fault:
        """Carry it out, and answer 200 with half of the JSON."""
        return cls(200, b'{"event_id":"$abc', is_carried_out=True)

    @classmethod
    def closed(cls) -> Fault:
        """Close the connection without an answer, and do nothing."""
        return cls(is_closed=True)

    @classmethod
    def answer_lost(cls) -> Fault:
        """Carry it out, and close the connection without an answer."""
        return cls(is_closed=True, is_carried_out=True)

    @classmethod
    def hangs(cls, seconds: float, *, carried_out: bool = True) -> Fault:
        """Carry it out and answer late, or do nothing for so long and then close."""
        return cls(seconds=seconds, is_carried_out=carried_out, is_closed=not carried_out)


@dataclass
class _Planned:
    wanted: str
    fault: Fault
    times: int | None


@dataclass
class Faults:
    """The plan of what goes wrong; `matches` says how requests are named."""

    _planned: list[_Planned] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, wanted: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next `times` of these requests go wrong."""
        with self._lock:
            self._planned.append(_Planned(wanted, fault, times))

    def always(self, wanted: str, fault: Fault) -> None:
        """Let all of them go wrong until it is cleared."""
        with self._lock:
            self._planned.append(_Planned(wanted, fault, None))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._planned.clear()

    @property
    def left(self) -> int:
        """How many plans have not come true yet."""
        return len(self._planned)

    def take(self, method: str, path: str) -> Fault | None:
        """Give what goes wrong with this request, and count it."""
        with self._lock:
            for planned in self._planned:
                if matches(planned.wanted, method, path):
                    if planned.times is not None:
                        planned.times -= 1
                        if not planned.times:
                            self._planned.remove(planned)
                    return planned.fault
        return None


def matches(wanted: str, method: str, path: str) -> bool:
    """Say whether a request is one of these.

    They are named by whole parts of their path ("sync", "send", "keys/upload",
    "rooms/!abc/send"), also with the method ("PUT send"); "*" is all of them.
    """
    name, _, parts = wanted.rpartition(" ")
    return name in {"", method} and (parts == "*" or f"/{parts}/" in f"/{path}/")
