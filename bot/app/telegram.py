"""Telegram, put together: who takes its updates, who sends its letters, and which way they come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError

from bot.activities import Interruptible, until_the_first_ends
from bot.app.duties import Duties, Say
from bot.app.houses import Premises
from bot.channels.groups import Explanations
from bot.channels.telegram.accounts import REFUSED, Account
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import Call
from bot.channels.telegram.courtesies import Courtesies
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.menus import introduce
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.sending import CHANNEL, TelegramSender
from bot.channels.telegram.transport import SlowDown
from bot.channels.telegram.webhook import SECRET_HEADER, Doorkeeper, Webhook
from bot.delivery import ChatLimit, Delivery, Limits, paces
from bot.delivery.paces import pause
from bot.dialogue.messages import Incoming
from bot.i18n import _, nearest, render
from bot.intake import Allowance, Intake
from bot.leases import Lease
from bot.services.refusals import OperatorError
from bot.store.outbox import Letter
from bot.web.servers import Body, Take

log = logging.getLogger(__name__)

LIMITS = Limits(chat=ChatLimit(at_once=30, per_second=1.0))
"""What Telegram asks for: a message a second in one chat, of which some may come at once.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

ALLOWANCE = Allowance(at_once=60, per_second=1.0)
"""As much as can be answered at this pace; who waits for answers never comes near it."""

LATE = _("This takes longer than usual. Your message has arrived, and I answer as soon as I can.")

LAST_SECONDS = 3.0
"""The end of the program does not wait longer for Telegram to take the webhook down."""


class Telegram:
    """The bot on Telegram, as far as it is the duty of this process."""

    def __init__(self, token: str, premises: Premises, duties: Duties) -> None:
        settings, database, thread = premises.settings, premises.database, premises.thread
        self._premises = premises
        self._duties = duties
        self._url = settings.telegram_webhook_url
        self._reports = Reports()
        self._account = Account(token, settings.telegram_api_url)
        self._buttons = Buttons()
        self._courtesies = Courtesies(self._account)
        sender = TelegramSender(
            self._account, database, thread, city=settings.email, buttons=self._buttons
        )
        self._delivery = Delivery(database, thread, sender, limits=LIMITS)
        self._lease = Lease(
            database, thread, f"telegram {self._account.mark}", alone=database.is_sqlite
        )
        self._doorkeeper = (
            None if self._url is None else Doorkeeper(self._account, self._url, self._reports)
        )
        self._taking = Interruptible()
        self._receiving: Receiver | None = None

    async def __aenter__(self) -> Self:
        """Make ready to call, and take up what was left behind before anything newer is written."""
        await self._account.__aenter__()
        if self._premises.database.is_sqlite:  # then no other program is sending these letters
            await self._delivery.sweep(alone=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self._account.__aexit__()

    def post(self, letters: Sequence[Letter]) -> None:
        """Send letters that have just been written."""
        self._delivery.post(letters)

    def reassure(self, incoming: Incoming) -> None:
        """Tell somebody of this network that the answer takes long; the database is not asked."""
        if incoming.channel == CHANNEL:
            language = nearest(incoming.language, self._premises.settings.language)
            say = {"chat_id": int(incoming.chat), "text": render(LATE, language)}
            self._courtesies.make(Call("sendMessage", say))

    def takers(self, intake: Intake) -> Mapping[str, Take]:
        """Name the address to which Telegram brings messages, and who takes them there."""
        if self._url is None:
            return {}
        webhook = Webhook(self._account, self._receiver(intake))

        async def take(headers: Mapping[str, str], body: Body) -> HTTPStatus:
            return await webhook.take(headers.get(SECRET_HEADER), body)

        return {urlsplit(self._url).path or "/": take}

    async def work(self, intake: Intake, say: Say) -> None:
        """Send letters and take updates in, until cancelled.

        Raises OperatorError if Telegram refuses the token.
        """
        taking = self._taking.run(self._sign_in_and_take(intake, say))
        await until_the_first_ends(self._delivery.run(), taking)

    async def leave(self) -> None:
        """Let no more updates be brought, and take none."""
        if self._doorkeeper is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self._doorkeeper.leave()
        await self._taking.break_off()

    async def stop(self, seconds: float) -> None:
        """Send what can be sent in time."""
        await self._delivery.stop(seconds)

    async def _sign_in_and_take(self, intake: Intake, say: Say) -> None:
        say(f"Stadtdialog is {await self._sign_in()} on Telegram. Ctrl-C ends it.")
        await asyncio.gather(
            self._introduce(),
            self._receiver(intake).postponing.run(alone=self._premises.database.is_sqlite),
            self._fetch(intake) if self._fetches else asyncio.Event().wait(),
        )

    @property
    def _fetches(self) -> bool:
        """Tell whether updates are fetched here, or it is seen to here that they are brought."""
        return self._duties.fetches if self._url is None else self._duties.serves

    async def _sign_in(self) -> str:
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

    async def _introduce(self) -> None:
        """Tell Telegram the commands and what the bot is for; nothing else depends on it."""
        while True:
            try:
                refused = await introduce(self._account, self._premises.settings.city)
            except TelegramError as error:
                log.info("the menus have to wait: %s", type(error).__name__)
            else:
                for what in refused:
                    log.warning("Telegram refuses a text of its menus: %s", what)
                return
            await asyncio.sleep(paces.LONGEST_PAUSE_SECONDS)

    async def _fetch(self, intake: Intake) -> None:
        """Take messages from Telegram, until cancelled: one program at a time for each token."""
        receiving = (
            Poller(self._account, self._receiver(intake), self._reports)
            if self._doorkeeper is None
            else self._doorkeeper
        )
        await self._lease.hold(receiving.run)

    def _receiver(self, intake: Intake) -> Receiver:
        """Give the one that takes updates, however they come."""
        if self._receiving is None:
            settings, patient = self._premises.settings, self._premises.patient
            explanations = Explanations(CHANNEL, patient, self._delivery.post, settings.city)
            groups = Groups(self._account, explanations, settings.language)
            self._receiving = Receiver(self._account, intake, patient, groups, self._buttons)
        return self._receiving
