"""Matrix, put together: one program at a time is the bot's device there, the others stand by."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Self

from bot import clock
from bot.activities import Interruptible, until_the_first_ends
from bot.app.duties import Duties, Say
from bot.app.houses import Premises
from bot.channels.groups import Explanations
from bot.channels.matrix.accounts import Account, Credentials
from bot.channels.matrix.devices import Device
from bot.channels.matrix.failures import InvalidToken
from bot.channels.matrix.groups import Groups
from bot.channels.matrix.keyrings import Superseded
from bot.channels.matrix.receiving import Receiver
from bot.channels.matrix.reports import Reports
from bot.channels.matrix.sending import CHANNEL, MatrixSender
from bot.channels.matrix.syncing import Syncer
from bot.delivery import Delivery
from bot.delivery.paces import pause
from bot.dialogue.messages import Incoming
from bot.intake import Intake
from bot.leases import Lease
from bot.services.vaults import Secret, Vault
from bot.settings import Settings
from bot.store import outbox
from bot.store.outbox import Letter
from bot.web.servers import Take

log = logging.getLogger(__name__)

CALM_SECONDS = 120.0
"""A token that was good for so long is the first one in a row that has become invalid."""

PATIENT_SECONDS = 10.0
LAST_SECONDS = 1.0
"""Whoever loses the lease has this long to break off what it is sending."""


class Matrix:
    """The bot on Matrix, as far as it is the duty of this process."""

    def __init__(self, homeserver: str, premises: Premises, duties: Duties) -> None:
        settings = premises.settings
        self._premises = premises
        self._duties = duties
        self._credentials = Credentials(
            homeserver,
            settings.matrix_user or "",
            settings.matrix_password,
            settings.matrix_access_token,
            settings.matrix_device_id,
        )
        self._reports = Reports()
        self._lease = Lease(
            premises.database,
            premises.thread,
            f"matrix {self._credentials.user_id}",
            alone=premises.database.is_sqlite,
        )
        self._taking = Interruptible()
        self._delivery: Delivery | None = None
        self._releasing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Nothing is opened before it is this program's turn."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Everything is closed already."""

    def post(self, letters: Sequence[Letter]) -> None:
        """Send letters that have just been written, or leave them to the program that may."""
        own = [letter for letter in letters if letter.channel == CHANNEL]
        if self._delivery is not None:
            self._delivery.post(own)
        elif own:
            task = asyncio.create_task(self._release([letter.id for letter in own]))
            self._releasing.add(task)
            task.add_done_callback(self._releasing.discard)

    def reassure(self, _incoming: Incoming) -> None:
        """Say nothing: people see that the bot is typing, and nothing is sent without the keys."""

    def takers(self, _intake: Intake) -> Mapping[str, Take]:
        """Name nothing: a homeserver is asked for messages, and brings none."""
        return {}

    async def work(self, intake: Intake, say: Say) -> None:
        """Be the bot's device as long as no other program is, until cancelled.

        Raises OperatorError for what the operator has to put right.
        """
        if not self._duties.fetches:
            await asyncio.Event().wait()
        await self._lease.hold(lambda: self._be_the_device(intake, say))

    async def leave(self) -> None:
        """Take no more messages in."""
        await self._taking.break_off()

    async def stop(self, seconds: float) -> None:
        """Send what can be sent in time."""
        if self._delivery is not None:
            await self._delivery.stop(seconds)

    async def _be_the_device(self, intake: Intake, say: Say) -> None:
        """Sign in, take messages in and send; sign in anew if the token has become invalid."""
        patient, settings = self._premises.patient, self._premises.settings
        async with Account(self._credentials, Vault(_secret(settings)), patient) as account:
            failures, seconds = 0, asyncio.get_running_loop().time
            while True:
                began = seconds()
                try:
                    await self._reports.insist(account.sign_in)
                    say(f"Stadtdialog is {account.user_id} on Matrix. Ctrl-C ends it.")
                    await self._talk(account, intake)
                except InvalidToken:
                    log.warning("Matrix: the homeserver no longer knows the bot's token")
                    failures = failures + 1 if seconds() - began < CALM_SECONDS else 1
                    await asyncio.sleep(pause(failures))
                except Superseded:
                    await asyncio.Event().wait()  # the lease is lost, as will be seen in a moment

    async def _talk(self, account: Account, intake: Intake) -> None:
        """Send letters and take messages in, until cancelled."""
        device = Device.of(account.client, self._premises.patient)
        device.courtesies.introduce(self._premises.settings.city)
        sender = MatrixSender(device, self._premises.settings.email)
        delivery = Delivery(self._premises.database, self._premises.thread, sender)
        receiver = Receiver(device, intake, self._groups(account))
        syncer = Syncer(account, device, receiver, self._reports)
        try:
            await until_the_first_ends(
                self._deliver(delivery, syncer.is_ready), self._taking.run(syncer.run())
            )
        except InvalidToken:
            await delivery.stop(PATIENT_SECONDS)  # what is under way was sent before that
            raise
        finally:
            self._delivery = None
            await delivery.stop(LAST_SECONDS)
            await device.courtesies.end()

    async def _deliver(self, delivery: Delivery, is_ready: asyncio.Event) -> None:
        """Deliver, as soon as it is known who is in which room; before, nobody can be reached."""
        await is_ready.wait()
        self._delivery = delivery
        await delivery.sweep(alone=True)
        await delivery.run()

    def _groups(self, account: Account) -> Groups:
        settings = self._premises.settings
        explanations = Explanations(CHANNEL, self._premises.patient, self.post, settings.city)
        return Groups(account.user_id, explanations, settings.language)

    async def _release(self, letters: list[int]) -> None:
        """Let whoever is the bot's device send letters that this program has written."""
        await self._premises.patient.unless_away(
            lambda tx: outbox.lease(tx, letters=letters, until=clock.now())
        )


def _secret(settings: Settings) -> Secret:
    """Choose what seals the bot's keys in the database."""
    named = {
        "STADTDIALOG_SECRET_KEY": settings.secret_key,
        "MATRIX_PASSWORD": settings.matrix_password,
        "MATRIX_ACCESS_TOKEN": settings.matrix_access_token,
    }
    return next(Secret(name, words) for name, words in named.items() if words is not None)
