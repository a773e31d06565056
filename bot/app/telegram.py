"""Telegram, put together: who takes its updates, who sends its letters, and which way they come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError

from bot.app.houses import Premises
from bot.channels.telegram.accounts import REFUSED, Account
from bot.channels.telegram.files import Files
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.menus import introduce
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.sending import TelegramSender
from bot.channels.telegram.transport import SlowDown
from bot.channels.telegram.webhook import SECRET_HEADER, Doorkeeper, Webhook
from bot.delivery import Delivery, paces
from bot.delivery.paces import pause
from bot.intake import Intake
from bot.leases import Lease
from bot.services.refusals import OperatorError
from bot.web.servers import Body, Take

log = logging.getLogger(__name__)

LAST_SECONDS = 3.0
"""The end of the program does not wait longer for Telegram to take the webhook down."""


class Telegram:
    """The bot on Telegram; open it with `async with`, then give it an intake."""

    def __init__(self, token: str, premises: Premises) -> None:
        settings, database, thread = premises.settings, premises.database, premises.thread
        self._premises = premises
        self._url = settings.telegram_webhook_url
        self._reports = Reports()
        self._account = Account(token, settings.telegram_api_url)
        self.delivery = Delivery(database, thread, TelegramSender(self._account, database, thread))
        self._lease = Lease(
            database, thread, f"telegram {self._account.mark}", alone=database.is_sqlite
        )
        self._doorkeeper = (
            None if self._url is None else Doorkeeper(self._account, self._url, self._reports)
        )

    async def __aenter__(self) -> Self:
        """Make ready to call."""
        await self._account.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self._account.__aexit__()

    async def sign_in(self) -> str:
        """Find out what the bot is called; wait while Telegram is away.

        Raises OperatorError if Telegram refuses the token.
        """
        failures = 0
        while True:
            try:
                username = await self._account.sign_in()
            except InvalidToken as error:
                raise OperatorError(REFUSED) from error
            except SlowDown as error:
                await asyncio.sleep(max(error.seconds, pause(1)))
                continue
            except TelegramError as error:
                self._reports.away(error)
            else:
                self._reports.fine()
                return f"@{username}"
            failures += 1
            await asyncio.sleep(pause(failures))

    async def introduce(self) -> None:
        """Tell Telegram the commands and what the bot is for; nothing else depends on it."""
        while True:
            try:
                await introduce(self._account, self._premises.settings.city)
            except TelegramError as error:
                log.info("the menus have to wait: %s", type(error).__name__)
            else:
                return
            await asyncio.sleep(paces.LONGEST_PAUSE_SECONDS)

    def takers(self, intake: Intake) -> Mapping[str, Take]:
        """Name the address to which Telegram brings messages, and who takes them there."""
        if self._url is None:
            return {}
        webhook = Webhook(self._account, self._receiver(intake))

        async def take(headers: Mapping[str, str], body: Body) -> HTTPStatus:
            return await webhook.take(headers.get(SECRET_HEADER), body)

        return {urlsplit(self._url).path or "/": take}

    async def fetch(self, intake: Intake) -> None:
        """Take messages from Telegram, until cancelled: one program at a time for each token."""
        receiving = (
            Poller(self._account, self._receiver(intake), self._reports)
            if self._doorkeeper is None
            else self._doorkeeper
        )
        await self._lease.hold(receiving.run)

    async def leave(self) -> None:
        """Let nothing more be brought; to be called before the rest ends."""
        if self._doorkeeper is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._doorkeeper.leave()

    def _receiver(self, intake: Intake) -> Receiver:
        settings, account = self._premises.settings, self._account
        groups = Groups(
            account, self._premises.patient, self.delivery.post, settings.city, settings.language
        )
        return Receiver(account, intake, Files(account), groups)
