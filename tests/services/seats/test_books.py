"""A batch reads each event once, and writes together what everybody's commands have led to."""

from __future__ import annotations

import pytest

from bot.domain.outcomes import AlreadyRegistered, InLine, Seated
from bot.domain.seats import Cancel, Register
from bot.services import seats
from bot.services.acts import Actor
from bot.services.books import Books
from bot.store.database import Database
from tests.journeys import counted
from tests.sample import opened
from tests.worlds import BROADCAST, Guest, World, there


def register(guest: Guest) -> Register:
    return Register(guest.world.event.id, guest.world.room, guest.name, agreements=(BROADCAST,))


def actor(guest: Guest) -> Actor:
    return Actor(guest.id, "terminal", guest.world.now)


def test_a_whole_batch_takes_one_statement_for_each_and_seven_for_all(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        world = World.of(database, room=20)
        guests = world.people(*(f"guest {number}" for number in range(10)))
        with database.transaction() as tx:
            seats.lock(tx, [world.event.id])
            with counted(tx) as statements:
                books = Books(tx, [guest.id for guest in guests])
                for guest in guests:
                    seats.carry_out_among(books, register(guest), actor(guest))
                books.balance()

    assert len(statements) == 10 + 7


def test_the_order_within_a_batch_decides(database: Database) -> None:
    world = World.of(database, room=2)
    guests = world.people("Anna", "Bert", "Cem", "Dora")
    with database.transaction() as tx:
        seats.lock(tx, [world.event.id])
        books = Books(tx, [guest.id for guest in guests])
        outcomes = [
            seats.carry_out_among(books, register(guest), actor(guest)).outcome for guest in guests
        ]
        books.balance()

    assert [type(outcome) for outcome in outcomes] == [Seated, Seated, InLine, InLine]
    assert [there(outcome, InLine).position for outcome in outcomes[2:]] == [1, 2]
    assert [row["arrival_number"] for row in world.rows("registrations")][-4:] == [1, 2, 3, 4]


def test_a_cancellation_sees_what_the_batch_has_collected_before_it(database: Database) -> None:
    world = World.of(database, room=1)
    anna, bert = world.people("Anna", "Bert")
    with database.transaction() as tx:
        seats.lock(tx, [world.event.id])
        books = Books(tx, [anna.id, bert.id])
        seat = there(seats.carry_out_among(books, register(anna), actor(anna)).outcome, Seated)
        seats.carry_out_among(books, register(bert), actor(bert))
        cancel = Cancel(world.event.id, seat.registration)
        told = seats.carry_out_among(books, cancel, actor(anna)).notices
        books.balance()

    assert [notice.person for notice in told] == [bert.id]
    assert world.seated() == ["Bert"]


@pytest.mark.parametrize("balanced", [False, True])
def test_somebody_who_decides_twice_in_one_batch_gets_one_seat(
    database: Database, *, balanced: bool
) -> None:
    world = World.of(database, room=5)
    (anna,) = world.people("Anna")
    with database.transaction() as tx:
        seats.lock(tx, [world.event.id])
        books = Books(tx, [anna.id])
        seats.carry_out_among(books, register(anna), actor(anna))
        if balanced:
            books.balance()
        again = seats.carry_out_among(books, register(anna), actor(anna)).outcome
        books.balance()

    assert isinstance(again, AlreadyRegistered)
    assert world.seated() == ["Anna"]
