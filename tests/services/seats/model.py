"""The rules of the seats once more, naively: lists in memory that are walked from end to end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.events import PlaceId
from bot.domain.people import PersonId

SEATED, WAITS, GONE, MOVED = "confirmed", "waiting", "cancelled", "moved"


@dataclass
class Row:
    """One registration; the rest of a split group comes without its person."""

    person: PersonId
    place: PlaceId
    arrived_at: datetime
    number: int
    state: str
    companions: list[str]
    alone: bool = True
    behind: int | None = None

    @property
    def size(self) -> int:
        """Count the people."""
        return self.alone + len(self.companions)

    @property
    def order(self) -> tuple[int, datetime, int]:
        """Say where this row stands in the line: at its number, or behind that of others."""
        return self.number if self.behind is None else self.behind, self.arrived_at, self.number

    def is_behind(self, other: Row) -> bool:
        """Tell whether somebody who waits already stands before this newcomer."""
        at = self.behind
        return at is None or other.order[:2] <= (at, self.arrived_at)


@dataclass
class Model:
    """What should be true; `notices` are those of the last command, by person and kind."""

    starts_at: datetime
    fill_from: timedelta
    now: datetime
    capacities: dict[PlaceId, int | None]
    asks: PlaceId
    rows: list[Row] = field(default_factory=list)
    notices: list[tuple[PersonId, str]] = field(default_factory=list)
    arrivals: int = 0

    def of(self, person: PersonId, state: str) -> Row | None:
        """Find what somebody holds."""
        return next((row for row in self.rows if (row.person, row.state) == (person, state)), None)

    def all(self, place: PlaceId, state: str) -> list[Row]:
        """List seats or the line of a place in order."""
        rows = [row for row in self.rows if (row.place, row.state) == (place, state)]
        return sorted(rows, key=lambda row: row.order)

    def in_line(self, place: PlaceId) -> list[Row]:
        """List the line without groups that are larger than their place, whom others pass."""
        most = self.capacities[place]
        return [row for row in self.all(place, WAITS) if most is None or row.size <= most]

    def free(self, place: PlaceId) -> float:
        """Count free seats, less than none if too many are taken."""
        capacity = self.capacities[place]
        taken = sum(row.size for row in self.all(place, SEATED))
        return float("inf") if capacity is None else capacity - taken

    @property
    def fills_gaps(self) -> bool:
        """Tell whether seats no longer wait for groups."""
        return self.now >= self.starts_at - self.fill_from

    @property
    def has_begun(self) -> bool:
        """Tell whether it is too late for everything."""
        return self.now >= self.starts_at

    def serve(self) -> None:
        """Let everybody move up who may."""
        places = [] if self.has_begun else list(self.capacities)
        while places:
            place = places.pop(0)
            for row in self.in_line(place):
                if row.size > self.free(place):
                    if not self.fills_gaps:
                        break
                    continue
                places += self._move_up(row)

    def _move_up(self, row: Row) -> list[PlaceId]:
        self.notices.append((row.person, "MovedUp"))
        seat = self.of(row.person, SEATED)
        if seat is not None and seat.place == row.place:
            seat.companions += row.companions
            row.state = MOVED
            return []
        if seat is not None:
            seat.state = MOVED
        row.state = SEATED
        return [seat.place] if seat is not None else []

    def register(self, row: Row, *, seats_now: int | None, consents: bool) -> str:
        """Register somebody; give the name of the outcome."""
        seat, wait = self.of(row.person, SEATED), self.of(row.person, WAITS)
        capacity = self.capacities[row.place]
        if self.has_begun:
            return "RegistrationClosed"
        if seat and seat.place == row.place:
            return "AlreadyRegistered"
        if wait and (wait.place == row.place or (seat and seat.place == wait.place)):
            return "AlreadyRegistered"
        if row.place == self.asks and not consents:
            return "ConsentMissing"
        if capacity and row.size > capacity:
            return "TooLarge"
        return self.arrive(row, seats_now=seats_now)

    def arrive(self, row: Row, *, seats_now: int | None) -> str:
        """Seat somebody or let them wait; give the name of the outcome."""
        seat, wait = self.of(row.person, SEATED), self.of(row.person, WAITS)
        if self._fits(row, row.size):
            self._seat(row, seat)
            return "Seated"
        if wait:
            return "AlreadyRegistered"
        if seats_now and seats_now < row.size and self._fits(row, seats_now):
            rest = row.companions[seats_now - 1 :]
            row.companions = row.companions[: seats_now - 1]
            self._seat(row, seat)
            self._add(self._rest(row, rest, row.behind))
            return "Split"
        row.state = WAITS
        self._add(row)
        return "InLine"

    def _fits(self, row: Row, size: int) -> bool:
        ahead = [each for each in self.in_line(row.place) if row.is_behind(each)]
        return size <= self.free(row.place) and (self.fills_gaps or not ahead)

    def _seat(self, row: Row, seat: Row | None) -> None:
        if seat is not None:
            seat.state = MOVED
        row.state = SEATED
        self._add(row)

    def _add(self, row: Row) -> None:
        self.arrivals += 1
        row.number = self.arrivals
        self.rows.append(row)

    def cancel(self, row: Row) -> None:
        """Give back a seat, with the rest of the group that waits for it, or a wait."""
        rest = self.of(row.person, WAITS)
        if row.state == SEATED and rest is not None and rest.place == row.place:
            rest.state = GONE
        row.state = GONE

    def take_free(self, row: Row | None) -> str:
        """Seat a part of the first group in line; name the outcome."""
        if row is None or not row.alone:
            return "NotThere"
        if row.state == SEATED:
            return "Seated"
        seat, free = self.of(row.person, SEATED), self.free(row.place)
        if self.has_begun:
            return "TooLate"
        if free <= 0 or self.all(row.place, WAITS)[0] is not row:
            return "InLine"
        if seat is not None:
            seat.state = MOVED
        now = int(free) - 1
        rest, row.companions = row.companions[now:], row.companions[:now]
        row.state = SEATED
        self._add(self._rest(row, rest, row.order[0]))
        return "Split"

    @staticmethod
    def _rest(row: Row, names: list[str], behind: int | None) -> Row:
        at = row.arrived_at
        return Row(row.person, row.place, at, 0, WAITS, names, alone=False, behind=behind)

    def stands_behind(self, called_at: datetime) -> int | None:
        """Give the number behind which a caller stands; None: behind everybody."""
        if called_at >= self.now:
            return None
        return max((row.order[0] for row in self.rows if row.arrived_at <= called_at), default=0)

    def add(self, row: Row | None, names: list[str], *, instead: bool) -> str:
        """Let more people come along, perhaps instead of the first; name the outcome."""
        if row is None or (instead and (not row.companions or row.size == 1)):
            return "NotThere"
        if self.has_begun:
            return "RegistrationClosed"
        wait, capacity = self.of(row.person, WAITS), self.capacities[row.place]
        joins = row.state == SEATED and wait is not None and wait.place == row.place
        whole = row.size + len(names) + (wait.size if wait and joins else 0) - instead
        if capacity and whole > capacity:
            return "TooLarge"
        newcomers = Row(row.person, row.place, self.now, 0, WAITS, names, alone=False)
        if row.state == SEATED and wait and not self._fits(newcomers, len(names)):
            return "AlreadyRegistered"
        if row.state == WAITS and self.all(row.place, WAITS)[-1] is not row:
            return "AlreadyRegistered"
        if instead:
            del row.companions[0]
        if row.state == WAITS or self._fits(newcomers, len(names)):
            row.companions += names
        else:
            self._add(newcomers)
        return "Grown"

    def part(self, row: Row, name: str) -> None:
        """Take a companion out."""
        row.companions.remove(name)
        if row.size == 0:
            row.state = GONE

    def withdraw(self, person: PersonId, instead: PlaceId | None) -> None:
        """Leave the place that asks for a consent, for another one or for good."""
        leaving = [each for each in self.live(person) if each.place == self.asks]
        names = [name for each in leaving for name in each.companions]
        for each in leaving:
            each.state = GONE
        kept = [each for each in self.live(person) if each.place == instead]
        capacity = self.capacities[instead] if instead else 0
        fits = not capacity or len(names) < capacity
        if instead in {None, self.asks} or kept or self.has_begun or not fits or not leaving:
            return
        assert instead is not None
        self.arrive(Row(person, instead, self.now, 0, GONE, names), seats_now=None)

    def join(self, person: PersonId, former: PersonId, gone: Collection[int]) -> None:
        """Let one person be another one, without what nobody can have twice."""
        self.notices = [(person if who == former else who, what) for who, what in self.notices]
        for row in self.rows:
            if row.person == former:
                row.person = person
            if row.number in gone:
                row.state = GONE

    def live(self, person: PersonId) -> list[Row]:
        """List the seat and the wait of somebody."""
        found = self.of(person, SEATED), self.of(person, WAITS)
        return [row for row in found if row is not None]

    def resize(self, place: PlaceId, seats: int | None) -> None:
        """Change how many seats there are; groups that do not fit as a whole, or again, are told.

        With no seats at all one may still wait.
        """
        was, now = self.capacities[place] or float("inf"), seats or float("inf")
        self.capacities[place] = seats
        self.serve()
        for row in self.all(place, WAITS) if not self.has_begun else []:
            if min(was, now) < row.size <= max(was, now):
                self.notices.append((row.person, "GroupFits" if now > was else "GroupTooLarge"))

    def move_back(self, place: PlaceId) -> None:
        """Take seats from the latest until there are enough."""
        leaving: list[Row] = []
        for row in reversed(self.all(place, SEATED)):
            if self.free(place) + sum(each.size for each in leaving) < 0:
                leaving.append(row)
        left = self.free(place) + sum(each.size for each in leaving)
        for row in reversed(leaving) if self.fills_gaps else []:
            if row.size <= left:
                left -= row.size
                leaving.remove(row)
        for row in leaving if not self.has_begun else []:
            self._move_back(row)

    def _move_back(self, row: Row) -> None:
        self.notices.append((row.person, "MovedBack"))
        wait = self.of(row.person, WAITS)
        if wait is not None and wait.place != row.place:
            row.state = MOVED
            return
        if wait is not None:
            row.companions += wait.companions
            wait.state = MOVED
        row.state = WAITS


def names_of(count: int) -> Sequence[str]:
    """Name some companions."""
    return [f"companion {number}" for number in range(1, count + 1)]
