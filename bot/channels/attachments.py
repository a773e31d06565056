"""What goes with a letter, fetched at the moment of sending."""

from __future__ import annotations

from bot import clock
from bot.outages import PatientDatabase
from bot.services.attachments import Resolved, resolve
from bot.store.database import Transaction
from bot.store.outbox import Letter


async def fetched(database: PatientDatabase, letter: Letter) -> list[Resolved] | None:
    """Fetch what a letter refers to and what is still there; None if the database is away."""
    references = letter.payload.get("attach")
    if not references:
        return []
    language = letter.payload["language"]

    def fetch(tx: Transaction) -> list[Resolved]:
        found = [resolve(tx, kind, number, language, clock.now()) for kind, number in references]
        return [attachment for attachment in found if attachment is not None]

    return await database.unless_away(fetch)
