"""The proxy changes nothing, but for what goes wrong on purpose."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from threading import Thread

import pytest

from tests.matrix import Fault, Homeserver, Proxy
from tests.matrix.faults import matches

pytestmark = pytest.mark.slow

API = "/_matrix/client/v3"


class Visitor:
    """Somebody with a room who comes through the proxy, without any library."""

    def __init__(self, homeserver: Homeserver, proxy: Proxy) -> None:
        self.homeserver, self.proxy = homeserver, proxy
        self.token = homeserver.newcomer("visitor").token
        room = homeserver.asks("POST", f"{API}/createRoom", {}, self.token)
        self.room = f"{API}/rooms/{room['room_id']}"

    def asks(self, method: str, path: str, content: bytes | None = None) -> tuple[int, bytes]:
        """Ask, for a status (0: the connection was cut) and a body."""
        connection = HTTPConnection("127.0.0.1", self.proxy.port, timeout=20)
        try:
            connection.request(method, path, content, {"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (HTTPException, ConnectionResetError):
            return 0, b""
        finally:
            connection.close()

    def says(self, words: str) -> int:
        """Say something, for a status."""
        content = json.dumps({"msgtype": "m.text", "body": words}).encode()
        return self.asks("PUT", f"{self.room}/send/m.room.message/{words}", content)[0]

    def said(self) -> list[str]:
        """Give what has arrived."""
        path = f"{self.room}/messages?dir=f&limit=100"
        chunk = self.homeserver.asks("GET", path, token=self.token)["chunk"]
        return [each["content"]["body"] for each in chunk if each["type"] == "m.room.message"]


@pytest.fixture
def visitor(homeserver: Homeserver, proxy: Proxy) -> Visitor:
    return Visitor(homeserver, proxy)


@pytest.mark.parametrize(
    ("fault", "status", "expected"),
    [
        (Fault.too_many(), 429, ["two"]),
        (Fault.forbidden(), 403, ["two"]),
        (Fault.unknown_token(), 401, ["two"]),
        (Fault.bad_gateway(), 502, ["two"]),
        (Fault.internal(), 500, ["two"]),
        (Fault.broken_json(), 200, ["one", "two"]),
        (Fault.closed(), 0, ["two"]),
        (Fault.answer_lost(), 0, ["one", "two"]),
        (Fault.hangs(0.1, carried_out=False), 0, ["two"]),
        (Fault.hangs(0.1), 200, ["one", "two"]),
    ],
)
def test_a_message_goes_wrong(
    visitor: Visitor, fault: Fault, status: int, expected: list[str]
) -> None:
    visitor.proxy.faults.next("PUT send", fault)

    assert [visitor.says("one"), visitor.says("two")] == [status, 200]
    assert visitor.said() == expected
    calls = visitor.proxy.calls.of("send")
    assert [(call.status, call.transaction) for call in calls] == [(status, "one"), (200, "two")]
    assert visitor.proxy.faults.left == 0


def test_requests_are_named_by_whole_parts_of_their_path() -> None:
    path = "rooms/!abc/send/m.room.message/1"

    for name in ("*", "send", "PUT send", "PUT *", "rooms/!abc/send", "send/m.room.message"):
        assert matches(name, "PUT", path)
    for name in ("sen", "POST send", "rooms/!ab", "sendToDevice", "message"):
        assert not matches(name, "PUT", path)


def test_too_many_says_when_to_try_again(visitor: Visitor) -> None:
    visitor.proxy.faults.always("sync", Fault.too_many(1_500))

    assert json.loads(visitor.asks("GET", f"{API}/sync")[1])["retry_after_ms"] == 1_500
    assert visitor.asks("GET", f"{API}/account/whoami")[0] == 200
    assert visitor.asks("GET", f"{API}/sync")[0] == 429
    visitor.proxy.faults.clear()
    assert visitor.asks("GET", f"{API}/sync")[0] == 200


def test_files_pass_as_they_are(visitor: Visitor) -> None:
    content = bytes(range(256)) * 4_000

    uploaded = visitor.asks("POST", "/_matrix/media/v3/upload", content)[1]
    place = json.loads(uploaded)["content_uri"].removeprefix("mxc://")

    assert visitor.asks("GET", f"/_matrix/client/v1/media/download/{place}")[1] == content


def test_a_sync_waits_and_can_be_cut(visitor: Visitor) -> None:
    answers: list[tuple[int, bytes]] = []

    def sync(since: str) -> Thread:
        def asks() -> None:
            answers.append(visitor.asks("GET", f"{API}/sync?timeout=60000&since={since}"))

        waiting = Thread(target=asks)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        return waiting

    waiting = sync(json.loads(visitor.asks("GET", f"{API}/sync")[1])["next_batch"])
    visitor.says("hello")
    waiting.join(10)
    assert b"hello" in answers[0][1]

    waiting = sync(json.loads(answers[0][1])["next_batch"])
    visitor.proxy.cuts()
    waiting.join(10)
    assert answers[1] == (0, b"")


def test_who_is_down_refuses_connections(visitor: Visitor) -> None:
    visitor.proxy.down()
    with pytest.raises(ConnectionRefusedError):
        visitor.says("one")
    visitor.proxy.up()

    assert visitor.says("two") == 200
