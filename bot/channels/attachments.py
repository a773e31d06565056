"""What goes with a letter, fetched at the moment of sending."""

from __future__ import annotations

from datetime import datetime

from bot import clock
from bot.i18n import _
from bot.outages import PatientDatabase
from bot.services.attachments import Reader, Resolved, resolve
from bot.store.database import Transaction
from bot.store.outbox import Letter

DATE = _("Date for your calendar")
GONE = _("Open this file, and the date is taken out of your calendar.")


async def fetched(database: PatientDatabase, letter: Letter, city: str) -> list[Resolved] | None:
    """Fetch what a letter refers to and what is still there; None if the database is away.

    `city` is the e-mail address of who publishes events.
    """
    if not letter.payload.get("attach"):
        return []
    return await database.unless_away(lambda tx: enclosed(tx, letter, clock.now(), city))


def enclosed(tx: Transaction, letter: Letter, now: datetime, city: str = "") -> list[Resolved]:
    """Find what a letter refers to and what is still there."""
    reader = Reader(letter.payload["language"], now, letter.channel, letter.chat, city)
    references = letter.payload.get("attach", ())
    resolved = [resolve(tx, kind, number, reader) for kind, number in references]
    return [attachment for attachment in resolved if attachment is not None]
