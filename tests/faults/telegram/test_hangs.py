"""Telegram takes a request and says nothing for a minute: nobody else has to wait for it."""

from __future__ import annotations

import time

import pytest

from bot.channels.telegram import polling, transport
from tests.channels.telegram.serving import serving
from tests.faults.plays import found
from tests.serving import PATIENCE_SECONDS
from tests.telegram import Fault, Telegram

pytestmark = pytest.mark.slow

QUICK_SECONDS, A_MINUTE = 4.0, 60.0
HELP = "This is what I can do"


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for long."""
    monkeypatch.setattr(transport, "ANSWER_SECONDS", QUICK_SECONDS)
    monkeypatch.setattr(polling, "WAIT_SECONDS", 1)


def others_do_not_wait(telegram: Telegram, patience_seconds: float) -> None:
    """Let everything hang that concerns Anna, while Bert talks to the bot."""
    anna, bert = (telegram.person(name, "en").starts() for name in ("anna", "bert"))
    for phone in (anna, bert):
        phone.waits_for("Welcome", PATIENCE_SECONDS)
    telegram.faults.next("sendMessage", Fault.hangs(A_MINUTE, carried_out=False), chat=anna.id)
    anna.types("/help")
    telegram.waits_until(lambda: telegram.faults.left == 0)
    bert.types("/help")
    bert.waits_for(HELP, QUICK_SECONDS)  # before anybody has given up waiting for Anna
    assert not [each for each in anna.unread if HELP in each.text]
    anna.waits_for(HELP, patience_seconds)


def a_poll_hangs(telegram: Telegram, patience_seconds: float) -> None:
    """Let a request for updates hang; those that come meanwhile are answered afterwards."""
    telegram.faults.next("getUpdates", Fault.hangs(A_MINUTE, carried_out=False))
    cem = telegram.person("cem", "en").starts()
    telegram.waits_until(lambda: telegram.faults.left == 0, PATIENCE_SECONDS)
    dora = telegram.person("dora", "en").starts()
    for phone in (cem, dora):
        phone.waits_for("Welcome", patience_seconds)


@pytest.mark.usefixtures("shortened")
def test_an_answer_that_does_not_come(sqlite_url: str, telegram: Telegram) -> None:
    found(sqlite_url)
    with serving(telegram, sqlite_url):
        others_do_not_wait(telegram, PATIENCE_SECONDS)
        a_poll_hangs(telegram, PATIENCE_SECONDS)

    assert telegram.defects == []


@pytest.mark.soak
def test_an_answer_that_does_not_come_for_a_minute(sqlite_url: str, telegram: Telegram) -> None:
    found(sqlite_url)
    with serving(telegram, sqlite_url):
        since = time.monotonic()
        others_do_not_wait(telegram, A_MINUTE)
        a_poll_hangs(telegram, 2 * A_MINUTE)

    assert time.monotonic() - since < 2 * A_MINUTE
