"""getUpdates, as Client.cpp carries it out."""

from __future__ import annotations

import asyncio
import time

from tests.telegram.bots import Bot
from tests.telegram.givens import Given
from tests.telegram.queues import Update
from tests.telegram.records import Records
from tests.telegram.refusals import Refusal, conflict

LONGEST_WAIT_SECONDS, MOST_UPDATES = 50, 100
_WEBHOOK = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_updates(records: Records, bot: Bot, given: Given) -> bytes:
    """Give the updates from an offset on; wait for the first one if there is none."""
    offset = given.number("offset")
    limit = min(max(given.number("limit", MOST_UPDATES), 1), MOST_UPDATES)
    seconds = min(max(given.number("timeout"), 0), LONGEST_WAIT_SECONDS)
    if records.slows_down_the_hasty:
        limit, seconds = _slowed_down(bot, offset, limit, seconds)
    deadline = time.monotonic() + seconds
    if bot.webhook is not None:
        raise await _slowly(records, bot, conflict(_WEBHOOK))
    with records.changed:
        bot.queue.ask_for(given.tree("allowed_updates"))
        updates = bot.queue.read(offset, limit)
        records.changed.notify_all()
    while not updates and (left := deadline - time.monotonic()) > 0:
        await _woken(records, bot, left)
        with records.changed:
            updates = bot.queue.read(max(offset, 0), limit)
    return _joined(updates)


def _slowed_down(bot: Bot, offset: int, limit: int, seconds: int) -> tuple[int, int]:
    """Give less to whoever asks again for the same, as process_get_updates_query does."""
    (last_offset, last_at), now = bot.last_poll, time.monotonic()
    bot.last_poll = (offset, now)
    if offset != last_offset:
        return limit, seconds
    return 1 if now < last_at + 0.5 else limit, max(seconds, 3) if now < last_at + 3 else seconds


async def _woken(records: Records, bot: Bot, seconds: float) -> None:
    """Wait until there is something new, or another request takes over."""
    if bot.poll is not None and not bot.poll.done():
        bot.poll.set_exception(conflict(_OTHER))
    poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bot.poll = poll
    try:
        async with asyncio.timeout(seconds):
            await poll
    except TimeoutError:
        return
    except Refusal as refusal:
        raise await _slowly(records, bot, refusal) from None
    finally:
        if bot.poll is poll:
            bot.poll = None


async def _slowly(records: Records, bot: Bot, refusal: Refusal) -> Refusal:
    """Hold back a second conflict within seconds, as fail_query_conflict does."""
    if time.monotonic() < bot.last_conflict_at + records.conflict_seconds:
        await asyncio.sleep(records.conflict_seconds)
    else:
        bot.last_conflict_at = time.monotonic()
    return refusal


def _joined(updates: list[Update]) -> bytes:
    return b"[" + b",".join(update.body for update in updates) + b"]"
