"""The bot as a service: takes messages from chat networks and sends to them, day and night."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from bot import clock
from bot.activities import until_the_first_ends
from bot.app import telegram
from bot.app.duties import Duties, Network, Say
from bot.app.houses import Premises, house, keep, watch
from bot.app.presences import Presence
from bot.app.telegram import Telegram
from bot.channels.telegram.sending import CHANNEL as TELEGRAM
from bot.dialogue.messages import Incoming
from bot.intake import Allowance, Intake
from bot.outages import notice_hangs
from bot.services.refusals import OperatorError
from bot.settings import Settings
from bot.store.database import Database, is_damage
from bot.store.outbox import Letter
from bot.turns import House, Turns
from bot.web.servers import Health, serving

log = logging.getLogger(__name__)

LAST_SECONDS = 10.0
"""How long the program takes at its end to send what it can."""

DAMAGED = Health(well=False, is_damaged=True)
DAMAGED_SECONDS = 20.0
"""How long /health says that the database is damaged, before the program ends."""


def serve(settings: Settings, database: Database, duties: Duties, say: Say) -> None:
    """Do these duties until a signal ends the program; `say` tells the operator that it runs.

    Raises OperatorError for what the operator has to put right first.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        premises = Premises(settings, database, thread)
        asyncio.run(_until_a_signal(Service(premises, house(settings), duties, say)))


async def _until_a_signal(service: Service) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await service.run(ended)


def networks(premises: Premises, duties: Duties) -> list[Network]:
    """Put together the networks that the settings name.

    Raises OperatorError if they name none.
    """
    settings, found = premises.settings, list[Network]()
    if settings.telegram_token is not None:
        found.append(Telegram(settings.telegram_token, premises, duties))
    if settings.matrix_homeserver is not None:
        # nio takes its time to import, and not every city is on Matrix.
        from bot.app.matrix import Matrix  # noqa: PLC0415

        found.append(Matrix(settings.matrix_homeserver, premises, duties))
    if not found:
        raise OperatorError(
            "No chat network is set up.\n"
            "Set TELEGRAM_TOKEN to the token that @BotFather has sent for your bot, or\n"
            "MATRIX_HOMESERVER, MATRIX_USER and MATRIX_PASSWORD to the bot's account on Matrix."
        )
    return found


class Service:
    """One process on the chat networks, from its start to its orderly end."""

    def __init__(self, premises: Premises, home: House, duties: Duties, say: Say) -> None:
        self._premises = premises
        self._house = home
        self._duties = duties
        self._say = say
        self._damage: Exception | None = None
        self._is_damaged = asyncio.Event()
        self._networks = networks(premises, duties)
        self._presence = Presence(premises.patient, lambda: clock.now())  # noqa: PLW0108 (as below)
        self._intake = Intake(
            Turns(
                premises.database,
                home,
                lambda: clock.now(),  # noqa: PLW0108 (tests set it)
                lambda: self._presence.absence,
            ),
            premises.thread,
            self._post,
            allowance=Allowance(),
            stricter={TELEGRAM: telegram.ALLOWANCE},
        )
        self._intake.reassure = self._reassure

    async def run(self, ended: asyncio.Event) -> None:
        """Work until the event, then take nothing more in and bring to an end what is in."""
        async with AsyncExitStack() as opened:
            for network in self._networks:
                await opened.enter_async_context(network)
            if self._takes_in:
                await until_the_first_ends(ended.wait(), self._presence.begin())
            working = [
                asyncio.create_task(self._intake.run()),
                asyncio.create_task(notice_hangs(self._premises.thread)),
            ]
            try:
                async with self._serving() as is_serving:
                    working += self._work()
                    try:
                        await until_the_first_ends(
                            ended.wait(), _failure_of(working), self._fail_if_damaged()
                        )
                    except Exception as error:
                        if is_damage(error):
                            await self._close(error, ended if is_serving else None)
                        raise
                    await asyncio.gather(*(network.leave() for network in self._networks))
            finally:
                await self._end(working)

    def _post(self, letters: Sequence[Letter]) -> None:
        for network in self._networks:
            network.post(letters)

    def _reassure(self, incoming: Incoming) -> None:
        for network in self._networks:
            network.reassure(incoming)

    def _work(self) -> list[asyncio.Task[None]]:
        work = [network.work(self._intake, self._say) for network in self._networks]
        if self._takes_in:
            work.append(self._presence.keep())
        if self._duties.keeps_house:
            work.append(keep(self._premises.database, self._premises.thread, self._house))
            work.append(watch(self._premises.database))
        return [asyncio.create_task(each) for each in work]

    @property
    def _takes_in(self) -> bool:
        """Tell whether messages come to this process: on its port, or because it fetches them."""
        return any(
            self._duties.serves if network.takers(self._intake) else self._duties.fetches
            for network in self._networks
        )

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[bool]:
        """Open the port, unless there is nothing to serve and something else to do; tells which."""
        takers = {
            path: take
            for network in self._networks
            for path, take in network.takers(self._intake).items()
        }
        if not self._duties.serves or (not takers and self._duties.fetches):
            yield False
            return
        settings = self._premises.settings
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(
                    serving(settings.host, settings.port, takers, self._examine)
                )
            except OSError as error:
                raise OperatorError(
                    f"Port {settings.port} cannot be used: {error.strerror}.\n"
                    "Choose another one with PORT, or end the program that uses it."
                ) from error
            yield True

    async def _examine(self) -> Health:
        if self._damage is not None:
            return DAMAGED
        thread, examined = self._premises.thread, self._premises.examined
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, examined)
        except Exception as error:
            if not is_damage(error):
                raise
            self._see(error)
            return DAMAGED

    def _see(self, damage: Exception) -> None:
        self._damage = damage
        self._is_damaged.set()

    async def _fail_if_damaged(self) -> None:
        """Wait until /health has met damage before anybody else did, and raise it."""
        await self._is_damaged.wait()
        if self._damage is not None:
            raise self._damage

    async def _close(self, damage: Exception, ended: asyncio.Event | None) -> None:
        """Take nothing more from anybody; where /health is served, say why for a while."""
        self._see(damage)
        log.critical(
            "the database is damaged (%s): no message is taken any more, networks keep them",
            type(damage).__name__,
        )
        leaving = (network.leave() for network in self._networks)
        await asyncio.gather(*leaving, return_exceptions=True)
        if ended is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), DAMAGED_SECONDS)

    async def _end(self, working: list[asyncio.Task[None]]) -> None:
        await self._intake.stop()
        stopping = (network.stop(LAST_SECONDS) for network in self._networks)
        await asyncio.gather(*stopping, return_exceptions=self._damage is not None)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _failure_of(tasks: list[asyncio.Task[None]]) -> None:
    """Wait until one of these tasks fails, and raise what it raised."""
    done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
