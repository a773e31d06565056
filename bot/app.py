"""The composition root: puts settings, database, conversations and channels together."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bot import clock, jobs
from bot.channels.terminal.chats import Guest, Post, TerminalChat
from bot.channels.terminal.pipes import Pipes
from bot.channels.terminal.screens import Screen
from bot.channels.terminal.sending import CHANNEL, TerminalSender
from bot.delivery import Delivery
from bot.domain.facts import City
from bot.domain.privacy import PrivacyNotice
from bot.flows.book import FLOWS
from bot.i18n import Language, render
from bot.intake import Intake
from bot.services.acts import Notice
from bot.services.commands import Office
from bot.services.facts import Snapshot
from bot.settings import Settings
from bot.store import conversations, outbox
from bot.store.calendar import Events
from bot.store.database import Database, Transaction
from bot.turns import House, Turns, letters_for

FILES = "files"
FIRST_ROUND_SECONDS, ROUND_SECONDS = 2.0, 60.0


@dataclass(frozen=True)
class Visit:
    """Who comes to the terminal; `language` is set if the conversation shall be held in it."""

    name: str
    language: Language | None = None


def house(settings: Settings) -> House:
    """Say what every turn needs to know of this installation."""
    return House(
        flows=FLOWS,
        city=City(settings.city, settings.telephone, settings.email, _notice(settings)),
        office=Office(settings.reference_prefix),
        language=settings.language,
    )


def _notice(settings: Settings) -> PrivacyNotice:
    if settings.privacy_notice is None:
        return PrivacyNotice()
    # Takes time to import, and most cities use the template.
    from bot.services.noticefiles import read  # noqa: PLC0415

    return read(settings.privacy_notice)


def converse(settings: Settings, database: Database, visit: Visit) -> None:
    """Hold a conversation in the terminal, to its end."""
    asyncio.run(_converse(settings, database, visit))


def owe(tx: Transaction, told: Sequence[Notice], settings: Settings) -> int:
    """Put what a command line call means for other people into the outbox, to be sent at once.

    Gives how many of the notices are for people without a chat, whom somebody has to call.
    """
    now, home = clock.now(), house(settings)
    snapshot = Snapshot(tx, Events(), home.city, [notice.person for notice in told], now)
    letters = letters_for(tx, told, snapshot, home.language, now)
    outbox.put(tx, letters, now, now)
    return len(told) - len(letters)


async def _converse(settings: Settings, database: Database, visit: Visit) -> None:
    guest, home = _welcome(settings, database, visit), house(settings)
    with ThreadPoolExecutor(max_workers=1) as database_thread:
        screen = _screen(guest.language)
        sender = TerminalSender(screen, database, database_thread, settings.data_dir / FILES)
        delivery = Delivery(database, database_thread, sender, chat=guest.chat)
        intake = Intake(Turns(database, home), database_thread, delivery.post)
        chat = TerminalChat(
            screen, guest, intake, Post(database, database_thread, delivery, sender)
        )
        try:
            await _until_the_first_ends(
                intake.run(), _keep_house(database, database_thread, home), *chat.activities()
            )
        finally:
            chat.leave()


async def _keep_house(database: Database, database_thread: Executor, home: House) -> None:
    """Do what the clock demands, for the first time soon after the start."""
    pause = FIRST_ROUND_SECONDS
    while True:
        await asyncio.sleep(pause)
        await asyncio.get_running_loop().run_in_executor(
            database_thread, jobs.due, database, home, clock.now()
        )
        pause = ROUND_SECONDS


def _welcome(settings: Settings, database: Database, visit: Visit) -> Guest:
    """Open the conversation of a guest, in the language that they ask for."""
    key = (CHANNEL, visit.name)
    with database.transaction() as tx:
        conversation = conversations.lock(tx, [key], clock.now())[key]
        is_new = conversation.language is None
        if visit.language is not None and not is_new:
            conversation.language = visit.language
            # Not as of now: when the person was last here is something that the turns want to know.
            conversations.save(tx, [conversation], conversation.updated_at)
    language = visit.language or conversation.language or settings.language
    return Guest(visit.name, language, is_new)


def _screen(language: Language) -> Screen:
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Pipes()
    from bot.channels.terminal.keyboards import (  # noqa: PLC0415 (a pipe needs no line editing)
        Keyboard,
    )

    return Keyboard(_commands(language))


def _commands(language: Language) -> Mapping[str, str]:
    """Name what can be typed at any time, with what it does."""
    titles = {
        f"/{word}": render(flow.title, language)
        for flow in FLOWS.open_to(None)
        for word in flow.words
    }
    return titles | {"/back": "", "/cancel": ""}


async def _until_the_first_ends(*activities: Coroutine[Any, Any, object]) -> None:
    """Run activities side by side; when one ends or fails, so do all."""
    tasks = [asyncio.ensure_future(activity) for activity in activities]
    ended, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in ended:
        task.result()
