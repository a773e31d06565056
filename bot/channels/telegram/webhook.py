"""The webhook: Telegram brings updates; each is acknowledged only after its commit."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.transport import SlowDown
from bot.channels.telegram.updates import KINDS
from bot.delivery.paces import pause

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
CONNECTIONS = 100
"""As many as Telegram opens at most."""

LOOK_SECONDS = 60.0


class Webhook:
    """Takes what is posted by somebody who knows the secret."""

    def __init__(self, account: Account, receiver: Receiver) -> None:
        self._secret = account.secret.encode()
        self._receiver = receiver

    async def take(self, secret: str | None, body: Callable[[], Awaitable[bytes]]) -> HTTPStatus:
        """Take one update from whoever knows the secret; nobody else's body is even read.

        Gives the status to answer with, after the commit.
        """
        if not hmac.compare_digest(_bytes(secret), self._secret):
            return HTTPStatus.FORBIDDEN
        await self._receiver.take(await body())
        return HTTPStatus.OK


def _bytes(header: str | None) -> bytes:
    """Give a header as it came; bytes that are no UTF-8 are kept in a form of their own."""
    return (header or "").encode("utf-8", "surrogateescape")


class Doorkeeper:
    """Tells Telegram where the webhook is, and sees to it that it stays there.

    One program does this at a time, for all that serve the webhook.
    """

    def __init__(self, account: Account, url: str, reports: Reports) -> None:
        self._account = account
        self._url = url
        self._reports = reports
        self._is_up = False

    async def run(self) -> None:
        """Set the webhook up, and look after it until cancelled."""
        try:
            await self._look_after()
        finally:
            self._is_up = False  # whoever comes next sets it up anew

    async def leave(self) -> None:
        """Take the webhook down if it is in this program's care; Telegram keeps what comes then.

        To be called before `run` is cancelled: afterwards another program may have set it up.
        """
        if not self._is_up:
            return
        try:
            await self._account.bot.delete_webhook()
        except TelegramError as error:
            log.info("deleteWebhook: %s", type(error).__name__)

    async def _look_after(self) -> None:
        failures = 0
        while True:
            try:
                await self._look()
            except SlowDown as error:
                await asyncio.sleep(max(error.seconds, pause(1)))
            except TelegramError as error:
                if isinstance(error, BadRequest):  # it does not like the address
                    self._reports.closed_door(error.message)
                else:
                    self._reports.away(error)
                failures += 1
                await asyncio.sleep(pause(failures))
            else:
                failures = 0
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        if not self._is_up or (info := await self._account.bot.get_webhook_info()).url != self._url:
            await self._set_up()
        elif info.last_error_message and info.pending_update_count:
            self._reports.closed_door(info.last_error_message)
        else:
            self._reports.fine()

    async def _set_up(self) -> None:
        await self._account.bot.set_webhook(
            self._url,
            max_connections=CONNECTIONS,
            allowed_updates=KINDS,
            secret_token=self._account.secret,
        )
        self._is_up = True
        self._reports.fine()
