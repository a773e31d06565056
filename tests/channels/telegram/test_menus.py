"""Menus: the commands and descriptions that Telegram shows, in everybody's language and role."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.menus import introduce
from bot.domain.people import Role
from bot.store.database import Database
from tests.serving import invitation
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow


def offered(telegram: Telegram, scope: str = "default", language: str = "") -> list[str]:
    """List the commands in a menu."""
    found = telegram.bot.commands.get((scope, language), [])
    return [each["command"] for each in found]


def own(telegram: Telegram, phone: Phone) -> list[str]:
    """List the commands in the menu of one chat."""
    for (scope, language), found in telegram.bot.commands.items():
        if str(phone.id) in scope and not language:
            return [each["command"] for each in found]
    return []


@pytest.fixture
def introduced(telegram: Telegram, anna: Phone) -> Phone:
    """Wait until the bot has introduced itself."""
    telegram.waits_until(lambda: telegram.calls.count("setMyDescription", status=200) == 3)
    return anna


@pytest.mark.usefixtures("introduced")
def test_the_commands_are_offered_in_each_language(telegram: Telegram) -> None:
    english = offered(telegram, language="en")

    assert offered(telegram) == english
    assert {"events", "register", "idea", "mine", "privacy", "language", "help"} <= {*english}
    assert {"termine", "anmelden", "idee", "meine", "datenschutz"} <= {
        *offered(telegram, language="de")
    }
    assert len(offered(telegram, language="de")) == len(english)


@pytest.mark.usefixtures("introduced")
def test_nobody_is_offered_a_command_of_the_staff(telegram: Telegram) -> None:
    for language in ("", "de", "en"):
        assert {"registrations", "anmeldungen", "statistik", "statistics"}.isdisjoint(
            offered(telegram, language=language)
        )


@pytest.mark.usefixtures("introduced")
def test_the_profile_says_what_the_bot_is_for(telegram: Telegram) -> None:
    bot = telegram.bot

    assert bot.short_descriptions.keys() == bot.descriptions.keys() == {"", "de", "en"}
    assert "Castrop-Rauxel" in bot.short_descriptions[""]
    assert bot.short_descriptions["de"] != bot.short_descriptions["en"]
    assert bot.descriptions["de"].startswith("Willkommen")


def test_every_command_that_is_offered_works(telegram: Telegram, introduced: Phone) -> None:
    introduced.starts().waits_for("Welcome")
    for language in ("de", "en"):
        for command in offered(telegram, language=language):
            sent = introduced.types(f"/{command}")
            answer = introduced.waits_for(lambda message, after=sent.id: message.id > after)  # type: ignore[misc]
            assert "I do not know that command" not in answer.text
            telegram.waits_until_read()


def test_staff_are_offered_their_commands_in_their_own_chat(
    telegram: Telegram, introduced: Phone, database: Database
) -> None:
    introduced.starts().types(invitation(database, Role.REGISTRAR))
    introduced.waits_for("Welcome to the team!")
    telegram.waits_until(lambda: bool(own(telegram, introduced)))

    assert {*offered(telegram)} < {*own(telegram, introduced)}
    assert "registrations" in own(telegram, introduced)


def test_the_menu_follows_the_language(telegram: Telegram, introduced: Phone) -> None:
    introduced.starts().waits_for("Welcome")
    introduced.types("/language de")
    introduced.waits_for("Ab jetzt spreche ich Deutsch mit Ihnen.")
    telegram.waits_until(lambda: "termine" in own(telegram, introduced))
    introduced.types("/language en")
    telegram.waits_until(lambda: "events" in own(telegram, introduced))

    assert own(telegram, introduced) == offered(telegram, language="en")


def test_the_menu_of_staff_follows_the_language_too(
    telegram: Telegram, introduced: Phone, database: Database
) -> None:
    introduced.starts().types(invitation(database, Role.REGISTRAR))
    telegram.waits_until(lambda: "registrations" in own(telegram, introduced))
    introduced.types("/language de")

    telegram.waits_until(lambda: "anmeldungen" in own(telegram, introduced))


def test_who_is_forgotten_gets_the_menu_of_everybody(
    telegram: Telegram, introduced: Phone, database: Database
) -> None:
    introduced.starts().types(invitation(database, Role.REGISTRAR))
    telegram.waits_until(lambda: "registrations" in own(telegram, introduced))
    introduced.types("/privacy forget")
    introduced.waits_for("Yes, forget me")
    introduced.taps("Yes, forget me")

    telegram.waits_until(lambda: own(telegram, introduced) == offered(telegram, language="en"))


def test_without_menus_the_bot_works_all_the_same(
    telegram: Telegram, anna: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.faults.always("setMyCommands", Fault.internal())
    anna.starts().waits_for("Welcome")
    anna.types("/language de")

    anna.waits_for("Ab jetzt spreche ich Deutsch mit Ihnen.")
    anna.types("/hilfe")
    anna.waits_for("Das kann ich für Sie tun")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("city", ["Samtgemeinde an der Nahe und am langen Rhein", "ß" * 600])
def test_a_long_name_of_a_city_is_shortened_and_nothing_is_left_out(
    telegram: Telegram, city: str
) -> None:
    async def tell() -> list[str]:
        async with Account(telegram.token, telegram.url) as account:
            return await introduce(account, city)

    refused = asyncio.run(tell())

    assert refused == []
    assert telegram.bot.short_descriptions.keys() == telegram.bot.descriptions.keys()
    assert all(len(each) <= 120 for each in telegram.bot.short_descriptions.values())


def test_what_telegram_refuses_is_named_and_everything_else_is_told(telegram: Telegram) -> None:
    async def tell() -> list[str]:
        async with Account(telegram.token, telegram.url) as account:
            return await introduce(account, "Castrop-Rauxel")

    telegram.faults.next("setMyShortDescription", Fault.bad_request("description is too long"))
    [refused] = asyncio.run(tell())

    assert refused.startswith("set_my_short_description (en)")
    assert telegram.bot.short_descriptions.keys() == {"de", "en"}
    assert telegram.bot.descriptions.keys() == {"", "de", "en"}
