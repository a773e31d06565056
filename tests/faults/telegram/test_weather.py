"""Deliveries to the webhook that come twice, late, in another order, or not at all at first."""

from __future__ import annotations

import random
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.webhook import SECRET_HEADER
from tests.faults.patience import PATIENCE_SECONDS
from tests.faults.telegram.fates import Fate, at_the_mercy
from tests.faults.verdicts import Town
from tests.telegram import Telegram
from tests.telegram.queues import Update

pytestmark = pytest.mark.slow

CROWD, EACH = 8, 12
ANSWERS = 1
"""Help; the menu that was open before stays open, and is not repeated."""


def bad(telegram: Telegram) -> None:
    """Make the weather bad."""
    telegram.weather.duplicates, telegram.weather.losses = 0.3, 0.2
    telegram.weather.delay_seconds = 0.05
    telegram.weather.shuffles, telegram.weather.in_lines = True, False


def kept(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Keep every update that Telegram has for the bot."""
    bodies: list[bytes] = []
    queue, push = telegram.bot.queue, telegram.bot.queue.push

    def keep(kind: str, line: tuple[str, int], content: dict[str, object]) -> Update | None:
        update = push(kind, line, content)
        bodies.extend([update.body] if update is not None else [])
        return update

    monkeypatch.setattr(queue, "push", keep)
    return bodies


def test_nothing_counts_twice_and_everybody_is_answered(
    database_url: str, tmp_path: Path, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad(telegram)
    bodies = kept(telegram, monkeypatch)
    with at_the_mercy(Fate(database_url, tmp_path, telegram, webhook=True)) as fate:
        fate.square.manners.bursts = False  # their order would not be kept
        fate.starts()
        fate.plays(seconds=2)
        fate.finishes()
        late(fate.settings["TELEGRAM_WEBHOOK_URL"], telegram, bodies)
        fate.square.stands_still()
        for program in fate.programs:
            program.ends()
        fate.is_well()

    assert len(bodies) == fate.square.said


def late(url: str, telegram: Telegram, bodies: list[bytes]) -> None:
    """Bring everything once more, long after it was acknowledged, in any order."""
    secret = Account(telegram.token, telegram.url).secret
    headers = {SECRET_HEADER: secret, "Content-Type": "application/json"}
    for body in random.sample(bodies, len(bodies)):
        request = urllib.request.Request(url, body, headers)  # noqa: S310 (our own address)
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            assert answer.status == HTTPStatus.OK


def test_whoever_writes_without_waiting_gets_as_many_answers_in_any_order(
    sqlite_url: str, tmp_path: Path, telegram: Telegram
) -> None:
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=True)) as fate:
        fate.starts()
        phones = [telegram.person(f"citizen {n}", "en").starts() for n in range(CROWD)]
        for phone in phones:
            phone.waits_for("Welcome", PATIENCE_SECONDS)
        bad(telegram)
        for _ in range(EACH):
            for phone in phones:
                phone.types("/help")
        told = EACH * ANSWERS
        telegram.waits_until(
            lambda: all(len(phone.unread) >= told for phone in phones), PATIENCE_SECONDS
        )
        telegram.waits_until_read(PATIENCE_SECONDS)
        for program in fate.programs:
            program.ends()

    assert all(len(phone.unread) == told for phone in phones)
    assert len(Town(sqlite_url).rows("inbox")) == CROWD * (1 + EACH)
    assert {row["state"] for row in Town(sqlite_url).rows("outbox")} == {"sent"}
