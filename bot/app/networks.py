"""The bot as a service: takes messages from chat networks and sends to them, day and night."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.app.houses import Premises, house, keep, until_the_first_ends
from bot.app.telegram import Telegram
from bot.intake import Allowance, Intake
from bot.services.refusals import OperatorError
from bot.settings import Settings
from bot.store.database import Database
from bot.turns import House, Turns
from bot.web.servers import serving

LAST_SECONDS = 10.0
"""How long the program takes at its end to send what it can."""


@dataclass(frozen=True)
class Duties:
    """What one process does: serve the web, fetch messages where no webhook brings them, jobs."""

    serves: bool
    fetches: bool
    keeps_house: bool


ALL = Duties(serves=True, fetches=True, keeps_house=True)
WEB = Duties(serves=True, fetches=False, keeps_house=False)
WORKER = Duties(serves=False, fetches=True, keeps_house=True)


def serve(
    settings: Settings, database: Database, duties: Duties, say: Callable[[str], None]
) -> None:
    """Do these duties until a signal ends the program; `say` tells the operator that it runs.

    Raises OperatorError for what the operator has to put right first.
    """
    if settings.telegram_token is None:
        raise OperatorError(
            "No chat network is set up.\n"
            "Set TELEGRAM_TOKEN to the token that @BotFather has sent for your bot."
        )
    with ThreadPoolExecutor(max_workers=1) as thread:
        premises = Premises(settings, database, thread)
        asyncio.run(_until_a_signal(Service(premises, house(settings), duties, say)))


async def _until_a_signal(service: Service) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await service.run(ended)


class Service:
    """One process on the chat networks, from its start to its orderly end."""

    def __init__(
        self, premises: Premises, home: House, duties: Duties, say: Callable[[str], None]
    ) -> None:
        self._premises = premises
        self._house = home
        self._duties = duties
        self._say = say
        self._telegram = Telegram(premises.settings.telegram_token or "", premises)
        self._intake = Intake(
            Turns(premises.database, home, lambda: clock.now()),  # noqa: PLW0108 (tests set it)
            premises.thread,
            self._telegram.delivery.post,
            allowance=Allowance(),
        )

    async def run(self, ended: asyncio.Event) -> None:
        """Work until the event, then take nothing more in and bring to an end what is in."""
        async with self._telegram:
            if self._premises.database.is_sqlite:  # then no other program is sending these letters
                await self._telegram.delivery.sweep(alone=True)
            working = [asyncio.create_task(work) for work in self._work()]
            try:
                await until_the_first_ends(self._until(ended), self._take(), _failure_of(working))
            finally:
                await self._end(working)

    def _work(self) -> list[Coroutine[Any, Any, object]]:
        work: list[Coroutine[Any, Any, object]] = [
            self._intake.run(),
            self._telegram.delivery.run(),
        ]
        if self._duties.keeps_house:
            work.append(keep(self._premises.database, self._premises.thread, self._house))
        return work

    async def _until(self, ended: asyncio.Event) -> None:
        await ended.wait()
        await self._telegram.leave()

    async def _take(self) -> None:
        """Take messages in, whichever way they come."""
        settings, duties = self._premises.settings, self._duties
        takers = self._telegram.takers(self._intake) if duties.serves else {}
        if not takers and duties.fetches:  # nobody brings anything
            await self._begin(fetches=settings.telegram_webhook_url is None)
            return
        async with AsyncExitStack() as stack:
            served = serving(settings.host, settings.port, takers, self._is_well)
            try:
                await stack.enter_async_context(served)
            except OSError as error:
                raise OperatorError(
                    f"Port {settings.port} cannot be used: {error.strerror}.\n"
                    "Choose another one with PORT, or end the program that uses it."
                ) from error
            await self._begin(fetches=bool(takers))

    async def _begin(self, *, fetches: bool) -> None:
        name = await self._telegram.sign_in()
        self._say(f"Stadtdialog is {name} on Telegram. Ctrl-C ends it.")
        await asyncio.gather(
            self._telegram.introduce(),
            self._telegram.fetch(self._intake) if fetches else asyncio.Event().wait(),
        )

    async def _is_well(self) -> bool:
        database, thread = self._premises.database, self._premises.thread
        return await asyncio.get_running_loop().run_in_executor(thread, database.answers)

    async def _end(self, working: list[asyncio.Task[object]]) -> None:
        await self._intake.stop()
        await self._telegram.delivery.stop(LAST_SECONDS)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _failure_of(tasks: list[asyncio.Task[object]]) -> None:
    """Wait until one of these tasks fails, and raise what it raised."""
    done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
