"""Histories: what seven people, staff and the clock may do in any order, beside a model of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
)

from bot.domain.links import CODE_LASTS, ChatsJoined, JoinChats, Joining, LinkRefusal
from bot.domain.outcomes import Grown, SeatOutcome, Split
from bot.domain.seats import (
    AddCompanions,
    AnswerForCompanion,
    Cancel,
    CancelCompanion,
    Companion,
    CompanionId,
    LeaveGroup,
    Register,
    RegistrationId,
    SeatCommand,
    TakeFree,
    WithdrawConsent,
)
from bot.services import codes, links, seats
from bot.services.acts import Actor
from bot.services.books import Books
from bot.store import links as stored
from bot.store.database import Database
from tests.sample import ROOM, START
from tests.services.seats.model import SEATED, WAITS, Model, Row, names_of
from tests.worlds import BROADCAST, ONLINE, World

PEOPLE = 7
someone = st.integers(0, PEOPLE - 1)
somewhere = st.sampled_from(["saal", "online"])
group = st.sampled_from([0, 0, 0, 1, 2, 3])
capacity = st.one_of(st.none(), st.integers(0, 6))


class History(RuleBasedStateMachine):
    """Seven people, staff and the clock at one event, beside a model of what should be true."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        places = (
            replace(ROOM, capacity=3, deadline=START),
            replace(ONLINE, capacity=2, deadline=START),
        )
        self.world = World.of(self.database, places=places)
        *self.guests, self.staff, self.other = self.world.people(*map(str, range(PEOPLE + 2)))
        self.callers = 0
        self.read: dict[str, list[dict[str, Any]]] = {}
        self.codes: dict[str, str] = {}
        self.model = Model(
            START,
            self.world.event.fill_from,
            self.world.now,
            {self.world.room: 3, self.world.online: 2},
            self.world.room,
        )

    @contextmanager
    def step(self) -> Iterator[None]:
        """Let a second pass; the line moves before a command and after it."""
        self.world.now += timedelta(seconds=1)
        self.model.now = self.world.now
        self.model.notices = []
        self.model.serve()
        self.read.clear()
        yield
        self.read.clear()
        self.model.serve()

    def does(self, number: int, command: SeatCommand) -> SeatOutcome:
        """Carry out a command of a guest."""
        actor = Actor(self.guests[number].id, "terminal", self.world.now)
        return self.world.carry_out(command, actor)

    def ids(self, number: int) -> dict[str, RegistrationId]:
        """Find what a guest holds, by state."""
        return {each.state.value: each.id for each in self.guests[number].registrations()}

    def row_of(self, code: str) -> Row | None:
        """Find the registration to which the companion with this code belongs."""
        for companion in self.world.rows("companions", code_hash=codes.digest(code)):
            (stored,) = self.rows("registrations", id=companion["registration_id"])
            return next(row for row in self.model.rows if row.number == stored["arrival_number"])
        return None

    @rule(
        number=someone,
        where=somewhere,
        companions=group,
        seats_now=st.sampled_from([None, None, 1, 2]),
        consents=st.sampled_from([True, True, True, False]),
    )
    def register(
        self, *, number: int, where: str, companions: int, seats_now: int | None, consents: bool
    ) -> None:
        with self.step():
            place, names = self.world.place(where).id, names_of(companions)
            command = Register(
                self.world.event.id,
                place,
                f"guest {number}",
                companions=tuple(map(Companion, names)),
                agreements=(BROADCAST,) if consents else (),
                seats_now=seats_now,
            )
            outcome: Any = self.does(number, command)
            row = Row(self.guests[number].id, place, self.world.now, 0, "", list(names))
            expected = self.model.register(row, seats_now=seats_now, consents=consents)
            assert type(outcome).__name__ == expected
            parts = (outcome.seated, outcome.in_line) if isinstance(outcome, Split) else (outcome,)
            for part in parts:
                self.codes |= {each.code: each.name for each in getattr(part, "codes", ())}

    @rule(where=somewhere, companions=group, minutes=st.sampled_from([0, 5, 5000]))
    @precondition(lambda self: self.callers < PEOPLE)
    def enter(self, where: str, companions: int, minutes: int) -> None:
        with self.step():
            self.callers += 1
            place, names = self.world.place(where).id, names_of(companions)
            arrived_at = self.world.now - timedelta(minutes=minutes)
            command = Register(
                self.world.event.id,
                place,
                f"caller {self.callers}",
                companions=tuple(map(Companion, names)),
                agreements=(BROADCAST,),
            )
            outcome = self.world.enter(command, self.staff.id, arrived_at)
            row = Row(self.staff.id, place, arrived_at, 0, "", list(names))
            row.behind = self.model.stands_behind(arrived_at)
            assert type(outcome).__name__ == self.model.register(row, seats_now=None, consents=True)
            if row.number:
                (stored,) = self.rows("registrations", arrival_number=row.number)
                row.person = stored["person_id"]

    @rule(number=someone, state=st.sampled_from([SEATED, WAITS]))
    def cancel(self, number: int, state: str) -> None:
        with self.step():
            row = self.model.of(self.guests[number].id, state)
            registration = self.ids(number).get(state, RegistrationId(0))
            rest = self.model.of(self.guests[number].id, WAITS)
            joins = row is not None and rest is not None and row.place == rest.place
            outcome = self.does(number, Cancel(self.world.event.id, registration))
            possible = row is not None and not self.model.has_begun
            assert (type(outcome).__name__ == "Cancelled") is possible
            if row is not None and possible:
                self.expect_uninvited(self.numbers_of(row, rest if joins else None))
                self.model.cancel(row)

    @rule(number=someone, state=st.sampled_from([SEATED, WAITS]), position=st.integers(1, 3))
    def leave_behind(self, number: int, state: str, position: int) -> None:
        with self.step():
            row = self.model.of(self.guests[number].id, state)
            registration = self.ids(number).get(state, RegistrationId(0))
            group = self.world.rows("companions", registration_id=registration)
            group.sort(key=lambda each: (each["rank"], each["id"]))
            companion = group[position - 1]["id"] if position <= len(group) else 0
            had_agreed = bool(companion) and self.agreed(companion)
            command = CancelCompanion(self.world.event.id, registration, CompanionId(companion))
            outcome = self.does(number, command)
            possible = (
                row is not None and position <= len(row.companions) and not self.model.has_begun
            )
            assert (type(outcome).__name__ == "Smaller") is possible
            if row is not None and possible:
                self.model.part(row, row.companions[position - 1])
                if had_agreed:
                    self.model.notices.append((self.other.id, "Uninvited"))

    @rule(number=someone, instead=st.sampled_from([None, "online", "saal"]))
    def withdraw(self, number: int, instead: str | None) -> None:
        with self.step():
            place = self.world.place(instead).id if instead else None
            registration = next(iter(self.ids(number).values()), RegistrationId(0))
            own = self.model.live(self.guests[number].id)
            leaving = self.numbers_of(*(row for row in own if row.place == self.world.room))
            command = WithdrawConsent(self.world.event.id, registration, "broadcast", place)
            self.does(number, command)
            self.expect_uninvited(leaving)
            self.model.withdraw(self.guests[number].id, place)

    @rule(data=st.data(), agreed=st.booleans())
    @precondition(lambda self: self.codes)
    def answer(self, data: st.DataObject, *, agreed: bool) -> None:
        with self.step():
            code, name = data.draw(st.sampled_from(list(self.codes.items())))
            command = AnswerForCompanion(self.world.event.id, code, (BROADCAST,), agreed)
            row = self.row_of(code)
            actor = Actor(self.other.id, "terminal", self.world.now)
            outcome = self.world.carry_out(command, actor)
            possible = row is not None and row.state in {SEATED, WAITS}
            assert (type(outcome).__name__ == "CompanionAnswered") is possible
            if row is not None and possible and not agreed:
                self.model.notices.append((row.person, "Smaller"))
                self.model.part(row, name)

    @rule(data=st.data())
    @precondition(lambda self: self.codes)
    def leave_group(self, data: st.DataObject) -> None:
        with self.step():
            code, name = data.draw(st.sampled_from(list(self.codes.items())))
            row = self.row_of(code)
            found = self.world.rows("companions", code_hash=codes.digest(code))
            companion = CompanionId(found[0]["id"] if found else 0)
            actor = Actor(self.other.id, "terminal", self.world.now)
            outcome = self.world.carry_out(LeaveGroup(self.world.event.id, companion), actor)
            possible = (
                row is not None
                and row.state in {SEATED, WAITS}
                and self.agreed(companion)
                and not self.model.has_begun
            )
            assert (type(outcome).__name__ == "CompanionAnswered") is possible
            if row is not None and possible:
                self.model.notices.append((row.person, "Smaller"))
                self.model.part(row, name)

    @rule(number=someone, state=st.sampled_from([SEATED, WAITS, WAITS]))
    def take_free(self, number: int, state: str) -> None:
        with self.step():
            row = self.model.of(self.guests[number].id, state)
            registration = self.ids(number).get(state, RegistrationId(0))
            outcome = self.does(number, TakeFree(self.world.event.id, registration))
            assert type(outcome).__name__ == self.model.take_free(row)

    @rule(
        number=someone,
        state=st.sampled_from([SEATED, SEATED, WAITS]),
        count=st.integers(1, 2),
        instead=st.booleans(),
    )
    def add_companions(self, *, number: int, state: str, count: int, instead: bool) -> None:
        with self.step():
            row = self.model.of(self.guests[number].id, state)
            registration = self.ids(number).get(state, RegistrationId(0))
            group = self.world.rows("companions", registration_id=registration)
            group.sort(key=lambda each: (each["rank"], each["id"]))
            first = group[0] if instead and group else {"id": 0}
            names = [f"newcomer {len(self.codes) + each}" for each in range(count)]
            command = AddCompanions(
                self.world.event.id,
                registration,
                tuple(map(Companion, names)),
                CompanionId(first["id"]) if instead else None,
            )
            had_agreed = bool(first["id"]) and self.agreed(first["id"])
            outcome: Any = self.does(number, command)
            assert type(outcome).__name__ == self.model.add(row, names, instead=instead)
            if isinstance(outcome, Grown):
                self.codes |= {each.code: each.name for each in outcome.codes}
                if had_agreed:
                    self.model.notices.append((self.other.id, "Uninvited"))

    def numbers_of(self, *rows: Row | None) -> list[int]:
        """Find the registrations of the model in the database."""
        arrivals = {row.number for row in rows if row is not None}
        stored = self.world.rows("registrations", event_id=self.world.event.id)
        return [each["id"] for each in stored if each["arrival_number"] in arrivals]

    def agreed(self, companion: int) -> bool:
        """Tell whether a companion has agreed in a chat of their own."""
        return bool(self.world.rows("consents", companion_id=companion, state="given"))

    def expect_uninvited(self, registrations: list[int]) -> None:
        """Expect that companions who have agreed hear of seats that are given back."""
        group = [
            each["id"]
            for registration in registrations
            for each in self.world.rows("companions", registration_id=registration)
        ]
        if any(map(self.agreed, group)):
            self.model.notices.append((self.other.id, "Uninvited"))

    @rule(number=someone, other=someone)
    def join_chats(self, number: int, other: int) -> None:
        with self.step():
            one, former = self.guests[number].id, self.guests[other].id
            read, outcome = self.joined(number, other)
            assert isinstance(read, Joining) is (one != former)
            if isinstance(read, Joining) and isinstance(outcome, ChatsJoined):
                gone = (*read.given_back, *(double.dropped for double in read.doubles))
                self.model.join(one, former, {claim.arrival_number for claim in gone})
                self.expect_uninvited([claim.registration for claim in gone])
                for guest in self.guests:
                    guest.id = one if guest.id == former else guest.id

    def joined(self, number: int, other: int) -> tuple[Joining | LinkRefusal, object]:
        """Let another guest type a code of one, and both agree to what they read."""
        actor = Actor(self.guests[number].id, "terminal", self.world.now)
        with self.world.database.transaction() as tx:
            former = self.guests[other].id
            code = f"code of {actor.person}"
            stored.keep(tx, actor.person, code, self.world.now + CODE_LASTS)
            typed = links.found(tx, code, former, self.world.now)
            if not isinstance(typed, Joining):
                self.world.notices = ()  # nothing was carried out, so nobody was told anything
                return typed, None
            stored.ask(tx, code, former, self.world.now + CODE_LASTS)
            wanted = links.wanted(tx, actor.person, self.world.now)
            assert wanted is not None
            read = wanted.read
            command = JoinChats(code, read)
            seats.lock(tx, links.touched(tx, command, actor.person))
            result = links.join(Books(tx, [actor.person]), command, actor)
            self.world.notices = result.notices
            return read, result.outcome

    @rule(where=somewhere, seats=capacity)
    def change_capacity(self, where: str, seats: int | None) -> None:
        with self.step():
            place = self.world.place(where).id
            over = self.world.change_capacity(place, seats)
            self.model.resize(place, seats)
            assert over == max(0, -self.model.free(place))

    @rule(where=somewhere)
    def move_back(self, where: str) -> None:
        with self.step():
            place = self.world.place(where).id
            self.world.move_back(place)
            self.model.move_back(place)

    @rule(left=st.sampled_from([timedelta(days=2), timedelta(hours=36), timedelta(hours=1)]))
    def time_passes(self, left: timedelta) -> None:
        self.world.now = max(self.world.now, START - left)
        with self.step():
            self.world.fill_gaps()

    @rule(hours=st.sampled_from([-1, 1]))
    def a_clock_is_wrong(self, hours: int) -> None:
        """Let the clock jump, or the next message come to another server."""
        self.world.now += timedelta(hours=hours)
        with self.step():
            self.world.fill_gaps()

    @rule()
    @precondition(lambda self: self.world.now > START - timedelta(hours=1))
    def the_event_begins(self) -> None:
        self.world.now = max(self.world.now, START)
        with self.step():
            self.world.fill_gaps()

    def rows(self, table: str, **where: object) -> list[dict[str, Any]]:
        """Read the rows of this event, once after each command."""
        if table not in self.read:
            column = "id" if table == "events" else "event_id"
            self.read[table] = self.world.rows(table, **{column: self.world.event.id})
        return [
            row
            for row in self.read[table]
            if all(row[key] == value for key, value in where.items())
        ]
