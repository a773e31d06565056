"""The books of one batch: one ledger for each event, read once for everybody who decides in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from bot.domain.events import Event, EventId
from bot.domain.people import PersonId
from bot.services.acts import Actor
from bot.services.ledger import Ledger
from bot.store.database import Transaction


class Books:
    """The ledgers that are open; the events are locked.

    `known` are descriptions of events that were read before the lock. Whatever reads seats from
    the tables has to be preceded by `balance`.
    """

    def __init__(
        self,
        tx: Transaction,
        people: Collection[PersonId],
        known: Mapping[EventId, Event] | None = None,
    ) -> None:
        self.tx = tx
        self._known = known or {}
        self._people = set(people)
        self._deciding = Counter(people)
        self._ledgers: dict[EventId, Ledger] = {}

    def decides(self, person: PersonId) -> bool:
        """Tell whether this person decides something in the batch."""
        return person in self._people

    def decides_twice(self, person: PersonId) -> bool:
        """Tell whether two chats of this person decide something in the batch."""
        return self._deciding[person] > 1

    def ledger(self, event_id: EventId, actor: Actor) -> Ledger:
        """Open the ledger of an event, or turn an open one to the next person."""
        ledger = self._ledgers.get(event_id)
        if ledger is None:
            known = self._known.get(event_id)
            ledger = Ledger(self.tx, event_id, actor.now, self._people, known)
            self._ledgers[event_id] = ledger
        ledger.turn_to(actor)
        return ledger

    def balance(self) -> None:
        """Write everything that the ledgers have collected, and close them."""
        for ledger in self._ledgers.values():
            ledger.close()
        self._ledgers.clear()
