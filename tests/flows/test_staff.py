"""Members of staff: how one becomes one, and how one ceases to be one."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.services import people
from bot.services.facts import Snapshot
from bot.store import outbox
from bot.store.calendar import Events
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
