"""Members of staff: how one becomes one, and how one ceases to be one."""

from __future__ import annotations

import pytest

from bot.domain.ideas import HandIn, IdeaId, IdeaKind, PictureId, Pillar
from bot.domain.people import Role
from bot.services import people
from bot.services.attachments import Photo, Reader, resolve
from bot.services.facts import Snapshot
from bot.store import conversations, ideas, outbox
from bot.store.calendar import Events
from bot.store.ideas import FROM_ONE_PERSON
from bot.store.people import members
from bot.turns import letters_for
from tests.town import HOUSE, Citizen, Town


def invited(town: Town, role: Role) -> str:
    with town.database.transaction() as tx:
        return f"staff-{people.invite(tx, role, town.now)}"


@pytest.fixture
def clerk(town: Town) -> Citizen:
    clerk = town.citizen("clerk")
    clerk.says(invited(town, Role.ADMIN))
    return clerk


def dismiss(town: Town) -> None:
    """Let everybody go."""
    with town.database.transaction() as tx:
        for member in members(tx):
            result = people.dismiss(tx, member.person, town.now, even_last=True)
            snapshot = Snapshot(tx, Events(), HOUSE.city, (), town.now)
            letters = letters_for(tx, result.notices, snapshot, HOUSE.language, town.now)
            town.letters.extend(outbox.put(tx, letters, town.now, town.now))


@pytest.mark.parametrize("role", Role)
def test_a_code_for_what_one_may_already_takes_nothing_and_stays_good(
    town: Town, clerk: Citizen, role: Role
) -> None:
    code = invited(town, role)

    assert "nothing has changed" in clerk.says(code)
    assert "Registrations: " in clerk.says("/registrations auftakt")
    assert "Welcome to the team" in town.citizen("colleague").says(code)


def test_a_code_for_more_gives_more(town: Town) -> None:
    clerk = town.citizen("clerk")
    clerk.says(invited(town, Role.MODERATOR))

    assert "I do not know that command" in clerk.says("/registrations auftakt")
    assert "Welcome to the team" in clerk.says(invited(town, Role.REGISTRAR))
    assert "Registrations: " in clerk.says("/registrations auftakt")


def test_whoever_is_let_go_is_told_and_reads_nothing_any_more(town: Town, clerk: Citizen) -> None:
    clerk.says("/registrations")
    dismiss(town)

    (told,) = (each for each in town.letters if "no longer a member" in each.payload["text"])
    assert told.payload["menu"] == ""
    assert "Registrations: " not in clerk.says("1")
    assert "I do not know that command" in clerk.says("/registrations auftakt")
    assert "(staff)" not in clerk.says("/help")


def illustrated(town: Town, count: int) -> None:
    """Hand in ideas; the first one has a picture."""
    with town.database.transaction() as tx:
        key = ("terminal", "anna")
        person = conversations.lock(tx, [key], town.now)[key].person
        picture = PictureId("p")
        ideas.keep_picture(tx, ideas.NewPicture(picture, person, "image/png", b"seen", town.now))
        for number in range(1, count + 1):
            what = HandIn(
                IdeaKind.IDEA,
                Pillar.CITY,
                f"Bench {number} " + "and more " * 50 + "to the end",
                picture=picture if number == 1 else None,
            )
            entry = ideas.Entry(f"CR-2020-{number:04}", person, None, town.now)
            ideas.add(tx, what, entry)


def shown_picture(town: Town) -> Photo | None:
    ((kind, number),) = town.letters[-1].payload.get("attach", [["none", 0]])
    with town.database.transaction() as tx:
        found = resolve(tx, kind, number, Reader("en", town.now))
    return found if isinstance(found, Photo) else None


def test_staff_see_an_idea_whole_and_with_its_picture(town: Town, clerk: Citizen) -> None:
    illustrated(town, 2)

    listed = clerk.says("/ideas")
    assert "CR-2020-0001 📷" in listed
    assert "to the end" not in listed
    assert "to the end" in clerk.says("2")
    assert shown_picture(town) == Photo("CR-2020-0001.png", "image/png", b"seen")


def test_whoever_hands_in_very_many_ideas_hides_nobody_elses(town: Town, clerk: Citizen) -> None:
    town.citizen("anna").says("/idea", "1", "More benches, please", "1", "yes")
    bert = town.citizen("bert")
    for number in range(12):
        bert.says("/idea", "1", f"Lamps in street number {number}", "1", "yes")
    listed = " ".join(clerk.says("/ideas").split())

    assert "More benches, please" in listed
    assert "street number 11" in listed
    assert listed.count("Lamps in street") == FROM_ONE_PERSON


@pytest.mark.parametrize("said", ["/ideas CR-2020-0001", "/ideen cr 2020 0001"])
def test_an_older_idea_is_found_by_its_number(town: Town, clerk: Citizen, said: str) -> None:
    illustrated(town, 12)

    assert "CR-2020-0001 " not in clerk.says("/ideas")
    assert "Bench 1 " in clerk.says(said)
    assert shown_picture(town) is not None
    assert "no idea with the number CR-2020-9999" in clerk.says("/ideas CR-2020-9999")


def test_a_picture_that_was_taken_back_meanwhile_is_not_sent(town: Town, clerk: Citizen) -> None:
    illustrated(town, 1)
    clerk.says("/ideas", "1")
    with town.database.transaction() as tx:
        key = ("terminal", "anna")
        ideas.withdraw(tx, IdeaId(1), conversations.lock(tx, [key], town.now)[key].person)

    assert shown_picture(town) is None
    assert "taken back" in clerk.says("/ideas CR-2020-0001") or "No idea" in clerk.says("/ideas")
