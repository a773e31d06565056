"""The webhook: for Telegram alone, acknowledged after the commit, set up and taken down."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import orjson
import pytest
from sqlalchemy import func, select

from bot import clock
from bot.domain.deletions import Subject
from bot.domain.events import EventId
from bot.services.refusals import OperatorError
from bot.store import deletions
from bot.store.database import Database
from bot.store.tables import events, inbox
from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import locked
from tests.serving import Serving
from tests.telegram import Fault, Phone, Telegram
from tests.telegram.bots import Webhook

pytestmark = pytest.mark.slow

SECRET = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 1,
    "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "/start"},
}


@pytest.fixture
def service(telegram: Telegram, url: str) -> Iterator[Serving]:
    """Run the bot, to which Telegram brings its messages."""
    with serving(telegram, url, webhook=True) as service:
        telegram.waits_until(lambda: telegram.bot.webhook is not None)
        yield service


def hook(telegram: Telegram) -> Webhook:
    """Give the webhook as Telegram knows it."""
    assert telegram.bot.webhook is not None
    return telegram.bot.webhook


def posted(telegram: Telegram, body: bytes, secret: bytes | None = None, path: str = "") -> int:
    """Post something to the webhook, as anybody can; give the status of the answer."""
    address = urlsplit(hook(telegram).url)
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    headers: dict[str, bytes] = {} if secret is None else {SECRET: secret}
    try:
        connection.request("POST", path or address.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def taken(database: Database) -> int:
    """Count the updates that were taken."""
    with database.transaction() as tx:
        return int(tx.execute(select(func.count()).select_from(inbox)).scalar_one())


def test_the_program_sets_it_up_and_takes_it_down(telegram: Telegram, url: str) -> None:
    with serving(telegram, url, webhook=True):
        telegram.person("anna", "en").starts().waits_for("Welcome")
        [call] = telegram.calls.of("setWebhook")
        assert len(hook(telegram).secret) >= 32

    assert call.parameters["allowed_updates"] is not None
    assert telegram.calls.count("getUpdates") == 0
    assert telegram.calls.count("deleteWebhook", status=200) == 1
    assert telegram.bot.webhook is None


@pytest.mark.parametrize("secret", [None, b"", b"wrong", b"\xff\xfe", b"x" * 5_000])
def test_who_does_not_know_the_secret_is_refused(
    telegram: Telegram, service: Serving, database: Database, secret: bytes | None
) -> None:
    assert posted(telegram, orjson.dumps(UPDATE), secret) == 403
    assert taken(database) == 0
    assert service.failure is None


def test_who_knows_it_is_heard(telegram: Telegram, service: Serving, database: Database) -> None:
    assert posted(telegram, orjson.dumps(UPDATE), hook(telegram).secret.encode()) == 200
    assert taken(database) == 1
    assert service.failure is None


@pytest.mark.usefixtures("service")
def test_it_is_answered_only_after_the_commit(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.waits_until_read()
    with locked(database):
        anna.taps("See the events")
        telegram.waits_until(lambda: not anna.spinning)
        anna.hears_nothing(0.2)
        assert telegram.pending == 1

    anna.waits_for("Which event would you like to know about?")
    telegram.waits_until_read()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"\xff"}}}',
        b'{"update_id":1,"message":{"text":"\\ud800"}}',
        b'{"update_id":1,"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"update_id":"x"}',
    ],
    ids=lambda body: str(body[:30]),
)
def test_what_cannot_be_read_comes_not_again(
    telegram: Telegram, service: Serving, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert posted(telegram, body, hook(telegram).secret.encode()) == 200
    assert service.failure is None
    assert "Traceback" not in caplog.text
    assert "set aside" in caplog.text


def test_other_addresses_lead_nowhere(telegram: Telegram, service: Serving) -> None:
    secret = hook(telegram).secret.encode()

    assert posted(telegram, orjson.dumps(UPDATE), secret, path="/") == 404
    assert posted(telegram, orjson.dumps(UPDATE), secret, path="/health") == 405
    assert posted(telegram, b"x" * 1_100_000, secret) == 413
    assert service.failure is None


def test_anybody_can_see_that_the_bot_is_well(
    telegram: Telegram, service: Serving, database: Database
) -> None:
    address = urlsplit(hook(telegram).url)
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    connection.request("GET", "/health")
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"ok\n")
    with database.transaction() as tx:
        event = EventId(tx.execute(select(func.min(events.c.id))).scalar_one())
        deletions.announce(tx, Subject.NEEDS, [event], clock.now())
    connection.request("GET", "/health")
    assert connection.getresponse().read() == b"ok\ndeletions announced: 1\n"
    assert service.failure is None
    connection.close()


@pytest.mark.usefixtures("service")
def test_updates_that_come_late_twice_and_mixed_up_are_answered_once(
    telegram: Telegram, anna: Phone
) -> None:
    telegram.weather.duplicates, telegram.weather.losses = 0.5, 0.3
    telegram.weather.retry_seconds = 0.01
    for _ in range(8):
        anna.starts().waits_for("Welcome")
    telegram.waits_until_read(30)

    assert len([each for each in anna.messages if each.from_bot]) == 8


def test_an_address_that_telegram_does_not_like_is_said(
    telegram: Telegram, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    words = "Bad webhook: an https url must be provided"
    telegram.faults.always("setWebhook", Fault.bad_request(words))
    with serving(telegram, url, webhook=True):
        telegram.waits_until(lambda: words in caplog.text)

    assert "cannot bring messages to TELEGRAM_WEBHOOK_URL" in caplog.text


def test_a_port_that_is_in_use_is_said(
    telegram: Telegram, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr("tests.channels.telegram.serving._free_port", lambda: port)
        with (
            pytest.raises(OperatorError, match=f"Port {port} cannot be used"),
            serving(telegram, url, webhook=True) as service,
        ):
            telegram.waits_until(lambda: service.failure is not None)


def test_a_fault_while_it_serves_is_not_blamed_on_the_port(
    telegram: Telegram, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def introduce(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("bot.app.telegram.introduce", introduce)

    with pytest.raises(BrokenPipeError), serving(telegram, url, webhook=True) as service:
        telegram.waits_until(lambda: service.failure is not None)


def test_the_secret_is_never_logged(
    telegram: Telegram, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    with serving(telegram, url, webhook=True):
        anna = telegram.person("anna", "en").starts()
        anna.waits_for("Welcome")
        secret = hook(telegram).secret
        posted(telegram, orjson.dumps(UPDATE), b"wrong")

    assert secret not in caplog.text
    assert telegram.token not in caplog.text
