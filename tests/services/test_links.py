"""Two chats become one person: everything comes along, nothing is had twice, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import clock, jobs
from bot.dialogue.messages import Incoming, Left, Typed
from bot.domain.codes import LENGTH
from bot.domain.ideas import HandIn, IdeaKind, Pillar
from bot.domain.links import (
    CODE_LASTS,
    AskForLink,
    AskToJoin,
    ChatsJoined,
    JoinChats,
    JoinedElsewhere,
    Joining,
    JoiningAsked,
    JoiningChanged,
    JoiningWanted,
    LeaveApart,
    LeftApart,
    LinkGiven,
    LinkOfOneself,
    LinkRefusal,
    LinkUnknown,
    RolesDiffer,
    Wanted,
)
from bot.domain.outcomes import InLine, MovedUp, Seated
from bot.domain.people import Role
from bot.services import codes, links, people, privacy
from bot.services.acts import Notice
from bot.store import conversations, tables
from bot.store import links as stored_links
from bot.store.database import Database, is_outage
from bot.turns import Turns
from tests.households import DAY, HOUSE, Chat, ahead, begin, columns_with
from tests.sample import opened
from tests.services.test_privacy import Canaries, plant
from tests.worlds import BROADCAST, NEEDS_KEPT, World, there

YES = "yes"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


@pytest.fixture
def world(database: Database) -> World:
    return ahead(database, room=2)


@pytest.fixture
def phone(database: Database) -> Chat:
    return Chat(database, "4711")


@pytest.fixture
def desk(database: Database) -> Chat:
    return Chat(database, "4711", channel="matrix")


def code_of(chat: Chat) -> str:
    outcome, _notices = chat.does(AskForLink())
    return there(outcome, LinkGiven).code


def seen(chat: Chat, code: str) -> Joining | LinkRefusal:
    """Read what would happen."""
    person = chat.person
    with chat.database.transaction() as tx:
        return links.found(tx, codes.digest(code), person, clock.now())


def asks(other: Chat, here: Chat) -> Wanted:
    """Type the code of this chat in the other one, read, and say yes; gives what is read here."""
    code = code_of(here)
    asked, _notices = other.does(AskToJoin(codes.digest(code), there(seen(other, code), Joining)))
    assert isinstance(asked, JoiningAsked)
    return there(wanted(here), Wanted)


def wanted(chat: Chat) -> Wanted | None:
    """Read what would happen if this chat agrees."""
    person = chat.person
    with chat.database.transaction() as tx:
        return links.wanted(tx, person, clock.now())


def joins(here: Chat, other: Chat) -> tuple[Any, Sequence[Notice]]:
    """Type the code of this chat in the other one, read in both, and say yes in both."""
    request = asks(other, here)
    return here.does(JoinChats(request.code, request.read))


def moved_up(notices: Sequence[Notice]) -> list[int]:
    return [notice.person for notice in notices if isinstance(notice.what, MovedUp)]


def test_everything_belongs_to_one_person(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    phone.guest(world, "Anna").registers(world.room)
    desk.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "More benches"))
    desk.sends_picture(b"\x89PNG")
    another = ahead(database)
    desk.guest(another, "Anna").registers(another.room)
    person, former = phone.person, desk.person

    outcome, _notices = joins(phone, desk)

    assert outcome == ChatsJoined(("matrix",))
    for table in ("registrations", "consents", "ideas", "pictures", "identities", "conversations"):
        assert {row["person_id"] for row in world.rows(table)} == {person}, table
    assert world.rows("persons", id=former) == []
    assert phone.person == desk.person == person


def test_a_person_is_known_since_the_first_message_on_either_network(
    world: World, phone: Chat, desk: Chat
) -> None:
    assert desk.person < phone.person
    (first,) = world.rows("persons", id=desk.person)
    joins(phone, desk)

    assert [row["created_at"] for row in world.rows("persons")] == [first["created_at"]]


def test_a_code_is_good_once(phone: Chat, desk: Chat) -> None:
    code = code_of(desk)
    read = there(seen(phone, code), Joining)
    phone.does(AskToJoin(codes.digest(code), read))
    stranger = Chat(phone.database, "stranger")

    for _when in ("asked", "joined"):
        assert isinstance(seen(stranger, code), LinkUnknown)
        assert stranger.does(AskToJoin(codes.digest(code), read))[0] == LinkUnknown()
        request = wanted(desk)
        if request is not None:
            desk.does(JoinChats(request.code, request.read))
    assert desk.person == phone.person


def test_nothing_is_joined_by_one_chat_alone(phone: Chat, desk: Chat) -> None:
    code = code_of(desk)
    read = there(seen(phone, code), Joining)
    hashed = codes.digest(code)

    assert phone.does(JoinChats(hashed, read))[0] == LinkUnknown()
    asked, notices = phone.does(AskToJoin(hashed, read))
    assert asked == JoiningAsked(("matrix",))
    assert [notice.chat for notice in notices] == [("matrix", "4711")]
    assert all(isinstance(notice.what, JoiningWanted) for notice in notices)
    assert phone.does(JoinChats(hashed, read))[0] == LinkUnknown()
    assert phone.person != desk.person


def test_a_no_is_told_in_the_other_chat(phone: Chat, desk: Chat) -> None:
    request = asks(phone, desk)

    outcome, notices = desk.does(LeaveApart(request.code))

    assert outcome == LeftApart()
    assert notices == (Notice(phone.person, LeftApart(), ("telegram", "4711")),)
    assert desk.does(JoinChats(request.code, request.read))[0] == LinkUnknown()
    assert phone.person != desk.person


def test_each_reads_which_chat_the_other_one_is(world: World, phone: Chat, desk: Chat) -> None:
    desk.guest(world, "Anna Muster").registers(world.room)
    code = code_of(desk)
    read = there(seen(phone, code), Joining)

    assert (read.chat.channels, read.chat.name) == (("matrix",), "Anna Muster")
    request = asks(phone, desk)
    assert (request.read.chat.channels, request.read.chat.name) == (("telegram",), "")
    (first,) = world.rows("persons", id=phone.person)
    assert request.read.chat.since.replace(tzinfo=None) == first["created_at"].replace(tzinfo=None)


def test_a_new_code_ends_the_one_before(phone: Chat, desk: Chat) -> None:
    before, after = code_of(desk), code_of(desk)

    assert isinstance(seen(phone, before), LinkUnknown)
    assert isinstance(seen(phone, after), Joining)


def test_a_code_is_too_old_after_a_quarter_of_an_hour(database: Database, desk: Chat) -> None:
    code, person = codes.digest(code_of(desk)), Chat(database, "phone").person
    now = clock.now()

    with database.transaction() as tx:
        assert isinstance(links.found(tx, code, person, now + CODE_LASTS - DAY / 1440), Joining)
        assert links.found(tx, code, person, now + CODE_LASTS) == LinkUnknown()


def test_old_codes_are_deleted(database: Database, desk: Chat) -> None:
    code = codes.digest(code_of(desk))
    jobs.due(database, HOUSE, clock.now())
    assert columns_with(database, code) == {"links.code_hash"}

    jobs.due(database, HOUSE, clock.now() + CODE_LASTS)

    assert columns_with(database, code) == set()


def test_only_the_hash_of_a_code_is_stored(database: Database, phone: Chat, desk: Chat) -> None:
    code = desk.says("/link", "1").partition("<code>link-")[2][:LENGTH]
    assert "Shall I join" in phone.says(f"link-{code}")

    assert columns_with(database, code) == columns_with(database, code.lower()) == set()
    assert "conversations.state" in columns_with(database, codes.digest(code))


def test_one_cannot_be_joined_with_oneself(phone: Chat, desk: Chat) -> None:
    assert seen(phone, code_of(phone)) == LinkOfOneself()
    joins(phone, desk)

    assert seen(phone, code_of(desk)) == LinkOfOneself()


def test_the_later_seat_passes_on_and_the_next_in_line_is_told(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    desk.guest(world, "Anna").registers(world.room)
    phone.guest(world, "Anna again").registers(world.room)
    bert = Chat(database, "bert")
    there(bert.guest(world, "Bert").registers(world.room), InLine)

    _outcome, notices = joins(phone, desk)

    assert (world.seated(), world.waiting()) == (["Anna", "Bert"], [])
    assert moved_up(notices) == [bert.person]
    assert [row["taken"] for row in world.rows("places", id=world.room)] == [2]


def test_companions_of_the_later_registration_are_no_longer_registered(
    database: Database, phone: Chat, desk: Chat
) -> None:
    world = ahead(database, online=5)
    desk.guest(world, "Anna").registers(world.online, agreements=())
    phone.guest(world, "Anna").brings(world.online, "Cem", "Mia", agreements=())

    joins(phone, desk)

    assert world.seated() == ["Anna"]
    assert [row["taken"] for row in world.rows("places", id=world.online)] == [1]


def test_a_seat_online_and_a_wait_on_site_are_both_kept(
    database: Database, phone: Chat, desk: Chat
) -> None:
    world = ahead(database, room=1)
    host = Chat(database, "host").guest(world, "Host")
    host.registers(world.room)
    desk.guest(world, "Anna").registers(world.online, agreements=())
    there(phone.guest(world, "Anna").registers(world.room), InLine)
    joins(phone, desk)
    assert (world.seated(), world.waiting()) == (["Host", "Anna"], ["Anna"])

    host.cancels()

    assert (world.seated(world.room), world.seated(world.online)) == (["Anna"], [])


def test_whoever_moves_up_by_joining_is_told(database: Database, phone: Chat, desk: Chat) -> None:
    world = ahead(database, room=1)
    desk.guest(world, "Anna").registers(world.online, agreements=())
    there(phone.guest(world, "Anna").registers(world.room), Seated)
    there(desk.guest(world, "Anna").registers(world.room), InLine)

    _outcome, notices = joins(phone, desk)

    assert world.seated(world.room) == ["Anna"]
    assert world.seated(world.online) == world.waiting() == []
    assert moved_up(notices) == [phone.person]


def test_whoever_moves_up_just_before_is_told_as_the_person_they_are_now(
    database: Database, phone: Chat, desk: Chat
) -> None:
    world = ahead(database, online=2)
    Chat(database, "host").guest(world, "Host").registers(world.online, agreements=())
    group = Chat(database, "group").guest(world, "Group")
    there(group.brings(world.online, "Bert", agreements=()), InLine)
    there(desk.guest(world, "Anna").registers(world.online, agreements=()), InLine)
    begin(world, ago=timedelta(hours=-10))  # so that gaps are filled in this moment

    _outcome, notices = joins(phone, desk)

    assert world.seated() == ["Host", "Anna"]
    assert moved_up(notices) == [phone.person]


def test_nobody_moves_up_any_more_when_the_event_has_begun(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    desk.guest(world, "Anna").registers(world.room)
    phone.guest(world, "Anna").registers(world.room)
    there(Chat(database, "bert").guest(world, "Bert").registers(world.room), InLine)
    begin(world, ago=timedelta(minutes=5))

    _outcome, notices = joins(phone, desk)

    assert (world.seated(), world.waiting(), moved_up(notices)) == (["Anna"], ["Bert"], [])


def test_a_withdrawal_on_one_network_ends_the_consent_on_the_other(
    world: World, phone: Chat, desk: Chat
) -> None:
    guest = desk.guest(world, "Anna")
    guest.registers(world.room, agreements=(BROADCAST, NEEDS_KEPT), needs="ramp")
    guest.withdraws("broadcast")
    guest.withdraws("needs")
    phone.guest(world, "Anna").registers(
        world.room, agreements=(BROADCAST, NEEDS_KEPT), needs="ramp"
    )

    joins(phone, desk)

    assert world.seated() == []
    assert {row["state"] for row in world.rows("consents")} == {"withdrawn"}
    assert {row["needs"] for row in world.rows("registrations")} == {""}


def test_the_seat_without_a_consent_stays_when_the_other_one_has_to_go(
    world: World, phone: Chat, desk: Chat
) -> None:
    guest = desk.guest(world, "Anna")
    guest.registers(world.room)
    guest.withdraws("broadcast", instead=world.online)
    phone.guest(world, "Anna").registers(world.room)

    joins(phone, desk)

    assert (world.seated(world.room), world.seated(world.online)) == ([], ["Anna"])


def test_what_was_not_read_is_not_carried_out(world: World, phone: Chat, desk: Chat) -> None:
    phone.guest(world, "Anna").registers(world.room)
    code = code_of(phone)
    unread = there(seen(desk, code), Joining)
    desk.guest(world, "Anna").registers(world.room)
    assert isinstance(desk.does(AskToJoin(codes.digest(code), unread))[0], JoiningChanged)
    request = asks(desk, phone)
    Chat(phone.database, "4711", "matrix").does(HandIn(IdeaKind.IDEA, Pillar.CITY, "Benches"))
    before = {name: world.rows(name) for name in ("registrations", "persons", "conversations")}

    outcome, _notices = phone.does(JoinChats(request.code, request.read))

    assert outcome == JoiningChanged()
    assert {name: world.rows(name) for name in before} == before
    assert wanted(phone) is not None


def test_the_log_names_the_former_number_and_stays_as_it_was(
    world: World, phone: Chat, desk: Chat
) -> None:
    desk.guest(world, "Anna").registers(world.room)
    before, former = world.rows("audit"), desk.person

    joins(phone, desk)

    *kept, entry = world.rows("audit")
    assert kept == before
    assert (entry["what"], entry["person_id"]) == (stored_links.JOINED, phone.person)
    assert entry["details"] == {"former": former}


def test_the_file_of_a_person_shows_all_identities_and_their_whole_history(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    third = Chat(database, "0815")
    desk.guest(world, "Anna").registers(world.room)
    joins(third, desk)
    joins(phone, third)

    person = phone.person
    with database.transaction() as tx:
        report = privacy.report(tx, person)

    known = [(identity.channel, identity.address) for identity in report.identities]
    assert sorted(known) == [("matrix", "4711"), ("telegram", "0815"), ("telegram", "4711")]
    assert [entry.what for entry in report.history] == [
        "registered",
        stored_links.JOINED,
        stored_links.JOINED,
    ]
    assert all(entry.by_you for entry in report.history)


def test_forget_me_reaches_everything_of_both(database: Database) -> None:
    at_the_desk, on_the_phone = Canaries(), Canaries()
    desk = plant(at_the_desk, database, ahead(database, room=9))
    phone = plant(on_the_phone, database, ahead(database, room=9))
    joins(phone, desk)
    code_of(desk)

    phone.is_forgotten(ideas_too=True)

    for canary in (at_the_desk, on_the_phone):
        assert not any(columns_with(database, word) for word in canary.words.values())
    with database.transaction() as tx:
        assert tx.execute(tables.links.select()).all() == []


def test_every_chat_of_the_other_is_told_in_its_own_language(
    database: Database, phone: Chat, desk: Chat
) -> None:
    third = Chat(database, "0815", channel="matrix")
    third.says("/sprache de", "/start")
    joins(desk, third)
    asks(third, phone)

    letters = []
    for number, words in enumerate(("/link", YES)):
        incoming = Incoming(
            phone.channel, phone.address, "x", f"join-{number}", Typed(words), clock.now(), "en"
        )
        letters = Turns(database, HOUSE).take([incoming])

    texts = {(letter.channel, letter.chat): letter.payload["text"] for letter in letters}
    assert "your chat on Matrix are joined" in texts["telegram", "4711"]
    assert "your chat on Telegram" in texts["matrix", "4711"]
    assert texts["matrix", "0815"] != texts["matrix", "4711"]
    assert len(letters) == 3


def employs(chat: Chat, role: Role) -> None:
    """Make somebody a member of staff."""
    with chat.database.transaction() as tx:
        invitation = people.invite(tx, role, clock.now())
    chat.says(f"staff-{invitation}")


def test_whoever_has_a_role_is_not_joined_by_a_citizen_s_code_nor_the_other_way_round(
    phone: Chat, desk: Chat
) -> None:
    employs(phone, Role.REGISTRAR)

    assert seen(phone, code_of(desk)) == RolesDiffer()
    assert seen(desk, code_of(phone)) == RolesDiffer()
    employs(desk, Role.MODERATOR)
    assert seen(phone, code_of(desk)) == RolesDiffer()
    employs(desk, Role.REGISTRAR)
    _outcome, (notice,) = joins(phone, desk)
    assert notice == Notice(phone.person, JoinedElsewhere(("telegram",)), ("matrix", "4711"))
    assert "/undelivered" in desk.says("/help")


def test_a_role_that_comes_in_between_joins_nothing(phone: Chat, desk: Chat) -> None:
    request = asks(desk, phone)
    employs(phone, Role.ADMIN)

    assert wanted(phone) is None
    assert phone.does(JoinChats(request.code, request.read))[0] == LinkUnknown()
    assert phone.person != desk.person


def test_letters_go_where_the_person_was_last_heard_of(
    database: Database, phone: Chat, desk: Chat
) -> None:
    joins(phone, desk)
    for chat in (phone, desk, phone):
        chat.says("/help")
        person = chat.person
        with database.transaction() as tx:
            (found,) = conversations.addresses(tx, [person]).values()
        assert (found.channel, found.chat) == (chat.channel, chat.address)


def test_each_chat_keeps_its_language_and_what_is_going_on_there(phone: Chat, desk: Chat) -> None:
    desk.says("/sprache de", "/idee", "1", "Mehr Bänke")
    asked = desk.heard
    phone.says("/idea", "1")

    joins(phone, desk)

    assert desk.says("/zurück", "Mehr Bänke") == asked
    assert "characters" not in phone.says("More benches, please")


def test_whoever_had_left_on_the_other_network_can_be_reached(
    world: World, phone: Chat, desk: Chat
) -> None:
    desk.says("/help")
    request = asks(desk, phone)
    desk.sends(Left())
    assert [row["unreachable_since"] is None for row in world.rows("persons")] == [False, True]

    phone.does(JoinChats(request.code, request.read))

    assert [row["unreachable_since"] for row in world.rows("persons")] == [None]


def test_both_may_decide_in_the_same_moment(
    database: Database, world: World, phone: Chat, desk: Chat
) -> None:
    phone.guest(world, "Anna").registers(world.room)
    asks(desk, phone)
    phone.says("/link")
    desk.says("/privacy", "forget")
    batch = [
        Incoming(chat.channel, chat.address, "x", f"{chat.channel} now", Typed(YES), clock.now())
        for chat in (phone, desk)
    ]

    Turns(database, HOUSE).take(batch)

    assert world.seated() == []  # joined first, then both forgotten
    assert world.rows("conversations") == []


@pytest.mark.slow
def test_a_chat_that_another_program_is_busy_with_is_waited_for_and_never_for_long(
    postgres_url: str,
) -> None:
    with opened(postgres_url) as one, opened(postgres_url) as other:
        phone, desk = Chat(one, "phone"), Chat(one, "desk")
        asks(desk, phone)
        phone.says("/link")
        yes = Incoming("telegram", "phone", "x", "yes", Typed(YES), clock.now())
        holds, may_end = threading.Event(), threading.Event()

        def busy() -> None:
            with other.transaction() as tx:
                conversations.lock(tx, [("telegram", "desk")], clock.now())
                holds.set()
                may_end.wait(30)

        with ThreadPoolExecutor(1) as thread:
            done = thread.submit(busy)
            holds.wait(30)
            turns = Turns(one, HOUSE)
            with pytest.raises(OperationalError) as too_long:
                turns.take([yes])
            may_end.set()
            done.result(30)
            letters = turns.take([yes])

        assert is_outage(too_long.value)
        assert [letter.chat for letter in letters] == ["phone", "desk"]


@pytest.mark.slow
def test_two_chats_that_join_each_other_at_once_become_one(postgres_url: str) -> None:
    with opened(postgres_url) as one, opened(postgres_url) as other:
        phone, desk = Chat(one, "phone"), Chat(other, "desk")
        asks(desk, phone)
        asks(phone, desk)
        for chat in (phone, desk):
            chat.says("/link")
        start = threading.Barrier(2)

        with ThreadPoolExecutor(2) as threads:
            said = list(threads.map(lambda chat: _agree(chat, start), (phone, desk)))

        assert sorted("are joined" in text for text in said) == [False, True]
        assert phone.person == desk.person


def _agree(chat: Chat, start: threading.Barrier) -> str:
    """Say yes, and try again as the intake does."""
    turns = Turns(chat.database, HOUSE)
    yes = Incoming(chat.channel, chat.address, "x", chat.address, Typed(YES), clock.now(), "en")
    start.wait(30)
    while True:
        try:
            letters = turns.take([yes])
        except OperationalError as error:
            if not is_outage(error):
                raise
            continue
        return "\n".join(each.payload["text"] for each in letters if each.chat == chat.address)
