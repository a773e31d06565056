"""One chat in the terminal: each line is answered before the next one is read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot import clock
from bot.channels.terminal import photos
from bot.channels.terminal.markup import laid_out
from bot.channels.terminal.screens import Screen
from bot.channels.terminal.sending import CHANNEL, TerminalSender
from bot.delivery import AHEAD, Delivery
from bot.dialogue.messages import Content, Incoming, Typed
from bot.i18n import Language, Renderable, _, render
from bot.intake import Intake
from bot.store import outbox
from bot.store.database import Database, is_outage
from bot.store.outbox import Letter

_LOST = re.compile("[\ud800-\udfff\ufffd]")
"""What stands where bytes are no letters: Python keeps them so, and replaces them in a pipe."""

GOODBYE = _("Goodbye! I have kept everything. Come back whenever you like.")
PATIENCE_SECONDS = 2.0
LOOK_SECONDS = 1.0
LEASE = timedelta(seconds=60)
"""How long a letter that was looked for belongs to this terminal, as far as others know."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who sits at the terminal; `is_new` until they have said something for the first time."""

    chat: str
    language: Language
    is_new: bool


@dataclass(frozen=True, slots=True)
class Post:
    """The way of letters: where they lie, who takes them out, and who shows them."""

    database: Database
    database_thread: Executor
    delivery: Delivery
    sender: TerminalSender


class TerminalChat:
    """The chat of one guest, from the first line to the last."""

    def __init__(self, screen: Screen, guest: Guest, intake: Intake, post: Post) -> None:
        self._screen = screen
        self._guest = guest
        self._intake = intake
        self._post = post
        self._talking = asyncio.Lock()
        self._noting: asyncio.Task[None] | None = None

    def activities(self) -> list[Coroutine[Any, Any, object]]:
        """List what goes on at the same time; the chat is over when the first of them ends."""
        return [self._talk(), self._look_around(), self._screen.gone.wait()]

    def leave(self, farewell: Renderable = GOODBYE) -> None:
        """Say goodbye, in these words."""
        self._screen.leave(self._worded(farewell))

    async def _talk(self) -> None:
        async with self._talking:
            await self._fetch(_("While you were away:"))
        if self._guest.is_new and self._screen.greets:
            await self._take("/start")
        while (line := await self._screen.read()) is not None:
            await self._take(line)
        await self._post.delivery.settled()

    async def _take(self, line: str) -> None:
        if _LOST.search(line):
            await self._say(
                _(
                    "I cannot read every letter of this line, so I have not taken it: this "
                    "terminal does not write UTF-8. Please set it so, or begin with LANG=C.UTF-8."
                )
            )
            return
        answered = asyncio.create_task(self._answer(await _content(line)))
        _done, waiting = await asyncio.wait({answered}, timeout=PATIENCE_SECONDS)
        if waiting:
            await self._say(
                _(
                    "I have your message, but I cannot look anything up at the moment. "
                    "I will answer as soon as I can. Nothing is lost."
                )
            )
        await answered
        # Whatever keeps the database from noting this must not keep anybody from typing on.
        self._noting = asyncio.create_task(self._post.delivery.note())

    async def _answer(self, content: Content) -> None:
        chat, now = self._guest.chat, clock.now()
        incoming = Incoming(CHANNEL, chat, chat, uuid4().hex, content, now, self._guest.language)
        async with self._talking:
            await self._intake.submit(incoming)
            await self._post.delivery.sent()

    async def _look_around(self) -> None:
        """Show what other programs have for this guest, while the guest is thinking."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._talking.locked():
                async with self._talking:
                    await self._fetch()

    async def _fetch(self, headline: Renderable | None = None) -> None:
        try:
            letters = await asyncio.get_running_loop().run_in_executor(
                self._post.database_thread, self._claim
            )
        except Exception as error:
            if not is_outage(error):
                raise
            return
        if letters and headline is not None:
            await self._say(headline)
        self._post.delivery.post(letters)
        await self._post.delivery.settled()

    def _claim(self) -> list[Letter]:
        """Take the letters of this chat, even those that others could still send or have put off.

        Only a terminal shows them, and this is the one; in another program they would wait.
        """
        now = clock.now()
        with self._post.database.transaction() as tx:
            return outbox.claim(tx, CHANNEL, now + AHEAD, now + LEASE, chat=self._guest.chat)

    async def _say(self, text: Renderable) -> None:
        await self._screen.show(self._worded(text) + "\n\n")

    def _worded(self, text: Renderable) -> str:
        language = self._post.sender.language or self._guest.language
        return laid_out(render(text, language), self._screen.style)


async def _content(line: str) -> Content:
    picture = photos.named_in(line)
    return Typed(line) if picture is None else await asyncio.to_thread(photos.opened, picture)
