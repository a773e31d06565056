"""A small world for the seats: one event, its places, the people who want to come, and a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select

from bot.domain.consents import NEEDS, Agreement
from bot.domain.events import Event, Place, PlaceId
from bot.domain.outcomes import InLine, Seated, SeatOutcome
from bot.domain.people import Contact, ContactKind, PersonId
from bot.domain.seats import (
    AnswerForCompanion,
    Cancel,
    CancelCompanion,
    Companion,
    CompanionId,
    Register,
    Registration,
    RegistrationId,
    RegistrationState,
    SeatCommand,
    WithdrawConsent,
)
from bot.services import seats
from bot.services.acts import Actor, Notice, Result
from bot.store import events, tables
from bot.store.database import Database
from tests.sample import ROOM, START, STREAM, another, person

ONLINE = replace(ROOM, slug="online", consents=())
BROADCAST = Agreement("broadcast", "1", "de", "Ich bin zu sehen.")
NEEDS_KEPT = Agreement(NEEDS, "1", "de", "Sie dürfen das speichern.")
CALLED = Contact(ContactKind.PHONE, "+492305106220")
_numbers = count()

T = TypeVar("T")


def there(outcome: object, kind: type[T]) -> T:
    """Take an outcome for what it is expected to be."""
    assert isinstance(outcome, kind), outcome
    return outcome


@dataclass
class World:
    """One event of its own in a shared database, well before its deadlines unless time passes."""

    database: Database
    event: Event
    now: datetime
    notices: Sequence[Notice] = ()

    @classmethod
    def of(
        cls,
        database: Database,
        *,
        room: int | None = 1,
        online: int | None = 1,
        **changes: Any,  # noqa: ANN401  # fields of Event
    ) -> World:
        """Let an event have this many seats in the room, which is broadcast, and online."""
        places = (replace(ROOM, capacity=room), replace(ONLINE, capacity=online), STREAM)
        event = another(f"event-{next(_numbers)}", **({"places": places} | changes))
        with database.transaction() as tx:
            event = events.load(tx, events.save(tx, event).id)
        return cls(database, event, START - timedelta(days=10))

    def place(self, slug: str) -> Place:
        """Find a place that is surely there."""
        place = self.event.place(slug)
        assert place is not None
        return place

    @property
    def room(self) -> PlaceId:
        """Give the place on site, which needs the consent to the broadcast."""
        return self.place("saal").id

    @property
    def online(self) -> PlaceId:
        """Give the place that needs no consent."""
        return self.place("online").id

    def people(self, *names: str) -> list[Guest]:
        """Let some people be there who may register."""
        with self.database.transaction() as tx:
            return [Guest(self, name, PersonId(person(tx))) for name in names]

    def carry_out(self, command: SeatCommand, actor: Actor) -> SeatOutcome:
        """Carry out a command in a transaction of its own; its notices are kept to be looked at."""
        with self.database.transaction() as tx:
            seats.lock(tx, [self.event.id])
            return self._kept(seats.carry_out(tx, command, actor))

    def enter(self, command: Register, staff: PersonId, arrived_at: datetime) -> SeatOutcome:
        """Let staff enter somebody who called."""
        with self.database.transaction() as tx:
            seats.lock(tx, [self.event.id])
            actor = Actor(staff, "terminal", self.now)
            return self._kept(seats.enter(tx, command, actor, arrived_at))

    def change_capacity(self, place: PlaceId, capacity: int | None) -> int:
        """Change a capacity; give by how many seats the place is over."""
        with self.database.transaction() as tx:
            return self._kept(seats.change_capacity(tx, place, capacity, self.now)).over

    def move_back(self, place: PlaceId) -> int:
        """Move the latest arrivals back; give by how many seats the place is still over."""
        with self.database.transaction() as tx:
            return self._kept(seats.move_back(tx, place, self.now)).over

    def fill_gaps(self) -> None:
        """Let the clock serve the line."""
        with self.database.transaction() as tx:
            self.notices = seats.fill_gaps(tx, self.event.id, self.now)

    def cancel_event(self) -> None:
        """Let the event be called off."""
        with self.database.transaction() as tx:
            events.save(tx, replace(self.event, cancelled=True))

    def passes(self, *, before_start: timedelta) -> None:
        """Let it be this long before the start."""
        self.now = self.event.starts_at - before_start

    def those(self, state: RegistrationState, place: PlaceId | None = None) -> list[str]:
        """Name those who are seated or wait, with the size of groups, in order of arrival."""
        with self.database.transaction() as tx:
            rows = seats.registrations_at(tx, self.event.id)
        return [
            row.name if row.party_size == 1 else f"{row.name} {row.party_size}"
            for row in rows
            if row.state is state and place in {None, row.place}
        ]

    def seated(self, place: PlaceId | None = None) -> list[str]:
        """Name those who have a seat."""
        return self.those(RegistrationState.CONFIRMED, place)

    def waiting(self, place: PlaceId | None = None) -> list[str]:
        """Name those who wait."""
        return self.those(RegistrationState.WAITING, place)

    def rows(self, table: str, **where: object) -> list[dict[str, Any]]:
        """Read rows as they are."""
        target = tables.metadata.tables[table]
        with self.database.transaction() as tx:
            found = tx.execute(select(target).filter_by(**where).order_by(target.c.id))
            return [dict(row._mapping) for row in found]  # noqa: SLF001  # its public name

    def _kept(self, result: Result[T]) -> T:
        self.notices = result.notices
        return result.outcome


@dataclass
class Guest:
    """Somebody in this world; what they do comes one second after what happened before."""

    world: World
    name: str
    id: PersonId
    registration: RegistrationId = field(default=RegistrationId(0))

    def registers(
        self,
        place: PlaceId,
        *companions: Companion,
        **fields: Any,  # noqa: ANN401  # of Register
    ) -> SeatOutcome:
        """Register with the consent to the broadcast, unless other fields say otherwise."""
        defaults: dict[str, Any] = {
            "name": self.name,
            "agreements": (BROADCAST,),
            "companions": companions,
        }
        outcome = self.does(Register(self.world.event.id, place, **(defaults | fields)))
        if isinstance(outcome, Seated | InLine):
            self.registration = outcome.registration
        return outcome

    def brings(
        self,
        place: PlaceId,
        *names: str,
        **fields: Any,  # noqa: ANN401  # of Register
    ) -> SeatOutcome:
        """Register with adult companions."""
        return self.registers(place, *map(Companion, names), **fields)

    def cancels(self, registration: RegistrationId | None = None) -> SeatOutcome:
        """Give back what was registered last."""
        return self.does(Cancel(self.world.event.id, registration or self.registration))

    def leaves_behind(self, position: int) -> SeatOutcome:
        """Come without one companion; they are counted from 1."""
        group = self.world.rows("companions", registration_id=self.registration)
        group.sort(key=lambda row: (row["rank"], row["id"]))
        number = group[position - 1]["id"] if 0 < position <= len(group) else 0
        command = CancelCompanion(self.world.event.id, self.registration, CompanionId(number))
        return self.does(command)

    def withdraws(self, slug: str, instead: PlaceId | None = None) -> SeatOutcome:
        """Take back a consent."""
        return self.does(WithdrawConsent(self.world.event.id, self.registration, slug, instead))

    def answers(
        self, code: str, *, agreed: bool, agreements: tuple[Agreement, ...] = (BROADCAST,)
    ) -> SeatOutcome:
        """Answer as the companion that one is."""
        return self.does(AnswerForCompanion(self.world.event.id, code, agreements, agreed))

    def does(self, command: SeatCommand, run: str | None = None) -> SeatOutcome:
        """Send a command."""
        self.world.now += timedelta(seconds=1)
        actor = Actor(self.id, "terminal", self.world.now, run)
        return self.world.carry_out(command, actor)

    def registrations(self) -> list[Registration]:
        """Read one's own registrations."""
        with self.world.database.transaction() as tx:
            return seats.registrations_of(tx, self.id)
