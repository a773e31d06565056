"""getUpdates: offsets, waiting, one at a time."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import aiogram
import pytest
import telegram as ptb
from aiogram import exceptions
from telegram import error

from tests.telegram import Phone, Telegram


def texts(updates: tuple[ptb.Update, ...]) -> list[str | None]:
    """Give what was typed."""
    return [update.message.text if update.message else None for update in updates]


async def test_what_is_not_acknowledged_comes_again(anna: Phone, bot: ptb.Bot) -> None:
    anna.types("eins")
    anna.types("zwei")

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    after = await bot.get_updates(offset=first[-1].update_id + 1)

    assert texts(first) == ["/start", "eins"]
    assert texts(again) == ["/start", "eins", "zwei"]
    assert texts(after) == ["zwei"]
    assert texts(await bot.get_updates()) == ["zwei"]
    assert [each.update_id for each in again] == list(
        range(first[0].update_id, first[0].update_id + 3)
    )


async def test_a_negative_offset_keeps_only_the_last(anna: Phone, bot: ptb.Bot) -> None:
    anna.types("eins")
    anna.types("zwei")

    assert texts(await bot.get_updates(offset=-1)) == ["zwei"]
    assert texts(await bot.get_updates()) == ["zwei"]


async def test_an_offset_far_ahead_is_not_believed(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    anna.types("eins")

    assert len(await bot.get_updates(offset=telegram.bot.queue.next_id + 1_000)) == 2


async def test_an_update_ends_the_waiting(anna: Phone, bot: ptb.Bot) -> None:
    (start,) = await bot.get_updates()
    waiting = asyncio.create_task(bot.get_updates(start.update_id + 1, timeout=20))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    anna.types("eins")

    assert texts(await waiting) == ["eins"]
    assert time.monotonic() - began < 2


async def test_waiting_ends_without_an_update(bot: ptb.Bot) -> None:
    began = time.monotonic()

    assert await bot.get_updates(timeout=timedelta(seconds=1)) == ()
    assert 0.9 < time.monotonic() - began < 5


async def test_of_two_who_wait_the_first_is_sent_away(
    telegram: Telegram, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(gram.get_updates(timeout=20))

    with pytest.raises(error.Conflict, match="make sure that only one bot instance is running"):
        await first
    telegram.person("anna").starts()
    assert len(await second) == 1


async def test_a_webhook_and_polling_exclude_each_other(
    telegram: Telegram, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    telegram.records.conflict_seconds = 0.1
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await gram.set_webhook(f"{telegram.url}/nobody")

    with pytest.raises(error.Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(exceptions.TelegramConflictError, match="while webhook is active"):
        await gram.get_updates()
    await gram.delete_webhook()
    assert await gram.get_updates() == []


async def test_what_was_asked_for_is_remembered(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    anna.types("eins")
    await bot.get_updates()
    anna.types("zwei")

    assert telegram.pending == 1
    await bot.get_updates(allowed_updates=[])
    anna.types("drei")
    assert texts(await bot.get_updates())[-1] == "drei"
    assert telegram.pending == 2


async def test_who_asks_for_the_same_again_at_once_gets_one_update(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    telegram.records.slows_down_the_hasty = True
    anna.types("eins")

    assert texts(await bot.get_updates()) == ["/start", "eins"]
    assert texts(await bot.get_updates()) == ["/start"]
