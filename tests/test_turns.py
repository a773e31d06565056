"""The batch transaction: nothing is lost, nothing is carried out twice, nobody holds up others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from bot.dialogue.flow import Flow, Flows
from bot.dialogue.messages import Reply, Typed
from bot.dialogue.questions import Text
from bot.dialogue.talk import Talk
from bot.i18n import Phrase
from bot.services.examples import as_published
from bot.store import tables
from bot.turns import Turns
from tests.answering import Registering
from tests.town import HOUSE, Citizen, Town


def rows(town: Town, table: str) -> int:
    with town.database.transaction() as tx:
        found = tx.execute(select(func.count()).select_from(tables.metadata.tables[table]))
        return int(found.scalar_one())


def test_a_whole_registration_leads_to_one_seat_and_one_receipt(town: Town) -> None:
    anna = town.citizen("anna")
    assert "Is everything right?" in anna.registers(until="sure")

    assert "Your seat is confirmed" in anna.says("yes")
    assert rows(town, "registrations") == 1


def test_a_repeated_update_is_dropped(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="sure")
    final = town.incoming(anna, Typed("yes"))
    assert town.take(final)

    assert town.take(final) == []
    assert rows(town, "registrations") == 1


def test_a_repeated_update_within_one_batch_counts_once(town: Town) -> None:
    anna, bert = town.citizen("anna"), town.citizen("bert")
    hello = town.incoming(anna, Typed("/help"))

    letters = town.take(hello, town.incoming(bert, Typed("/help")), hello)
    assert sorted(letter.chat for letter in letters) == ["anna", "bert"]


def test_a_batch_serves_everybody_in_order_of_receipt(town: Town) -> None:
    citizens = [town.citizen(f"citizen {number}") for number in range(15)]
    _side_by_side(town, citizens)
    letters = town.take(*(town.incoming(citizen, Typed("yes")) for citizen in citizens))

    answers = [letter.payload["text"] for letter in letters]
    assert ["Your seat is confirmed" in answer for answer in answers] == [True] * 12 + [False] * 3
    assert all(f"number {number}" in answer for number, answer in enumerate(answers, 1))
    assert "position 3" in answers[14]


def test_two_programs_open_the_same_new_chat_once(town: Town) -> None:
    anna = town.citizen("anna")
    other = Turns(town.database, HOUSE, lambda: town.now)
    town.take(town.incoming(anna, Typed("/help")))
    other.take([town.incoming(anna, Typed("/help"))])

    assert rows(town, "conversations") == 1
    assert rows(town, "persons") == 1


def test_the_database_is_left_untouched_when_a_batch_fails(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = town.citizen("anna")
    monkeypatch.setattr("bot.turns.outbox.put", _breaks(OperationalError("insert", {}, _full())))

    with pytest.raises(OperationalError):
        anna.says("/help")
    assert rows(town, "inbox") == rows(town, "conversations") == rows(town, "persons") == 0


def test_after_an_outage_the_same_batch_is_carried_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = town.citizen("anna")
    hello = town.incoming(anna, Typed("/help"))
    with monkeypatch.context() as broken:
        broken.setattr("bot.turns.outbox.put", _breaks(OperationalError("insert", {}, _full())))
        with pytest.raises(OperationalError):
            town.take(hello)

    assert len(town.take(hello)) == 1


@pytest.fixture
def poisoned(town: Town) -> Town:
    """Open a town with a flow that fails on one word."""

    def fragile(talk: Talk) -> Reply:
        word = talk.ask("word", Text(prompt="Say a word.", max_length=80))
        if word == "poison":
            raise ZeroDivisionError(word)
        return Reply(f"Thank you for {word}.")

    flow = Flow("fragile", Phrase("fragile"), fragile, words=("fragile",))
    lost = Flow("lost", Phrase("lost"), lambda _talk: Reply("Lost."))
    flows = Flows((flow, lost), keywords="fragile", lost="lost")
    town.turns = Turns(town.database, replace(HOUSE, flows=flows), lambda: town.now)
    return town


def test_a_poisonous_message_stands_alone(poisoned: Town, caplog: pytest.LogCaptureFixture) -> None:
    citizens = [poisoned.citizen(name) for name in ("anna", "bert", "cem")]
    for citizen in citizens:
        citizen.says("/fragile")
    with caplog.at_level(logging.ERROR):
        letters = poisoned.take(
            *(
                poisoned.incoming(citizen, Typed(word))
                for citizen, word in zip(citizens, ("bread", "poison", "milk"), strict=True)
            )
        )

    answers = {letter.chat: letter.payload["text"] for letter in letters}
    assert answers["anna"] == "Thank you for bread."
    assert answers["cem"] == "Thank you for milk."
    assert "something went wrong on my side" in answers["bert"]
    number = str(answers["bert"]).rsplit("number ", 1)[1].rstrip(".")
    assert number in caplog.text


def test_a_poisonous_message_does_not_come_back(poisoned: Town) -> None:
    bert = poisoned.citizen("bert")
    bert.says("/fragile")
    poison = poisoned.incoming(bert, Typed("poison"))
    assert len(poisoned.take(poison)) == 1

    assert poisoned.take(poison) == []
    assert bert.says("bread") == "Thank you for bread."


def test_the_log_of_a_failure_holds_nothing_personal(
    poisoned: Town, caplog: pytest.LogCaptureFixture
) -> None:
    bert = poisoned.citizen("bert-the-secret")
    bert.says("/fragile", "poison")

    assert "ZeroDivisionError" in caplog.text
    assert "poison\n" not in caplog.text
    assert "bert-the-secret" not in caplog.text


def test_somebody_who_moves_up_is_told_in_the_same_transaction(town: Town) -> None:
    citizens = _full_room_and_one_more(town)
    waiting = citizens[12]
    assert "waiting list, at position 1" in waiting.mail

    citizens[0].says("/mine", "1", "cancel my registration", "yes")
    assert "Good news: you have a seat!" in waiting.mail


def test_a_notice_by_night_makes_no_sound(town: Town) -> None:
    citizens = _full_room_and_one_more(town)
    town.passes(timedelta(hours=11))  # 23:00 in Castrop-Rauxel
    citizens[0].says("/mine", "1", "cancel my registration", "yes")

    (notice,) = [one for one in town.letters if "Good news" in one.payload["text"]]
    assert notice.payload["silent"]


def test_who_has_a_seat_or_waits_hears_that_an_event_is_cancelled(town: Town) -> None:
    citizens = _full_room_and_one_more(town)
    town.announce(as_published().replace('slug = "auftakt"', 'slug = "auftakt"\ncancelled = true'))

    news = [letter for letter in town.letters if "has been cancelled" in letter.payload["text"]]
    assert [letter.chat for letter in news] == [citizen.name for citizen in citizens]


def test_who_has_a_seat_hears_that_an_event_has_moved(town: Town) -> None:
    anna, bert = town.citizen("anna"), town.citizen("bert")
    anna.registers()
    bert.says("/events")
    town.announce(as_published().replace("2020-08-20T18:00:00", "2020-08-20T18:30:00"))

    assert "18:30 to about 20:00" in anna.mail
    assert "Please note" not in bert.mail


def test_the_same_file_again_tells_nobody_anything(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers()
    before = anna.mail
    town.announce(as_published())

    assert anna.mail == before


def test_the_final_yes_counts_even_if_the_last_seat_is_taken_meanwhile(town: Town) -> None:
    citizens = [town.citizen(f"citizen {number}") for number in range(13)]
    for citizen in citizens:
        citizen.registers(until="sure")
    answers = [citizen.says("yes") for citizen in citizens]

    assert sum("Your seat is confirmed" in answer for answer in answers) == 12
    assert "waiting list, at position 1" in answers[12]


def test_what_was_asked_is_asked_again_after_a_restart(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="organisation")
    town.turns = Turns(town.database, HOUSE, lambda: town.now)

    assert "Is everything right?" in anna.goes_on(until="sure")


def test_an_unknown_column_is_a_fault_and_no_outage(town: Town) -> None:
    with town.database.transaction() as tx:
        tx.execute(text("ALTER TABLE outbox RENAME COLUMN bulk TO hulk"))

    with pytest.raises(Exception, match="bulk"):
        town.take(town.incoming(town.citizen("anna"), Typed("/help")))


def _full_room_and_one_more(town: Town) -> list[Citizen]:
    citizens = [town.citizen(f"citizen {number}") for number in range(13)]
    _side_by_side(town, citizens)
    town.take(*(town.incoming(citizen, Typed("yes")) for citizen in citizens))
    return citizens


def _side_by_side(town: Town, citizens: list[Citizen]) -> None:
    """Let everybody register up to the summary, each step as one batch."""
    town.take(*(town.incoming(each, Typed("/register auftakt")) for each in citizens))
    while citizens[-1].asked != "sure":
        answers = [
            Registering().answer(frame) for each in citizens if (frame := each.standing.active)
        ]
        town.take(*map(town.incoming, citizens, answers))


def _breaks(error: Exception) -> Callable[..., object]:
    def put(*_arguments: object) -> object:
        raise error

    return put


def _full() -> Exception:
    import sqlite3  # noqa: PLC0415

    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def test_opening_a_chat_touches_nobody_who_came_in_the_same_instant(town: Town) -> None:
    """The clock of the town stands still, so everybody comes in the same instant."""
    town.citizen("anna").says("/start")
    with town.database.transaction() as tx:
        tx.execute(tables.persons.insert().values(created_at=town.now))
    town.citizen("bert").says("/start")

    assert rows(town, "persons") == 3


def test_somebody_who_is_known_already_gets_no_second_person(town: Town) -> None:
    anna = town.citizen("anna")
    anna.says("/start")
    with town.database.transaction() as tx:
        tx.execute(tables.conversations.delete())
    anna.says("/start")

    assert rows(town, "persons") == rows(town, "identities") == rows(town, "conversations") == 1
