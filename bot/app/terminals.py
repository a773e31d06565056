"""The bot in a terminal: one guest, one chat, from the first line to the last."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot import clock
from bot.activities import until_the_first_ends
from bot.app.houses import house, keep
from bot.channels.terminal.chats import GOODBYE, Guest, Post, TerminalChat
from bot.channels.terminal.pipes import Pipes
from bot.channels.terminal.screens import Screen
from bot.channels.terminal.sending import CHANNEL, TerminalSender
from bot.delivery import Delivery
from bot.flows.book import FLOWS
from bot.i18n import Language, Renderable, _, render
from bot.intake import Intake
from bot.settings import Settings
from bot.store import conversations
from bot.store.database import Database, is_damage
from bot.turns import Turns

FILES = "files"


@dataclass(frozen=True)
class Visit:
    """Who comes to the terminal; `language` is set if the conversation shall be held in it."""

    name: str
    language: Language | None = None


def converse(settings: Settings, database: Database, visit: Visit) -> None:
    """Hold a conversation in the terminal, to its end."""
    asyncio.run(_converse(settings, database, visit))


async def _converse(settings: Settings, database: Database, visit: Visit) -> None:
    guest, home = _welcome(settings, database, visit), house(settings)
    with ThreadPoolExecutor(max_workers=1) as database_thread:
        screen = _screen(guest.language)
        files = settings.data_dir / FILES
        sender = TerminalSender(screen, database, database_thread, files, settings.email)
        delivery = Delivery(database, database_thread, sender, chat=guest.chat)
        intake = Intake(Turns(database, home), database_thread, delivery.post)
        chat = TerminalChat(
            screen, guest, intake, Post(database, database_thread, delivery, sender)
        )
        farewell: Renderable = GOODBYE
        try:
            await until_the_first_ends(
                intake.run(), keep(database, database_thread, home), *chat.activities()
            )
        except Exception as error:
            if is_damage(error):
                farewell = _damaged(settings.telephone)
            raise
        finally:
            chat.leave(farewell)


def _damaged(telephone: str) -> Renderable:
    return _(
        "I am sorry: what I have stored is damaged, so I have not taken your last message, and I "
        "take no more until it is repaired. Please call {telephone}."
    ).format(telephone=telephone)


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
