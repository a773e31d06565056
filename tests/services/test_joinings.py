"""A joining is undone: what came from each chat goes back there, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import clock, jobs
from bot.dialogue.messages import Incoming, Typed
from bot.domain.ideas import HandIn, IdeaKind, Pillar
from bot.domain.links import UNDO_LASTS, ChatsParted, PartChats, PartingTooLate
from bot.domain.people import Role
from bot.services import privacy
from bot.services.acts import Notice
from bot.store import joinings, people, tables
from bot.store.database import Database
from bot.turns import Turns
from tests.households import HOUSE, Chat, ahead
from tests.sample import opened
from tests.services.test_links import employs, joins
from tests.worlds import World

TABLES = ("registrations", "consents", "ideas", "pictures", "identities", "conversations")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


@pytest.fixture
def world(database: Database) -> World:
    return ahead(database, room=5)


@pytest.fixture
def phone(database: Database) -> Chat:
    return Chat(database, "4711")


@pytest.fixture
def desk(database: Database) -> Chat:
    return Chat(database, "4711", channel="matrix")


def number_of(chat: Chat) -> int:
    """Find the joining that can be undone."""
    person = chat.person
    with chat.database.transaction() as tx:
        found = joinings.latest(tx, person, clock.now())
    assert found is not None
    return found.number


def parts(chat: Chat) -> tuple[object, tuple[Notice, ...]]:
    outcome, notices = chat.does(PartChats(number_of(chat)))
    return outcome, tuple(notices)


def settle(world: World, phone: Chat, desk: Chat) -> None:
    """Give each of them something of everything."""
    for chat, name in ((phone, "Anna"), (desk, "Bea")):
        other = ahead(chat.database, room=5)
        chat.guest(other, name).brings(other.room, "Cem")
        chat.does(HandIn(IdeaKind.IDEA, Pillar.CITY, f"Benches for {name}"))
        chat.sends_picture(b"\x89PNG")
    desk.guest(world, "Bea").registers(world.room)


def belongings(world: World) -> dict[str, list[tuple[object, object]]]:
    """Say what belongs to whom."""
    return {
        table: [(row["id"], row["person_id"]) for row in world.rows(table)] for table in TABLES
    } | {"persons": [(row["id"], row["created_at"]) for row in world.rows("persons")]}


@pytest.mark.parametrize("by", ["phone", "desk"])
def test_everything_is_as_it_was_before(world: World, phone: Chat, desk: Chat, by: str) -> None:
    settle(world, phone, desk)
    before = belongings(world)
    joins(phone, desk)
    assert belongings(world) != before

    outcome, notices = parts(phone if by == "phone" else desk)

    assert outcome == ChatsParted()
    other = ("matrix", "4711") if by == "phone" else ("telegram", "4711")
    assert [(notice.what, notice.chat) for notice in notices] == [(ChatsParted(), other)]
    assert belongings(world) == before
    assert world.rows("joinings") == []


def test_what_was_done_since_stays_with_the_chat_that_gave_the_code(
    world: World, phone: Chat, desk: Chat
) -> None:
    settle(world, phone, desk)
    person, former = phone.person, desk.person
    joins(phone, desk)
    desk.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "New"))

    parts(desk)

    owners = {row["text"]: row["person_id"] for row in world.rows("ideas")}
    assert owners == {"Benches for Anna": person, "Benches for Bea": former, "New": person}


def test_three_chats_come_apart_one_after_the_other(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    third = Chat(database, "0815")
    settle(world, third, desk)
    before = belongings(world)
    joins(third, desk)
    joins(phone, third)

    parts(desk)
    assert third.person == desk.person != phone.person
    parts(third)

    assert {each: belongings(world)[each] for each in ("registrations", "ideas", "consents")} == {
        each: before[each] for each in ("registrations", "ideas", "consents")
    }
    assert len({third.person, desk.person, phone.person}) == 3


def test_neither_reads_the_history_of_the_other_afterwards(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    desk.guest(world, "Bea").registers(world.room)
    joins(phone, desk)
    parts(phone)
    person, former = phone.person, desk.person

    with database.transaction() as tx:
        mine, theirs = privacy.report(tx, person), privacy.report(tx, former)

    assert "registered" not in [entry.what for entry in mine.history]
    assert [entry.what for entry in theirs.history] == ["registered"]


def test_equal_roles_stay_equal_and_a_dismissal_counts_for_both(
    database: Database, phone: Chat, desk: Chat
) -> None:
    for chat in (phone, desk):
        employs(chat, Role.REGISTRAR)
    joins(phone, desk)
    parts(phone)
    both = (phone.person, desk.person)
    with database.transaction() as tx:
        assert {people.role(tx, each) for each in both} == {Role.REGISTRAR}

    joins(phone, desk)
    kept = phone.person
    with database.transaction() as tx:
        people.dismiss(tx, kept)
    parts(phone)
    both = (phone.person, desk.person)
    with database.transaction() as tx:
        assert {people.role(tx, each) for each in both} == {None}


def test_after_a_while_nothing_can_be_undone_and_nothing_is_kept_for_it(
    database: Database, phone: Chat, desk: Chat
) -> None:
    joins(phone, desk)
    number, person, now = number_of(phone), phone.person, clock.now()

    with database.transaction() as tx:
        assert joinings.latest(tx, person, now + UNDO_LASTS) is None
    assert phone.does(PartChats(number + 1))[0] == PartingTooLate()
    for days in range(1, 9):  # deletions follow the clock slowly
        jobs.due(database, HOUSE, now + timedelta(days=days))
    with database.transaction() as tx:
        assert tx.execute(tables.joinings.select()).all() == []


def test_who_is_forgotten_leaves_nothing_to_be_undone(
    database: Database, phone: Chat, desk: Chat
) -> None:
    joins(phone, desk)

    phone.is_forgotten()

    with database.transaction() as tx:
        assert tx.execute(tables.joinings.select()).all() == []


def test_who_parts_and_forgets_in_the_same_moment_forgets_one_chat_alone(
    world: World, phone: Chat, desk: Chat
) -> None:
    phone.guest(world, "Anna").registers(world.room)
    joins(phone, desk)
    phone.says("/link", "undo")
    desk.says("/privacy", "forget")
    batch = [
        Incoming(chat.channel, chat.address, "x", f"{chat.channel} now", Typed("yes"), clock.now())
        for chat in (phone, desk)
    ]

    Turns(phone.database, HOUSE).take(batch)

    assert world.seated() == ["Anna"]
    assert [row["channel"] for row in world.rows("conversations")] == ["telegram"]


def test_in_words(phone: Chat, desk: Chat) -> None:
    joins(phone, desk)

    asked = desk.says("/link")
    assert "[Undo the joining of " in asked
    assert "[Yes, undo it]" in desk.says("undo")
    assert "the two chats are apart again" in desk.says("yes")
    assert phone.person != desk.person
    assert "Undo the joining" not in desk.says("/link")
