"""Groups: the bot explains itself once, and nothing personal is ever said there."""

from __future__ import annotations

import time

import pytest

from bot.channels.groups import GROUPS
from bot.domain.people import Role
from bot.store.database import Database
from tests.channels.telegram.serving import serving, settle
from tests.channels.telegram.walks import TO_RECEIPT, walks
from tests.serving import Serving, invitation, registered
from tests.telegram import Group, Phone, Telegram

pytestmark = pytest.mark.slow

HELLO = "I take registrations and ideas for the public dialogue of Castrop-Rauxel."


@pytest.fixture
def council(telegram: Telegram, anna: Phone) -> Group:
    """Open a group; the bot is not in it yet."""
    return telegram.group("Stadtrat", [anna, telegram.person("bert", "en")])


def said(group: Group) -> list[str]:
    """Give what the bot has said in a group."""
    return [each.text for each in group.messages if each.from_bot and each.sender == "Stadtdialog"]


def test_whoever_adds_the_bot_is_shown_the_way_to_the_private_chat(
    telegram: Telegram, council: Group
) -> None:
    council.adds_bot()

    [button] = council.waits_for(HELLO).buttons
    assert button.text == "Open the private chat"
    assert button.url == f"https://t.me/{telegram.username}?start=group"


def test_very_many_groups_of_one_person_hold_up_nobody(telegram: Telegram, anna: Phone) -> None:
    councils = [telegram.group(f"Rat {number}", [anna]) for number in range(500)]
    for council in councils:
        council.adds_bot()
    began = time.monotonic()
    telegram.person("bert", "en").starts().waits_for("Welcome")
    waited = time.monotonic() - began
    telegram.waits_until_read()

    assert waited < 2
    assert sum(len(said(council)) for council in councils) <= GROUPS.at_once


def test_the_way_leads_to_the_welcome(anna: Phone) -> None:
    anna.starts("group")

    anna.waits_for("Welcome to the public dialogue")


def test_it_explains_itself_once_whatever_is_asked(
    telegram: Telegram, anna: Phone, council: Group, database: Database
) -> None:
    council.adds_bot()
    hello = council.waits_for(HELLO)
    council.types(anna, "/start")
    council.types(anna, f"/register@{telegram.username} auftakt")
    council.types(anna, "yes", replies_to=hello.id)
    settle(telegram, database)

    assert len(said(council)) == 1


def test_it_explains_itself_once_even_after_a_restart(
    telegram: Telegram, url: str, database: Database
) -> None:
    anna = telegram.person("anna", "en")
    group = telegram.group("Stadtrat", [anna])
    with serving(telegram, url):
        group.adds_bot()
        group.waits_for(HELLO)
        settle(telegram, database)
    with serving(telegram, url):
        group.types(anna, "/start")
        settle(telegram, database)

    assert len(said(group)) == 1


def test_it_explains_itself_once_even_if_the_group_grows(
    telegram: Telegram, anna: Phone, council: Group, database: Database
) -> None:
    council.adds_bot()
    council.waits_for(HELLO)
    council.upgrades()
    council.types(anna, "/start")
    settle(telegram, database)

    assert said(council) == []


def test_another_group_gets_an_explanation_of_its_own(
    telegram: Telegram, anna: Phone, council: Group
) -> None:
    council.adds_bot()
    council.waits_for(HELLO)
    club = telegram.group("Verein", [anna])
    club.adds_bot()

    club.waits_for(HELLO)


def test_a_group_that_the_bot_has_left_costs_nothing(
    telegram: Telegram, anna: Phone, council: Group, service: Serving
) -> None:
    council.adds_bot()
    council.removes_bot()
    telegram.waits_until_read()
    anna.starts()

    anna.waits_for("Welcome")
    assert service.failure is None
    assert len(said(council)) <= 1


def test_who_is_in_the_middle_of_something_answers_it_in_private_only(
    telegram: Telegram, anna: Phone, council: Group, database: Database
) -> None:
    council.adds_bot()
    hello = council.waits_for(HELLO)
    walks(telegram, anna, *TO_RECEIPT[:-1])
    anna.waits_for("Is everything right?")
    council.types(anna, "yes", replies_to=hello.id)
    council.types(anna, "/mine")
    settle(telegram, database)

    anna.hears_nothing(0)
    assert registered(database) == 0
    assert len(said(council)) == 1
    assert "Anna" not in "".join(said(council))


def test_a_code_for_staff_does_nothing_in_a_group(
    telegram: Telegram, anna: Phone, council: Group, database: Database
) -> None:
    council.adds_bot()
    council.waits_for(HELLO)
    code = invitation(database, Role.ADMIN)
    council.types(anna, f"/start {code}")
    settle(telegram, database)
    anna.starts()
    anna.types(code)

    anna.waits_for("Welcome to the team!")
    assert len(said(council)) == 1
    assert telegram.bot.commands.keys().isdisjoint({(f"chat {council.id}", "")})
