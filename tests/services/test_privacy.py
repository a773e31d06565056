"""Who wants to be forgotten is forgotten: nothing leads back, and nobody else loses anything."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot import clock, jobs
from bot.domain.ideas import HandIn, IdeaKind, PictureId, Pillar
from bot.domain.outcomes import InLine, MovedUp, Seated, Smaller
from bot.domain.people import Contact, ContactKind, Role
from bot.domain.privacy import ForgetMe, Forgotten, Holdings
from bot.domain.seats import Companion
from bot.services import events, people, privacy
from bot.store import postponed, undecrypted
from bot.store.database import Database
from bot.store.postponed import Postponed
from tests.households import (
    DAY,
    HOUSE,
    Chat,
    ahead,
    begin,
    columns_with,
    files_with,
)
from tests.sample import opened
from tests.worlds import BROADCAST, NEEDS_KEPT, World, there

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy-notice.md"
ACCESS = "https://zoom.example.org/secret-access"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


@pytest.fixture
def world(database: Database) -> World:
    return ahead(database)


class Canaries:
    """Unique words, one for each field that somebody can fill, and where each of them stands."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def __call__(self, field: str) -> str:
        return self.words.setdefault(field, f"canary-{field}-{secrets.token_hex(6)}")


EVERYWHERE = {
    "name": {"registrations.name"},
    "organisation": {"registrations.organisation"},
    "email": {"registrations.contact"},
    "telephone": {"registrations.contact"},
    "child": {"companions.name"},
    "adult": {"companions.name"},
    "needs": {"registrations.needs"},
    "companion": {"companions.name"},
    "author": {"ideas.name"},
    "club": {"ideas.organisation"},
    "text": {"ideas.text"},
    "picture": {"pictures.content"},
    "orphan": {"pictures.content"},
    "answer": {"conversations.state"},
    "letter": {"outbox.payload"},
    "chat": {
        "identities.address",
        "conversations.chat",
        "outbox.chat",
        "matrix_undecrypted.sender",
        "matrix_undecrypted.event",
        "postponed.chat",
    },
    "late": {"postponed.content"},
}
"""Where each canary stands before the erasure; afterwards only `text` may stand anywhere."""


def plant(canary: Canaries, database: Database, world: World) -> Chat:
    """Fill every field that a person can fill, as the flows do."""
    anna = Chat(database, canary("chat"))
    picture = anna.sends_picture(b"\x89PNG" + canary("picture").encode())
    anna.sends_picture(b"\x89PNG" + canary("orphan").encode())
    guest = anna.guest(world, canary("name"))
    seat = guest.registers(
        world.room,
        Companion(canary("child"), child=True, agreements=(BROADCAST,)),
        Companion(canary("adult")),
        organisation=canary("organisation"),
        contact=Contact(ContactKind.EMAIL, f"{canary('email')}@example.org"),
        needs=canary("needs"),
        agreements=(BROADCAST, NEEDS_KEPT),
    )
    there(seat, Seated)
    later = ahead(database)
    again = anna.guest(later, canary("name"))
    again.registers(later.room, contact=Contact(ContactKind.PHONE, canary("telephone")))
    again.cancels()
    accompany(anna, database, canary("companion"))
    idea = HandIn(
        IdeaKind.IDEA,
        Pillar.CITY,
        canary("text"),
        name=canary("author"),
        organisation=canary("club"),
        picture=PictureId(picture),
    )
    anna.does(idea)
    anna.has_answered({"name": canary("answer")})
    anna.is_written_to(canary("letter"), "waiting")
    with database.transaction() as tx:
        event = {"sender": canary("chat"), "event_id": f"${secrets.token_hex(4)}"}
        undecrypted.keep(tx, event["event_id"], "!room", event, clock.now())
        late = Postponed(anna.channel, "1", canary("chat"), canary("late").encode())
        postponed.keep(tx, late, clock.now())
    return anna


def accompany(chat: Chat, database: Database, name: str) -> World:
    """Let somebody else bring this person along, who agrees for themselves."""
    world = ahead(database, room=3)
    host = Chat(database, f"host-{secrets.token_hex(4)}").guest(world, "Host")
    seated = there(host.brings(world.room, name), Seated)
    chat.guest(world, name).answers(seated.codes[0].code, agreed=True)
    return world


