"""The bot dies between the commit and the letter: the letter arrives after the next start."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from bot import turns
from tests.faults.patience import PATIENCE_SECONDS
from tests.faults.plays import REGISTER
from tests.faults.telegram.fates import Fate, at_the_mercy, time_passes
from tests.faults.telegram.players import Manners, Player
from tests.faults.verdicts import Town
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow

RECEIPT = "Your seat is confirmed"
AT_ONCE_SECONDS = 10.0
"""A start on a busy machine; a lease takes far longer."""


def dies_with_the_receipt_in_hand(fate: Fate, anna: Phone, *, arrives: bool) -> None:
    """Register up to the final yes, and kill the bot while Telegram keeps it waiting."""
    (program,), telegram = fate.programs, fate.square.telegram
    player = Player(anna, Random(0), Manners(taps=0))  # noqa: S311 (no secret)

    def is_answered() -> bool:
        player.listens()
        return player.is_answered

    fate.starts()
    while player.said <= len(REGISTER):
        telegram.waits_until(is_answered, PATIENCE_SECONDS)
        if player.said == len(REGISTER):
            fault = Fault.hangs(PATIENCE_SECONDS, carried_out=arrives)
            telegram.faults.next("sendMessage", fault)
        player.acts()
    telegram.waits_until(lambda: telegram.faults.left == 0, PATIENCE_SECONDS)
    telegram.waits_until_read(PATIENCE_SECONDS)  # so it is committed
    program.kills()
    assert len(Town(fate.url).rows("registrations")) == 1
    assert len([each for each in anna.messages if RECEIPT in each.text]) == arrives


def arrives_after(fate: Fate, anna: Phone, *, times: int) -> float:
    """Start again; gives how many seconds it takes until the receipt has arrived."""
    fate.square.telegram.faults.clear()
    before, since = anna.chat.last_id, time.monotonic()
    fate.starts()
    anna.waits_for(lambda each: RECEIPT in each.text and each.id > before, PATIENCE_SECONDS + 30)
    took = time.monotonic() - since
    anna.waits_for(lambda each: each.document is not None, PATIENCE_SECONDS)
    fate.programs[0].ends()
    town = Town(fate.url)
    assert len(town.rows("registrations")) == 1
    assert {row["state"] for row in town.rows("outbox")} == {"sent"}
    assert len([each for each in anna.messages if RECEIPT in each.text]) == times
    return took


@pytest.mark.parametrize("arrives", [False, True])
def test_on_sqlite_it_arrives_at_once(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, *, arrives: bool
) -> None:
    anna = telegram.person("anna", "en")
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram)) as fate:
        dies_with_the_receipt_in_hand(fate, anna, arrives=arrives)
        took = arrives_after(fate, anna, times=1 + arrives)

    assert took < AT_ONCE_SECONDS


def test_on_postgresql_it_arrives_as_soon_as_its_lease_has_ended(
    postgres_url: str, tmp_path: Path, telegram: Telegram
) -> None:
    anna = telegram.person("anna", "en")
    with at_the_mercy(Fate(postgres_url, tmp_path, telegram, webhook=True)) as fate:
        dies_with_the_receipt_in_hand(fate, anna, arrives=False)
        time_passes(postgres_url)
        took = arrives_after(fate, anna, times=1)

    assert took < AT_ONCE_SECONDS


@pytest.mark.soak  # it waits for a real lease
def test_on_postgresql_the_lease_ends_by_itself(
    postgres_url: str, tmp_path: Path, telegram: Telegram, figures: dict[str, int]
) -> None:
    anna = telegram.person("anna", "en")
    with at_the_mercy(Fate(postgres_url, tmp_path, telegram, webhook=True)) as fate:
        dies_with_the_receipt_in_hand(fate, anna, arrives=False)
        took = arrives_after(fate, anna, times=1)
        figures["seconds until the letter came"] = round(took)

    assert took < turns.LEASE.total_seconds() + AT_ONCE_SECONDS
