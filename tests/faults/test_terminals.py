"""A database that hangs after it has answered keeps nobody at a terminal from typing on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from bot.channels.terminal import chats
from bot.channels.terminal.chats import Guest, Post, TerminalChat
from bot.channels.terminal.markup import Style
from bot.channels.terminal.sending import TerminalSender
from bot.delivery import Delivery
from bot.intake import Intake
from bot.store import outbox
from bot.turns import Turns
from tests.faults.conversations import SORRY
from tests.town import HOUSE, Town

PATIENCE_SECONDS = 20


class Script:
    """A screen on which somebody types these lines, and no more."""

    greets = False
    style = Style()

    def __init__(self, *lines: str) -> None:
        self.gone = asyncio.Event()
        self.seen = ""
        self._lines = list(lines)
        self._news = asyncio.Event()

    async def read(self) -> str | None:
        await asyncio.sleep(0)
        return self._lines.pop(0) if self._lines else None

    async def show(self, text: str) -> None:
        self.seen += text
        self._news.set()

    def leave(self, farewell: str) -> None:
        self.seen += farewell

    async def waits_for(self, words: str) -> None:
        while words not in self.seen:
            self._news.clear()
            await self._news.wait()


async def test_a_note_that_hangs_is_no_reason_for_silence(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, mark_sent = Event(), outbox.mark_sent

    def hangs(*arguments: object) -> None:
        goes_on.wait(PATIENCE_SECONDS)
        mark_sent(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "mark_sent", hangs)
    monkeypatch.setattr(chats, "PATIENCE_SECONDS", 1.0)
    screen, sorry = Script("/help", "/events"), SORRY.decode()
    with ThreadPoolExecutor(max_workers=1) as thread:
        sender = TerminalSender(screen, town.database, thread, tmp_path)
        delivery = Delivery(town.database, thread, sender, chat="anna")
        intake = Intake(Turns(town.database, HOUSE, lambda: town.now), thread, delivery.post)
        post = Post(town.database, thread, delivery, sender)
        chat = TerminalChat(screen, Guest("anna", "en", is_new=False), intake, post)
        talking, _around, gone = map(asyncio.ensure_future, chat.activities())
        running = asyncio.create_task(intake.run())
        try:
            await asyncio.wait_for(screen.waits_for(sorry), PATIENCE_SECONDS / 2)
            goes_on.set()
            await asyncio.wait_for(talking, PATIENCE_SECONDS)
        finally:
            goes_on.set()
            for task in (talking, _around, gone, running):
                task.cancel()
            await asyncio.gather(talking, _around, gone, running, return_exceptions=True)

    assert screen.seen.count(sorry) == 1
    assert "Kick-off" in screen.seen.rsplit(sorry, 1)[1]
