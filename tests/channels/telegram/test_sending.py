"""Sending: Telegram's refusals mean something, and nothing that is owed to anybody is lost."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from bot import clock
from bot.domain.people import Role
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.store.tables import outbox as table
from bot.store.tables import persons
from tests.channels.telegram.walks import shows
from tests.serving import invitation
from tests.telegram import Fault, Phone, Telegram

pytestmark = pytest.mark.slow

HELP = "This is what I can do:"


def owe(database: Database, *letters: tuple[Phone, str], bulk: bool = False) -> None:
    """Write letters as another program does, to be sent by whoever finds them."""
    with database.transaction() as tx:
        written = [
            Letter(0, "telegram", str(phone.id), {"text": text, "language": "en"}, bulk)
            for phone, text in letters
        ]
        outbox.put(tx, written, clock.now(), clock.now())


def unreachable(database: Database) -> int:
    """Count the people whom nothing reaches."""
    with database.transaction() as tx:
        lost = select(persons.c.id).where(persons.c.unreachable_since.is_not(None))
        return len(tx.execute(lost).all())


def reasons(database: Database) -> list[str]:
    """Say why letters were set aside."""
    with database.transaction() as tx:
        return list(tx.execute(select(table.c.reason).where(table.c.state == "failed")).scalars())


def test_who_is_asked_to_slow_down_waits_as_long_as_told_and_others_do_not(
    telegram: Telegram, anna: Phone
) -> None:
    telegram.faults.next("sendMessage", Fault.too_many(5), chat=anna.id)
    anna.starts()
    telegram.waits_until(lambda: telegram.calls.count("sendMessage", status=429) == 1)
    bert = telegram.person("bert", "en").starts()
    bert.waits_for("Welcome")
    anna.waits_for("Welcome")

    refused, sent = telegram.calls.of("sendMessage", chat=anna.id)
    [others] = telegram.calls.of("sendMessage", chat=bert.id)
    assert sent.at - refused.at >= 5
    assert others.at - refused.at < 5


def test_people_who_are_asked_to_slow_down_hold_up_nobody_else(
    telegram: Telegram, anna: Phone
) -> None:
    slow = [anna, *(telegram.person(f"slow {number}", "en") for number in range(5))]
    for phone in slow:
        telegram.faults.next("sendMessage", Fault.too_many(30), chat=phone.id)
        phone.starts()
    telegram.waits_until(lambda: telegram.calls.count("sendMessage", status=429) == len(slow))
    began = time.monotonic()
    telegram.person("bert", "en").starts().waits_for("Welcome")

    assert time.monotonic() - began < 2


def test_people_who_send_too_much_are_answered_at_a_pace_and_others_at_once(
    telegram: Telegram, anna: Phone
) -> None:
    telegram.limits(per_chat_per_second=1, at_once=20, retry_after=30)
    greedy = [anna, telegram.person("bert", "en")]
    for phone in greedy:
        phone.starts()
        for _ in range(60):
            phone.types("/help")
    telegram.waits_until(lambda: telegram.calls.count("sendMessage", status=429) == len(greedy))
    waits = []
    for number in range(5):
        began = time.monotonic()
        telegram.person(f"newcomer {number}", "en").starts().waits_for("Welcome")
        waits.append(time.monotonic() - began)

    assert max(waits) < 1
    assert telegram.calls.count("sendMessage", status=429) == len(greedy)


def test_what_telegram_means_for_everybody_is_found_out_by_few_messages(
    telegram: Telegram, anna: Phone
) -> None:
    phones = [anna, *(telegram.person(f"reader {number}", "en") for number in range(50))]
    telegram.faults.always("sendMessage", Fault.too_many(4))
    for phone in phones[:2]:
        phone.starts()
    telegram.waits_until(lambda: telegram.calls.count("sendMessage", status=429) >= 2)
    for phone in phones[2:]:
        phone.starts()
    telegram.waits_until_read()
    time.sleep(3)
    refused = telegram.calls.count("sendMessage", status=429)
    telegram.faults.clear()
    for phone in phones:
        phone.waits_for("Welcome")

    assert refused < 10


def test_whom_nothing_reaches_gets_what_was_owed_in_order_before_the_answer(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.faults.next("sendMessage", Fault.forbidden(), chat=anna.id)
    anna.types("/help")
    telegram.waits_until(lambda: unreachable(database) == 1)
    owe(database, (anna, "first"), (anna, "second"))
    anna.types("/language de")
    anna.waits_for("Willkommen beim Bürgerdialog")

    said = [each.text.partition("\n")[0] for each in anna.messages if each.from_bot]
    assert said[1:] == [
        HELP,
        "first",
        "second",
        "Ab jetzt spreche ich Deutsch mit Ihnen.",
        "Willkommen beim Bürgerdialog in Castrop-Rauxel!",
    ]
    assert unreachable(database) == 0


def test_who_has_blocked_the_bot_is_unreachable_until_they_write(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    anna.blocks()
    telegram.waits_until(lambda: unreachable(database) == 1)
    anna.unblocks()
    telegram.waits_until_read()
    assert unreachable(database) == 1
    anna.types("/help")

    anna.waits_for(HELP)
    assert unreachable(database) == 0


@pytest.mark.parametrize("words", ["chat not found", "PEER_ID_INVALID"])
def test_a_chat_that_is_gone_is_one_that_cannot_be_reached(
    telegram: Telegram, anna: Phone, database: Database, words: str
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.faults.next("sendMessage", Fault.bad_request(words), chat=anna.id)
    anna.types("/help")
    telegram.waits_until(lambda: unreachable(database) == 1)

    assert reasons(database) == []


def test_what_telegram_will_never_take_is_set_aside_and_shown_to_staff(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    clerk = telegram.person("clerk", "en").starts()
    clerk.types(invitation(database, Role.REGISTRAR))
    clerk.waits_for("Welcome to the team!")
    anna.starts().waits_for("Welcome")
    words = "can't parse entities: something is wrong"
    telegram.faults.next("sendMessage", Fault.bad_request(words), chat=anna.id)
    anna.types("/help")
    anna.types("/events")
    anna.waits_for("Which event would you like to know about?")
    telegram.waits_until(lambda: bool(reasons(database)))
    clerk.types("/unzustellbar")

    assert reasons(database) == [words.capitalize()]
    shows(clerk, words.capitalize())
    assert telegram.calls.count("sendMessage", status=400) == 1


@pytest.mark.parametrize(
    "fault",
    [Fault.internal(), Fault.bad_gateway(), Fault.closed(), Fault.broken_json()],
    ids=["500", "502", "closed", "half an answer"],
)
def test_after_a_failure_on_the_way_it_is_tried_again(
    telegram: Telegram, anna: Phone, fault: Fault
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.faults.next("sendMessage", fault, chat=anna.id)
    anna.types("/help")
    telegram.waits_until(lambda: telegram.calls.count("sendMessage") >= 3)
    anna.types("/language de")

    anna.waits_for("Ab jetzt spreche ich Deutsch mit Ihnen.")
    assert 1 <= len([each for each in anna.messages if HELP in each.text]) <= 2


def test_replies_do_not_stand_behind_bulk_letters(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    readers = [telegram.person(f"reader-{number}", "en") for number in range(75)]
    for phone in readers:
        with phone.records.changed:
            phone.records.private_chat(phone.bot, phone.person)
    owe(database, *((phone, "news") for phone in readers), bulk=True)
    readers[0].waits_for("news")
    anna.types("/help")
    anna.waits_for(HELP)
    behind = [phone for phone in readers if not phone.unread]

    for phone in readers[1:]:
        phone.waits_for("news")
    assert len(behind) > 10