def test_after_an_erasure_no_canary_is_left_anywhere(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    canary = Canaries()
    world = ahead(database, room=3)
    anna = plant(canary, database, world)
    before = {field: columns_with(database, word) for field, word in canary.words.items()}
    in_files = {field: files_with(database_url, word) for field, word in canary.words.items()}

    assert before == EVERYWHERE
    assert all(in_files.values()) or not database.is_sqlite

    anna.says("/privacy", "forget me", "keep", "yes, forget me")
    assert "Done. I have forgotten you." in anna.heard
    jobs.due(database, HOUSE, clock.now())

    survivors = {
        field: places
        for field, word in canary.words.items()
        if (places := columns_with(database, word))
    }
    assert survivors == {"text": {"ideas.text"}}
    bytes_left = {field for field, word in canary.words.items() if files_with(database_url, word)}
    assert bytes_left == ({"text"} if database.is_sqlite else set())
    assert not [word for word in canary.words.values() if word in caplog.text]


def test_the_letter_of_farewell_leaves_no_address_behind(database: Database) -> None:
    anna = Chat(database, "chat-of-anna")
    anna.says("/privacy", "forget", "yes, forget me")
    assert columns_with(database, "chat-of-anna") == {"outbox.chat"}

    jobs.due(database, HOUSE, clock.now())

    assert columns_with(database, "chat-of-anna") == set()


def test_a_letter_of_farewell_that_is_still_to_be_sent_is_kept(database: Database) -> None:
    Chat(database, "forgotten").is_written_to("Done.", "waiting")

    jobs.due(database, HOUSE, clock.now())

    assert columns_with(database, "forgotten") == {"outbox.chat"}


def test_the_seat_passes_on_to_the_next_in_line(database: Database, world: World) -> None:
    anna, bert = Chat(database, "anna"), Chat(database, "bert")
    there(anna.guest(world, "Anna").registers(world.room), Seated)
    there(bert.guest(world, "Bert").registers(world.room), InLine)

    outcome, notices = anna.does(ForgetMe())

    assert outcome == Forgotten(given_back=1, ideas_kept=0, ideas_deleted=0, consents_kept=1)
    assert [(notice.person, type(notice.what)) for notice in notices] == [(bert.person, MovedUp)]
    assert world.seated() == ["Bert"]


def test_a_seat_and_a_wait_beside_it_are_both_given_back(database: Database, world: World) -> None:
    others, anna = Chat(database, "others"), Chat(database, "anna")
    others.guest(world, "Others").registers(world.room)
    guest = anna.guest(world, "Anna")
    guest.registers(world.online, agreements=())
    there(guest.registers(world.room), InLine)

    assert anna.is_forgotten().given_back == 2
    assert (world.seated(), world.waiting()) == (["Others"], [])


def test_the_forgotten_are_told_nothing_of_their_own_seats(database: Database) -> None:
    world = ahead(database, online=2)
    host, group, anna = Chat(database, "host"), Chat(database, "group"), Chat(database, "anna")
    host.guest(world, "Host").registers(world.online, agreements=())
    group.guest(world, "Group").brings(world.online, "Bert", agreements=())
    there(anna.guest(world, "Anna").registers(world.online, agreements=()), InLine)
    begin(world, ago=timedelta(hours=-10))  # so that Anna could move up in this moment

    outcome, notices = anna.does(ForgetMe())

    assert (outcome.given_back, notices) == (1, ())


def test_all_events_are_locked_whose_seats_change(database: Database) -> None:
    anna = Chat(database, "anna")
    worlds = [ahead(database), accompany(anna, database, "Anna"), ahead(database)]
    anna.guest(worlds[0], "Anna").registers(worlds[0].room)

    person = anna.person
    with database.transaction() as tx:
        locked = privacy.events_of(tx, person)

    assert locked == [world.event.id for world in worlds[:2]]


def test_whoever_came_along_leaves_the_group_and_its_host_is_told(database: Database) -> None:
    anna = Chat(database, "anna")
    world = accompany(anna, database, "Anna")
    assert world.seated() == ["Host 2"]

    _outcome, notices = anna.does(ForgetMe())

    assert [type(notice.what) for notice in notices] == [Smaller]
    assert world.seated() == ["Host"]
    assert world.rows("companions") == []


def test_the_name_of_a_companion_goes_even_when_all_is_over(database: Database) -> None:
    anna = Chat(database, "anna")
    world = accompany(anna, database, "Anna")
    begin(world, ago=DAY)

    anna.is_forgotten()

    assert [row["name"] for row in world.rows("companions")] == [""]
    assert [row["party_size"] for row in world.rows("registrations")] == [2]


def test_the_proof_of_a_consent_stays_and_leads_to_nobody(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.guest(world, "Anna").registers(world.room)
    (before,) = world.rows("consents")

    anna.is_forgotten()

    (after,) = world.rows("consents")
    links = {"person_id": None, "registration_id": None, "companion_id": None}
    assert after.pop("withdrawn_at") is not None
    assert after == {
        name: value for name, value in before.items() if name != "withdrawn_at"
    } | links | {"state": "withdrawn"}


def test_a_consent_that_was_withdrawn_before_keeps_its_time(
    database: Database, world: World
) -> None:
    anna = Chat(database, "anna")
    guest = anna.guest(world, "Anna")
    guest.registers(world.room)
    guest.withdraws("broadcast")
    (before,) = world.rows("consents")

    anna.is_forgotten()

    (after,) = world.rows("consents")
    assert after["withdrawn_at"] == before["withdrawn_at"]


def test_nobody_stays_in_a_broadcast_room_without_their_consent(
    database: Database, world: World
) -> None:
    anna, bert = Chat(database, "anna"), Chat(database, "bert")
    anna.guest(world, "Anna").registers(world.room)
    bert.guest(world, "Bert").registers(world.online, agreements=())
    begin(world, ago=timedelta(minutes=5))

    anna.is_forgotten()
    bert.is_forgotten()

    states = {row["place_id"]: (row["state"], row["name"]) for row in world.rows("registrations")}
    assert states == {world.room: ("cancelled", ""), world.online: ("confirmed", "")}


def test_a_seat_that_stays_taken_says_nothing_about_anybody(
    database: Database, world: World
) -> None:
    canary = Canaries()
    anna = Chat(database, "anna")
    anna.guest(world, canary("name")).brings(
        world.online,
        canary("companion"),
        organisation=canary("organisation"),
        contact=Contact(ContactKind.EMAIL, canary("contact")),
        needs=canary("needs"),
        agreements=(NEEDS_KEPT,),
    )
    begin(world, ago=timedelta(minutes=5))
    assert all(columns_with(database, word) for word in canary.words.values())

    anna.is_forgotten()

    assert not any(columns_with(database, word) for word in canary.words.values())


def test_the_counts_of_a_past_event_stay(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.guest(world, "Anna").brings(world.online, "Bert", "Cem", agreements=())
    begin(world, ago=DAY)

    anna.is_forgotten()

    (registration,) = world.rows("registrations")
    assert (registration["state"], registration["party_size"]) == ("confirmed", 3)
    assert [row["taken"] for row in world.rows("places", id=world.online)] == [3]
    assert [row["name"] for row in world.rows("companions")] == ["", ""]


def test_whoever_never_registered_leaves_no_row_at_all(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    person = anna.person
    anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "More benches"))
    Chat(database, "bert").guest(world, "Bert").registers(world.room)

    anna.is_forgotten()

    assert world.rows("persons", id=person) == []
    assert [row["person_id"] for row in world.rows("ideas")] == [None]


def test_whoever_registered_leaves_a_bare_number(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    person = anna.person
    anna.guest(world, "Anna").registers(world.room)

    anna.is_forgotten()

    (bare,) = world.rows("persons", id=person)
    assert bare["created_at"].year == 1970


def test_ideas_can_be_deleted_as_well(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "I am Anna from number 5"))

    outcome = anna.is_forgotten(ideas_too=True)

    assert (outcome.ideas_kept, outcome.ideas_deleted) == (0, 1)
    assert [(row["text"], row["state"]) for row in world.rows("ideas")] == [("", "withdrawn")]


def test_a_member_of_staff_is_none_any_more(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    with database.transaction() as tx:
        code = people.invite(tx, Role.ADMIN, clock.now())
    anna.says(f"/staff {code}")

    anna.is_forgotten()

    with database.transaction() as tx:
        assert tx.execute(text("select count(*) from staff")).scalar_one() == 0
    assert world.rows("persons") == []


def test_the_next_message_comes_from_somebody_new(database: Database) -> None:
    anna = Chat(database, "anna")
    before = anna.person
    anna.says("/privacy", "forget", "yes, forget me")

    assert "Welcome" in anna.says("/start")
    assert anna.person != before


def test_what_was_paused_is_not_taken_up_again(database: Database, world: World) -> None:
    anna = Chat(database, "anna")
    anna.says(world.event.keyword, "/privacy", "forget", "yes, forget me")

    assert "Back to" not in anna.heard
    assert len(anna.seen) == 1


def test_nobody_else_loses_anything(database: Database, world: World) -> None:
    canary = Canaries()
    bert = plant(canary, database, ahead(database, room=3))
    anna = Chat(database, "anna")
    anna.guest(world, "Anna").registers(world.room)
    anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "More benches", name="Anna"))
    before = known(database, bert)

    anna.is_forgotten(ideas_too=True)

    assert known(database, bert) == before


def known(database: Database, chat: Chat) -> dict[str, Any]:
    """Read what somebody takes along."""
    person = chat.person
    with database.transaction() as tx:
        read: dict[str, Any] = orjson.loads(privacy.as_json(tx, person))
    return read


def test_the_file_holds_everything_that_is_known(database: Database) -> None:
    canary = Canaries()
    anna = plant(canary, database, ahead(database, room=3))

    file = known(database, anna)

    content = orjson.dumps(file).decode()
    not_said = {"picture", "orphan", "late"}  # what is late is carried out before it is asked for
    missing = {field for field, word in canary.words.items() if word not in content}
    assert missing == not_said
    assert [entry["name"] for entry in file["companion_of"]] == [canary("companion")]
    assert "Ich bin zu sehen." in content


def test_the_file_holds_no_access_data_and_nothing_of_others(
    database: Database, world: World
) -> None:
    anna, bert = Chat(database, "anna"), Chat(database, "bert")
    anna.guest(world, "Anna").registers(world.online, agreements=())
    bert.guest(world, "Bertram").registers(world.online, agreements=())
    with database.transaction() as tx:
        events.keep_access(tx, world.event.slug, "online", ACCESS)

    content = orjson.dumps(known(database, anna)).decode()

    assert "Anna" in content
    assert ACCESS not in content
    assert "Bertram" not in content


def test_the_file_of_a_companion_names_nobody_else(database: Database) -> None:
    anna = Chat(database, "anna")
    world = accompany(anna, database, "Anna")

    file = known(database, anna)

    assert file["companion_of"] == [{"event": world.event.slug, "name": "Anna", "consent": "given"}]
    assert "Host" not in orjson.dumps(file).decode()


def test_the_file_can_be_read_by_people(database: Database) -> None:
    anna = Chat(database, "anna")
    person = anna.person
    with database.transaction() as tx:
        content = privacy.as_json(tx, person)

    assert content.startswith(b'{\n  "person": ')
    assert content.endswith(b"}\n")


def test_every_key_of_the_file_is_documented(database: Database) -> None:
    anna = plant(Canaries(), database, ahead(database, room=3))

    documented = set(re.findall(r"`([a-z_]+)`", DOCUMENT.read_text(encoding="utf-8")))

    assert keys(known(database, anna)) - documented == set()


def keys(file: dict[str, Any]) -> set[str]:
    """Name the keys of a file and of the lists in it; what conversations hold is free."""
    inner = {
        key
        for entries in file.values()
        if isinstance(entries, list)
        for entry in entries
        for key in entry
    }
    return set(file) | inner


def test_nothing_is_known_about_nobody(database: Database) -> None:
    anna = Chat(database, "anna")
    person = anna.person
    anna.is_forgotten()

    with database.transaction() as tx:
        report = privacy.report(tx, person)
    assert report.holdings == Holdings(0, 0, 0, 0, 0, 0, is_staff=False)
    assert [entry.what for entry in report.history] == []
