"""A program that takes messages in says so, so that it knows afterwards how long it was away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import clock
from bot.domain.absences import Absence
from bot.outages import PatientDatabase
from bot.store import presences
from bot.store.database import Transaction

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
LONGEST_BEAT = timedelta(seconds=20)
"""Whoever said nothing for longer was away: stopped, asleep, or without a database."""


class Presence:
    """The signs of life of one program, and its last absence."""

    def __init__(self, database: PatientDatabase, now: Callable[[], datetime] = clock.now) -> None:
        self._database = database
        self._now = now
        self._last: datetime | None = None
        self.absence: Absence | None = None

    async def begin(self) -> None:
        """Find out how long nobody was there, before the first message is taken in."""
        await self._database.insist(self.beat)

    async def keep(self) -> None:
        """Give signs of life as long as the program runs."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._database.unless_away(self.beat)

    def beat(self, tx: Transaction) -> None:
        """Give a sign of life, and note an absence if there was one.

        What another program has said counts only at the start: later on, its clock may be wrong.
        """
        now = self._now()
        before = presences.last(tx) if self._last is None else self._last
        is_start = self._last is None
        if before is not None and before < now and (is_start or now - before > LONGEST_BEAT):
            self.absence = Absence(before, now)
            log.info("nobody took messages in for %d seconds", (now - before).total_seconds())
        self._last = now
        presences.note(tx, now)
