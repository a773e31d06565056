"""A database and a network that fail when they are told to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from bot.delivery import Attempt, Sent
from bot.store.database import Database, Transaction
from bot.store.outbox import Letter


class Fickle(Database):
    """A database that goes away at the end of a transaction, before or after the commit."""

    before = after = 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with super().transaction() as tx:
            yield tx
            if self.before:
                self.before -= 1
                raise _gone()
        if self.after:
            self.after -= 1
            raise _gone()


def _gone() -> OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return OperationalError("commit", {}, error)


class Postbox:
    """A network that does with each letter what it is told."""

    channel = "terminal"

    def __init__(self, *attempts: Attempt) -> None:
        self.attempts = list(attempts)
        self.taken: list[int] = []

    async def send(self, letter: Letter) -> Attempt:
        attempt = self.attempts.pop(0) if self.attempts else Sent()
        if isinstance(attempt, Sent):
            self.taken.append(letter.id)
        return attempt
