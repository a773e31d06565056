"""What commands do to the seats of an event: read once, written together at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.events import Event, EventId, PlaceId
from bot.domain.outcomes import SeatNotice
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.services.acts import Actor, Notice
from bot.store import audit, consents, events, seats
from bot.store.consents import Given
from bot.store.database import Transaction
from bot.store.seats import Held

NOTHING: Sequence[Held] = ()

ENDLESS = sys.maxsize
"""As many seats as anybody could ask for: the place has no capacity."""


class Ledger:
    """The seats of one event under its lock, for the commands of one or several people in turn.

    `person` is whose own registrations are at stake, `actor` who caused the change; the clock is
    nobody. Registrations are written at once; counts, arrival numbers, consents of newcomers,
    audit rows and notices are collected, and written together by `close`.
    """

    def __init__(
        self,
        tx: Transaction,
        event_id: EventId,
        now: datetime,
        people: Iterable[PersonId] = (),
        known: Event | None = None,
    ) -> None:
        """Read how the event stands; its description only if the `known` one is out of date."""
        standing = seats.standing(tx, event_id)
        is_current = known is not None and known.revision == standing.revision
        self.event = known if known is not None and is_current else events.load(tx, event_id)
        self.tx, self.now = tx, now
        self.said_at = now
        self.person: PersonId | None = None
        self.actor: PersonId | None = None
        self._before, self._counts = standing.counts, dict(standing.counts)
        self._arrivals_before = self._last_arrival = standing.arrivals
        people = list(people)
        self._held = dict.fromkeys(people, NOTHING) | seats.held_by(tx, event_id, people)
        self._given: list[Given] = []
        self._entries: list[audit.Entry] = []
        self._notices: list[Notice] = []

    @classmethod
    def open(
        cls,
        tx: Transaction,
        event_id: EventId,
        now: datetime,
        *,
        person: PersonId | None = None,
        actor: PersonId | None = None,
    ) -> Ledger:
        """Read the event, how full its places are, and what the person holds, for one command."""
        ledger = cls(tx, event_id, now, [] if person is None else [person])
        ledger.person, ledger.actor = person, actor
        return ledger

    def turn_to(self, actor: Actor) -> None:
        """Go on with the command of somebody else."""
        self.person = self.actor = actor.person
        self.now, self.said_at = actor.now, actor.said_at or actor.now

    @property
    def has_begun(self) -> bool:
        """Tell whether seats no longer change, because the event has begun."""
        return self.now >= self.event.starts_at

    @property
    def is_too_late(self) -> bool:
        """Tell whether the event had begun when this was said, or is over."""
        return self.said_at >= self.event.starts_at or self.event.is_over(self.now)

    def note_in_time(self, deadline: datetime) -> None:
        """Keep an audit row if this counts only because the program was away at the deadline."""
        if self.said_at < deadline <= self.now:
            said_at = self.said_at.isoformat()
            self.enter("in time, the program was away", None, self.person, said_at=said_at)

    @property
    def fills_gaps(self) -> bool:
        """Tell whether free seats no longer wait for a large group."""
        return self.event.fills_gaps(self.now)

    @property
    def places(self) -> Iterable[PlaceId]:
        """List the places of the event."""
        return self._counts.keys()

    @property
    def own(self) -> Sequence[Held]:
        """List the seat and the wait of the person, as they are now."""
        if self.person is None:
            return NOTHING
        if self.person not in self._held:
            found = seats.held_by(self.tx, self.event.id, [self.person])
            self._held[self.person] = found.get(self.person, NOTHING)
        return self._held[self.person]

    def held(self, state: RegistrationState) -> Held | None:
        """Find the one registration of the person in this state."""
        return next((held for held in self.own if held.state is state), None)

    def held_as(self, registration: RegistrationId) -> Held | None:
        """Find the person's own registration with this id, if it still counts."""
        return next((held for held in self.own if held.registration == registration), None)

    def capacity(self, place: PlaceId) -> int | None:
        """Give the number of seats; None is "as many as you like"."""
        return self._counts[place].capacity

    def free(self, place: PlaceId) -> int:
        """Count the seats that nobody has; the line comes before any newcomer."""
        count = self._counts[place]
        return ENDLESS if count.capacity is None else max(0, count.capacity - count.taken)

    def over(self, place: PlaceId) -> int:
        """Count the seats that are taken beyond the capacity."""
        count = self._counts[place]
        return 0 if count.capacity is None else max(0, count.taken - count.capacity)

    def waiting(self, place: PlaceId) -> int:
        """Count the people in the line."""
        return self._counts[place].waiting

    def next_arrival(self) -> int:
        """Give the next arrival number of the event; it is never given again."""
        self._last_arrival += 1
        return self._last_arrival

    def reckon(
        self, place: PlaceId, state: RegistrationState, people: int, person: PersonId
    ) -> None:
        """Add people to those who are seated or wait, by a registration of `person`.

        The number is negative for those who leave.
        """
        count = self._counts[place]
        if state is RegistrationState.CONFIRMED:
            count = replace(count, taken=count.taken + people)
        elif state is RegistrationState.WAITING:
            count = replace(count, waiting=count.waiting + people)
        self._counts[place] = count
        self._held.pop(person, None)  # what they hold has changed

    def agree(self, given: Iterable[Given]) -> None:
        """Keep what a newcomer has agreed to."""
        self._given.extend(given)

    def resize(self, place: PlaceId, capacity: int | None) -> None:
        """Change the capacity at once; what is taken beyond it is tolerated."""
        seats.resize(self.tx, place, capacity)
        self._counts[place] = replace(self._counts[place], capacity=capacity)

    def note(
        self, what: str, held: Held, to: RegistrationState | None = None, **details: object
    ) -> None:
        """Keep an audit row; `to` is given for a change of state."""
        if to is not None:
            details |= {"from": held.state.value, "to": to.value}
        self.enter(what, held.registration, held.person, place=held.place, **details)

    def enter(
        self,
        what: str,
        registration: RegistrationId | None,
        person: PersonId | None,
        **details: object,
    ) -> None:
        """Keep an audit row about a registration, a person, or neither."""
        self._entries.append(
            audit.Entry(
                at=self.now,
                what=what,
                person=person,
                actor=self.actor,
                event=self.event.id,
                registration=registration,
                details=details,
            )
        )

    def tell(self, person: PersonId, what: SeatNotice) -> None:
        """Keep a notice for somebody who did not do this themselves."""
        self._notices.append(Notice(person, what))

    def has_told(self, person: PersonId, kind: type[SeatNotice]) -> bool:
        """Tell whether there is a notice of this kind for this person already."""
        return any(
            notice.person == person and isinstance(notice.what, kind) for notice in self._notices
        )

    def notices(self) -> tuple[Notice, ...]:
        """Give the notices since this was asked last."""
        notices, self._notices = self._notices, []
        return tuple(notices)

    def close(self) -> tuple[Notice, ...]:
        """Write everything that was collected; give the notices."""
        seats.arrive(self.tx, self.event.id, self._last_arrival - self._arrivals_before)
        seats.reckon(self.tx, self._before, self._counts)
        consents.add(self.tx, self.event.id, self._given)
        audit.record(self.tx, self._entries)
        return self.notices()
