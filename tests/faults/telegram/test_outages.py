"""Telegram does not answer, or not as it should: everything owed arrives, nothing is given up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.telegram.conftest import MOSTLY_POLLING
from tests.faults.telegram.fates import PEOPLE, Fate, at_the_mercy
from tests.telegram import Fault, Telegram

pytestmark = pytest.mark.slow

NOT_DONE = (Fault.too_many(1), Fault.internal(), Fault.bad_gateway(), Fault.closed())
DONE = (Fault.answer_lost(), Fault.broken_json())
"""The bot cannot know that these were carried out."""

METHODS = ("sendMessage", "sendDocument", "getUpdates", "answerCallbackQuery", "editMessageText")
AT_THE_START = ("getMe", "deleteWebhook", "setWebhook", "setMyCommands", "setMyDescription")


def test_answers_are_wrong_in_every_way(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    for method in AT_THE_START:
        for fault in NOT_DONE:
            telegram.faults.next(method, fault)
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=webhook)) as fate:
        fate.square.manners.forgiving = True
        fate.starts()
        fate.plays(until=lambda: fate.square.said > PEOPLE)
        telegram.faults.clear()  # what is not called at the start in this way
        for fault in (*NOT_DONE, *DONE):
            for method in METHODS:
                telegram.faults.next(method, fault)
            fate.plays(until=lambda: telegram.faults.left <= webhook)  # nobody calls getUpdates
            telegram.faults.clear()
        fate.finishes()
        for program in fate.programs:
            program.ends()
        fate.is_well()

    assert 0 < fate.square.repeats <= 2 * len(DONE)


@pytest.mark.parametrize("webhook", MOSTLY_POLLING)
def test_telegram_is_away_at_the_start_and_in_the_middle(
    sqlite_url: str, tmp_path: Path, telegram: Telegram, *, webhook: bool
) -> None:
    with at_the_mercy(Fate(sqlite_url, tmp_path, telegram, webhook=webhook)) as fate:
        (program,) = fate.programs
        fate.square.manners.forgiving = True  # what was under way when it went
        telegram.down()
        fate.starts()
        time.sleep(1)
        telegram.up()
        fate.plays(seconds=2.5)
        at_start = program.log.count("does not answer")
        telegram.down()
        fate.plays(seconds=1.5)
        telegram.up()
        fate.finishes()
        program.ends()
        fate.is_well()

    assert at_start == 1
    assert program.log.count("Telegram does not answer") <= 2
    assert program.log.count("letters wait") <= 1
    assert program.log.count("does not answer") <= 3
