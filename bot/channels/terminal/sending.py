"""Letters from the outbox, shown in the terminal."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import timedelta
from pathlib import Path

from bot import clock
from bot.channels.attachments import enclosed
from bot.channels.terminal.extras import shown
from bot.channels.terminal.replies import written
from bot.channels.terminal.screens import Screen
from bot.delivery import Attempt, Later, Sent
from bot.i18n import Language, render
from bot.services.attachments import Resolved
from bot.store.database import Database, is_outage
from bot.store.outbox import Letter

CHANNEL = "terminal"
PAUSE_SECONDS = 0.5
NEXT_TIME = timedelta(days=1)


class TerminalSender:
    """Shows letters; `files` is where calendar and data files go."""

    channel = CHANNEL

    def __init__(
        self,
        screen: Screen,
        database: Database,
        database_thread: Executor,
        files: Path,
        city: str = "",
    ) -> None:
        self.language: Language | None = None
        self._screen = screen
        self._database = database
        self._thread = database_thread
        self._files = files
        self._city = city

    async def send(self, letter: Letter) -> Attempt:
        """Show a letter; if nobody reads any more, it stays in the outbox."""
        self.language = letter.payload["language"]
        extras = [
            render(shown(attachment, self._files), letter.payload["language"])
            for attachment in await self._attached(letter)
        ]
        await self._screen.show(written(letter.payload, extras, self._screen.style))
        return Later(NEXT_TIME) if self._screen.gone.is_set() else Sent()

    async def _attached(self, letter: Letter) -> list[Resolved]:
        """Fetch what goes with a letter; wait for the database as long as it takes."""
        while letter.payload.get("attach"):
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._found, letter
                )
            except Exception as error:
                if not is_outage(error):
                    raise
                await asyncio.sleep(PAUSE_SECONDS)
        return []

    def _found(self, letter: Letter) -> list[Resolved]:
        with self._database.transaction() as tx:
            return enclosed(tx, letter, clock.now(), self._city)
