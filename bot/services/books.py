"""The books of one batch: one ledger for each event, read once for everybody who decides in it."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.events import EventId
from bot.domain.people import PersonId
from bot.services.acts import Actor
from bot.services.ledger import Ledger
from bot.store import events
from bot.store.database import Transaction


class Books:
    """The ledgers that are open; the events are locked.

    Whatever reads seats from the tables has to be preceded by `balance`.
    """

    def __init__(self, tx: Transaction, people: Collection[PersonId]) -> None:
        self.tx = tx
        self._people = people
        self._ledgers: dict[EventId, Ledger] = {}

    def ledger(self, event_id: EventId, actor: Actor) -> Ledger:
        """Open the ledger of an event, or turn an open one to the next person."""
        ledger = self._ledgers.get(event_id)
        if ledger is None:
            event = events.load(self.tx, event_id)
            ledger = self._ledgers[event_id] = Ledger(self.tx, event, actor.now, self._people)
        ledger.turn_to(actor)
        return ledger

    def balance(self) -> None:
        """Write everything that the ledgers have collected, and close them."""
        for ledger in self._ledgers.values():
            ledger.close()
        self._ledgers.clear()
