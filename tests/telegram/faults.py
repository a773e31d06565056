"""What goes wrong on purpose: the next answers, or all of them until it is cleared."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import orjson

from tests.telegram.givens import Given
from tests.telegram.refusals import Refusal, bad_request, forbidden, too_many

_NGINX = (
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
    retry_after: int = 0
    is_carried_out: bool = False
    is_closed: bool = False
    seconds: float = 0

    @classmethod
    def refusal(cls, refusal: Refusal) -> Fault:
        """Answer with this refusal."""
        seconds = refusal.parameters.get("retry_after", 0)
        return cls(refusal.status, orjson.dumps(refusal.as_json()), retry_after=seconds)

    @classmethod
    def too_many(cls, retry_after: int = 1) -> Fault:
        """Answer 429."""
        return cls.refusal(too_many(retry_after))

    @classmethod
    def bad_request(cls, words: str) -> Fault:
        """Answer 400 with these words."""
        return cls.refusal(bad_request(words))

    @classmethod
    def forbidden(cls, words: str = "bot was blocked by the user") -> Fault:
        """Answer 403 with these words."""
        return cls.refusal(forbidden(words))

    @classmethod
    def internal(cls) -> Fault:
        """Answer 500, as JSON."""
        return cls.refusal(Refusal(500, "Internal Server Error"))

    @classmethod
    def bad_gateway(cls) -> Fault:
        """Answer 502 with a page of HTML, as nginx does."""
        return cls(502, _NGINX, "text/html")

    @classmethod
    def broken_json(cls) -> Fault:
        """Carry it out, and answer 200 with half of the JSON."""
        return cls(200, b'{"ok":true,"result":{"message_i', is_carried_out=True)

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
    method: str
    fault: Fault
    chat: int | None
    times: int | None


@dataclass
class Faults:
    """The plan of what goes wrong."""

    _planned: list[_Planned] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, method: str, fault: Fault, *, chat: int | None = None, times: int = 1) -> None:
        """Let the next `times` requests of this method ("*": of any) go wrong."""
        with self._lock:
            self._planned.append(_Planned(method.lower(), fault, chat, times))

    def always(self, method: str, fault: Fault, *, chat: int | None = None) -> None:
        """Let all of them go wrong until it is cleared."""
        with self._lock:
            self._planned.append(_Planned(method.lower(), fault, chat, None))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._planned.clear()

    @property
    def left(self) -> int:
        """How many plans have not come true yet."""
        return len(self._planned)

    def take(self, method: str, given: Given) -> Fault | None:
        """Give what goes wrong with this request, and count it."""
        if not self._planned:
            return None
        with self._lock:
            for planned in self._planned:
                about = planned.chat is None or given.text("chat_id") == str(planned.chat)
                if planned.method in {"*", method} and about:
                    if planned.times is not None:
                        planned.times -= 1
                        if not planned.times:
                            self._planned.remove(planned)
                    return planned.fault
        return None
