"""Strangers at the webhook's address, and people who would take more than their share."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from bot.channels import pictures
from bot.dialogue.messages import Unsupported
from bot.web.servers import MOST_CONNECTIONS
from tests.channels.telegram.serving import serving
from tests.channels.telegram.test_webhook import hook, posted
from tests.serving import Serving
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow

UNFINISHED = b"POST /telegram HTTP/1.1\r\nHost: bot\r\nContent-Length: 100000\r\n\r\n{"


@pytest.fixture
def service(telegram: Telegram, url: str) -> Iterator[Serving]:
    """Run the bot behind a webhook."""
    with serving(telegram, url, webhook=True) as service:
        telegram.waits_until(lambda: telegram.bot.webhook is not None)
        yield service


@pytest.mark.usefixtures("service")
def test_whoever_does_not_know_the_secret_is_refused_before_the_body_is_read(
    telegram: Telegram,
) -> None:
    address = urlsplit(hook(telegram).url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as stranger:
        stranger.sendall(UNFINISHED)
        answer = stranger.recv(100)

    assert answer.startswith(b"HTTP/1.1 403")


@pytest.mark.usefixtures("service")
def test_connections_that_only_lie_there_keep_nobody_out(telegram: Telegram) -> None:
    address = urlsplit(hook(telegram).url)
    with ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection((address.hostname, address.port), 20))
            for _ in range(MOST_CONNECTIONS + 50)
        ]
        carla = telegram.person("carla", "en").starts()

        assert idle[0].recv(1) == b""
        assert carla.waits_for("Welcome").from_bot


NO_REQUESTS = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
    b"POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
)


@pytest.mark.usefixtures("service")
def test_what_is_no_request_fills_no_log(
    telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(hook(telegram).url)
    for content in NO_REQUESTS * 20:
        with socket.create_connection((address.hostname, address.port), timeout=20) as stranger:
            stranger.sendall(content)
            with suppress(ConnectionError):
                stranger.recv(1000)

    said = [record.getMessage() for record in caplog.records]
    assert said == ["1 requests at the port could not be read"]


def test_updates_that_cannot_be_read_are_counted(
    telegram: Telegram, service: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        assert posted(telegram, b"{", secret=hook(telegram).secret.encode()) == 200

    said = [record.getMessage() for record in caplog.records]
    assert said == ["an update that cannot be read is set aside as one of 1"]
    assert service.failure is None


@pytest.mark.usefixtures("service")
def test_what_is_compressed_is_not_unpacked_for_strangers(telegram: Telegram) -> None:
    assert posted(telegram, b"\x1f\x8bnonsense") == 403


def test_two_people_who_are_slowed_down_again_and_again_slow_nobody_else(
    telegram: Telegram, service: Serving, anna: Phone
) -> None:
    bert = telegram.person("bert", "en")
    for phone in (anna, bert):
        phone.starts()
        phone.waits_for("Welcome")
        telegram.faults.next("sendMessage", Fault.too_many(1), chat=phone.id, times=3)
    for phone in (anna, bert):
        phone.types("/help")
    for phone in (anna, bert):
        phone.waits_for("This is what I can do:")
    telegram.faults.next("sendMessage", Fault.too_many(60), chat=anna.id)
    telegram.faults.next("sendMessage", Fault.too_many(60), chat=bert.id)
    refused = telegram.calls.count("sendMessage", status=429)
    anna.types("/help")
    bert.types("/help")
    telegram.waits_until(lambda: telegram.calls.count("sendMessage", status=429) == refused + 2)
    carla = telegram.person("carla", "en").starts()

    assert carla.waits_for("Welcome", seconds=20).from_bot
    assert service.failure is None


def test_a_tap_that_was_delivered_twice_is_ticked_only_by_what_came_of_it(
    telegram: Telegram, service: Serving, anna: Phone
) -> None:
    anna.starts("event-auftakt")
    anna.waits_for("Kick-off")
    anna.types("/register auftakt")
    anna.waits_for("How would you like to take part?")
    old = anna.last
    anna.types("1")
    anna.waits_for("I agree to appear")
    telegram.weather.duplicates = 1.0
    anna.taps_data(old.buttons[1].data, message=old.id)
    telegram.waits_until_read()

    assert all("✓ At home" not in message.text for message in anna.messages)
    assert service.failure is None


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_would_fill_the_memory_is_refused(kind: str) -> None:
    file = BytesIO()
    Image.new("L", (5000, 4000)).save(file, kind)

    assert pictures.cleaned(file.getvalue()) == Unsupported("huge picture")


def test_a_large_photo_of_a_camera_is_taken() -> None:
    file = BytesIO()
    Image.new("RGB", (8000, 6000)).save(file, "JPEG")

    assert not isinstance(pictures.cleaned(file.getvalue()), Unsupported)
