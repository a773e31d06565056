"""The bot's account on Matrix as one program has it, with a sync loop as simple as can be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import ParamSpec, TypeVar

from nio import RoomMessageText, SyncResponse

from bot.channels.matrix.accounts import Account, Credentials
from bot.outages import PatientDatabase
from bot.services.vaults import Secret, Vault
from bot.store import matrix
from bot.store.database import Database
from tests.matrix import homeservers

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_SECONDS = 20.0
VAULT = Vault(Secret("STADTDIALOG_SECRET_KEY", "a very long secret"))


class Program:
    """A program that is signed in: it reads, joins where it is invited, and writes."""

    def __init__(self, account: Account, database: Database) -> None:
        self.account, self.client = account, account.client
        self._database = database
        self.heard: list[str] = []

    async def syncs(self) -> None:
        """Sync once, as the loop of the bot does, and note how far it came."""
        with self._database.transaction() as tx:
            since = matrix.since(tx, self.account.user_id)
        response = await self.client.sync(500, since=since, full_state=not self.client.rooms)
        assert isinstance(response, SyncResponse)
        for room_id in response.rooms.invite:
            await self.client.join(room_id)
        for room in response.rooms.join.values():
            for event in room.timeline.events:
                if isinstance(event, RoomMessageText) and event.sender != self.account.user_id:
                    self.heard.append(event.body)
        await self.account.tend()
        await self.client.flush()
        with self._database.transaction() as tx:
            matrix.move_on(tx, self.account.user_id, response.next_batch)

    async def hears(self, text: str) -> None:
        """Sync until this was said."""
        await self.until(lambda: text in self.heard)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Sync until something holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"it does not come; heard: {self.heard}"
            await self.syncs()

    async def says(self, room_id: str, text: str) -> None:
        """Write into a room."""
        content = {"msgtype": "m.text", "body": text}
        await self.client.room_send(
            room_id, "m.room.message", content, ignore_unverified_devices=True
        )


def credentials(url: str, known: homeservers.Account, **changes: str | None) -> Credentials:
    """Give what stands in the settings: a password, unless it is changed."""
    return replace(Credentials(url, known.user_id, known.password), **changes)  # type: ignore[arg-type]


@contextmanager
def patient(database: Database) -> Iterator[PatientDatabase]:
    """Give a database a thread, as each program has one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield PatientDatabase(database, thread)


@asynccontextmanager
async def opened(
    database: Database, given: Credentials, vault: Vault = VAULT
) -> AsyncIterator[Account]:
    """Open an account that has not signed in yet."""
    with patient(database) as found:
        async with Account(given, vault, found) as account:
            yield account


@asynccontextmanager
async def program(
    database: Database, given: Credentials, vault: Vault = VAULT
) -> AsyncIterator[Program]:
    """Start a program on a database, and sign in."""
    async with opened(database, given, vault) as account:
        await account.sign_in()
        yield Program(account, database)


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Let a citizen do something while the program goes on."""
    return await asyncio.to_thread(work, *given, **named)
