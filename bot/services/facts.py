"""Facts for conversations: a snapshot of the events for a whole batch, the rest on demand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from bot.domain.consents import Consent
from bot.domain.events import Event, EventId, Occupancy, Place, PlaceId
from bot.domain.facts import City, Invitation, Statistics
from bot.domain.ideas import Idea
from bot.domain.links import Joining, LinkRefusal, Undoable, Wanted
from bot.domain.people import PersonId, Role
from bot.domain.privacy import Report
from bot.domain.reach import Undelivered
from bot.domain.seats import Accompanied, Registration
from bot.services import codes, links, privacy, seats
from bot.store import (
    companions,
    consents,
    conversations,
    deletions,
    ideas,
    joinings,
    lines,
    outbox,
    people,
    registrations,
)
from bot.store import links as link_codes
from bot.store.calendar import Events
from bot.store.database import Transaction


class Snapshot:
    """The events as they are at the beginning of a batch, for the people who speak in it."""

    def __init__(
        self, tx: Transaction, events: Events, city: City, people: Iterable[PersonId], now: datetime
    ) -> None:
        self.tx = tx
        self._people = frozenset(people)
        self.city, self.now = city, now
        self.events: list[Event] = []
        self.by_id: dict[EventId, Event] = {}
        self.occupancies: dict[PlaceId, Occupancy] = {}
        for event, occupancies in events.snapshot(tx):
            self.by_id[event.id] = event
            self.occupancies.update(occupancies)
            if not event.is_over(now):
                self.events.append(event)

    @cached_property
    def registered(self) -> set[PersonId]:
        """Name those of the people who have ever registered; read once, and only if asked for."""
        return registrations.registered(self.tx, self._people)

    def knows_nothing_of(self, person: PersonId) -> bool:
        """Tell that somebody among the people has never registered; others have to be read."""
        return person in self._people and person not in self.registered


class PersonalFacts:
    """What a conversation with one person may know; reads what is theirs when it is asked for."""

    def __init__(self, snapshot: Snapshot, person: PersonId) -> None:
        self._snapshot = snapshot
        self._person = person

    @property
    def city(self) -> City:
        """Say whose dialogue this is."""
        return self._snapshot.city

    @property
    def now(self) -> datetime:
        """Say when this was read."""
        return self._snapshot.now

    @property
    def events(self) -> Sequence[Event]:
        """Give the events that are not over, the next one first."""
        return self._snapshot.events

    @property
    def every_event(self) -> Sequence[Event]:
        """Give all events by their start, past ones too; the snapshot has read them anyway."""
        return list(self._snapshot.by_id.values())

    def event(self, event_id: EventId) -> Event:
        """Give an event, past ones too."""
        return self._snapshot.by_id[event_id]

    def event_called(self, slug: str) -> Event | None:
        """Find an event by its slug, past ones too."""
        return next((event for event in self._snapshot.by_id.values() if event.slug == slug), None)

    def occupancy(self, place: Place) -> Occupancy:
        """Say how full a place is; seats beside a line are counted only where there are any."""
        counted = self._snapshot.occupancies.get(place.id, Occupancy())
        if not counted.waiting or counted.empty(place) == 0:
            return counted
        passed_over = lines.people_passed_over(self._snapshot.tx, place.id, place.capacity)
        return replace(counted, passed_over=passed_over)

    def forget(self) -> None:
        """Read what is theirs again, because a command may have changed it."""
        self._snapshot.__dict__.pop("registered", None)
        for name in ("role", "_own", "accompanied", "ideas", "consents", "report"):
            self.__dict__.pop(name, None)

    @cached_property
    def role(self) -> Role | None:
        """Say what the person may do as a member of staff."""
        return people.role(self._snapshot.tx, self._person)

    @property
    def registrations(self) -> Sequence[Registration]:
        """Give the person's registrations for events that are not over, cancelled ones too."""
        return self._own[0]

    @property
    def past(self) -> Sequence[Registration]:
        """Give the person's registrations for events that are over, as long as they are kept."""
        return self._own[1]

    @cached_property
    def _own(self) -> tuple[Sequence[Registration], Sequence[Registration]]:
        if self._snapshot.knows_nothing_of(self._person):
            return [], []
        ahead = {event.id for event in self.events}
        mine = seats.registrations_of(self._snapshot.tx, self._person)
        return (
            [registration for registration in mine if registration.event in ahead],
            [registration for registration in mine if registration.event not in ahead],
        )

    @cached_property
    def accompanied(self) -> Sequence[Accompanied]:
        """Give what others have registered for the person, past events too."""
        return companions.accompanied(self._snapshot.tx, self._person)

    @cached_property
    def ideas(self) -> Sequence[Idea]:
        """Give the person's ideas, the newest first."""
        return ideas.of_person(self._snapshot.tx, self._person)

    @cached_property
    def consents(self) -> Sequence[Consent]:
        """Give the consents that the person has given, withdrawn ones too."""
        return consents.of_person(self._snapshot.tx, self._person)

    @cached_property
    def report(self) -> Report:
        """Give everything that is known about the person."""
        return privacy.report(self._snapshot.tx, self._person)

    def invitation(self, code: str) -> Invitation | None:
        """Find out what a companion's code stands for."""
        found = companions.invited(self._snapshot.tx, codes.digest(code))
        if found is None:
            return None
        event = self._snapshot.by_id[found.event]
        place = event.place_by_id(found.place)
        if place is None:
            return None
        return Invitation(
            companion=found.id,
            event=event,
            place=place,
            name=found.name,
            sender=found.sender,
            is_own=found.registered_by == self._person,
            is_taken=found.answered_by not in {None, self._person},
        )

    def code(self, code: str, now: datetime) -> str | None:
        """Find out which prefix a one-time code has that was typed without one."""
        tx, digest = self._snapshot.tx, codes.digest(code)
        if companions.invited(tx, digest) is not None:
            return "companion"
        if link_codes.giver(tx, digest, now) is not None:
            return "link"
        return "staff" if people.offered(tx, digest, now) else None

    def undoable(self, now: datetime) -> Undoable | None:
        """Find the person's latest joining that can still be undone."""
        return joinings.latest(self._snapshot.tx, self._person, now)

    def wanted(self, now: datetime) -> Wanted | None:
        """Find out whether the person's code was typed in another chat, which waits for a yes."""
        return links.wanted(self._snapshot.tx, self._person, now)

    def link(self, code: str, now: datetime) -> Joining | LinkRefusal:
        """Find out what happens if the person joins the chat that a code (its hash) is from."""
        return links.found(self._snapshot.tx, code, self._person, now)

    def registrations_at(self, event: Event) -> Sequence[Registration]:
        """Give everybody who is registered for an event, in order of arrival; for staff only."""
        self._require(Role.REGISTRAR)
        return seats.registrations_at(self._snapshot.tx, event.id)

    def undelivered(self) -> Undelivered:
        """Give the people whom somebody has to call, and what was set aside; for staff only."""
        self._require(Role.REGISTRAR)
        tx, ahead = self._snapshot.tx, [event.id for event in self.events]
        return Undelivered(people.unreachable(tx, ahead), outbox.undelivered(tx))

    def idea_for_staff(self, reference: str) -> Idea | None:
        """Find an idea that was not taken back by its number; for staff only."""
        self._require(Role.MODERATOR)
        return ideas.received(self._snapshot.tx, reference)

    def newest_ideas(self, limit: int) -> Sequence[Idea]:
        """Give the newest ideas; for staff only."""
        self._require(Role.MODERATOR)
        return ideas.newest(self._snapshot.tx, limit)

    def statistics(self) -> Statistics:
        """Count what there is; for staff only."""
        self._require(Role.MODERATOR)
        tx = self._snapshot.tx
        return Statistics(conversations.count(tx), ideas.counts(tx), deletions.announced(tx))

    def _require(self, role: Role) -> None:
        """Stop a programming error: flows for staff cannot be started by anybody else."""
        if self.role is None or not self.role.includes(role):
            raise PermissionError(role.value)
