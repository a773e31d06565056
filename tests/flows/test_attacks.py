"""What somebody tries who wants more than they were given, or who is only very unlucky."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.dialogue.messages import Picture, Tapped, Typed
from bot.services.examples import as_published
from bot.store import ideas, tables
from tests.town import Citizen, Town

PLACE = ("/register auftakt", "1")


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


def stored(town: Town, table: str) -> list[dict[str, object]]:
    target = tables.metadata.tables[table]
    with town.database.transaction() as tx:
        found = tx.execute(select(target).order_by(target.c.id))
        return [dict(row._mapping) for row in found]  # noqa: SLF001 (its public name)


def button(town: Town, label: str) -> str:
    for letter in reversed(town.letters):
        for shown, payload in letter.payload.get("choices", ()):
            if shown == label:
                return str(payload)
    raise LookupError(label)


def test_a_consent_for_one_child_is_none_for_somebody_else(anna: Citizen, town: Town) -> None:
    anna.registers(children=["Mia Beispiel"], until="sure")
    answer = anna.says("change Companion 1", "Bob Beispiel")
    assert "Is this person under 16: Bob Beispiel?" in answer
    anna.says("no", "yes")

    (bob,) = stored(town, "companions")
    assert (bob["name"], bob["child"], bob["consent"]) == ("Bob Beispiel", False, "pending")


def test_a_consent_to_one_event_is_none_to_another(anna: Citizen, town: Town) -> None:
    first, second = as_published().split("[[event]]")[1:]
    copy = first.replace('"auftakt"', '"zweiter"').replace("20.08.", "21.08.")
    copy = copy.replace("T18:00:00", "T19:00:00").replace("T20:00:00", "T21:00:00")
    town.announce(f"[[event]]{first}[[event]]{second}[[event]]{copy}")
    anna.registers(until="sure")
    anna.says("change Event")
    anna.taps("Kick-off: Our city goes digital (20 Aug)")
    answer = anna.says("change Event", "zweiter")

    assert "The wording of this consent has changed" in answer
    assert "I agree to appear in the digital media" in answer


def test_words_that_were_changed_under_the_same_version_are_not_agreed_to(
    anna: Citizen, town: Town
) -> None:
    anna.says(*PLACE)
    agree = button(town, "I agree")
    town.announce(as_published().replace("I agree to appear", "I agree to be sold, and to appear"))
    answer = anna.sends(Tapped(agree))

    assert "has changed" in answer
    assert "I agree to be sold" in " ".join(answer.split())


@pytest.mark.parametrize(
    "text",
    ["ok, what does that mean", "ja was heißt das denn", "yes?", "ja, nur ohne Ton", "yes I am 15"],
)
def test_a_sentence_that_only_begins_with_a_yes_is_no_consent(anna: Citizen, text: str) -> None:
    assert "Do you agree?" in anna.says(*PLACE, text)


def test_a_yes_in_a_burst_is_no_consent_to_what_nobody_could_read(
    anna: Citizen, town: Town
) -> None:
    anna.says(PLACE[0])
    place, yes = town.incoming(anna, Typed("1")), town.incoming(anna, Typed("yes"))
    town.passes(timedelta(seconds=1))
    town.take(place)
    town.take(yes)

    assert "before you could read this question" in " ".join(anna.mail.split())
    assert "What is your name?" not in anna.mail


def test_who_is_named_is_left_behind_and_nobody_else(anna: Citizen, town: Town) -> None:
    receipt = anna.registers(companions=["Ben Beispiel", "Cem Beispiel"])
    code = f"companion-{receipt.partition('companion-')[2][:8]}"
    anna.says("/mine", "1")
    anna.taps("Ben Beispiel is not coming")
    town.citizen("ben").says(code, "no")
    anna.says("yes")

    assert [row["name"] for row in stored(town, "companions")] == ["Cem Beispiel"]


def test_an_idea_is_not_handed_in_because_its_event_has_begun(anna: Citizen, town: Town) -> None:
    town.passes(timedelta(days=10, hours=5, minutes=50))  # ten minutes before the kick-off
    anna.says("/idea", "1", "More benches with shade", "1", "change name", "Anna Beispiel")
    town.passes(timedelta(minutes=20))
    anna.says("no, do not hand this in", "/help")

    assert stored(town, "ideas") == []


def test_an_old_yes_does_not_answer_another_question(anna: Citizen, town: Town) -> None:
    anna.registers(children=["Mia Beispiel"])
    anna.says("/mine", "1")
    anna.taps("Mia Beispiel is not coming")
    yes = button(town, "Yes")
    anna.says("/back")
    anna.taps("Give back my seat")
    anna.sends(Tapped(yes))

    assert {row["state"] for row in stored(town, "registrations")} == {"confirmed"}


def test_a_picture_that_was_cleared_away_costs_nobody_their_idea(anna: Citizen, town: Town) -> None:
    anna.says("/idea", "1", "More benches with shade", "1")
    anna.sends(Picture("picture-1", "image/jpeg", b"jpeg"))
    with town.database.transaction() as tx:
        ideas.clear_pictures(tx, town.now + timedelta(days=30))

    assert "Your idea has arrived" in anna.says("yes")


@pytest.mark.parametrize("forged", ["~nonsense", "~name", "yes", "yes.99"])
def test_a_forged_line_of_the_summary_does_nothing(anna: Citizen, town: Town, forged: str) -> None:
    anna.registers(until="sure")
    run = button(town, "Yes, register").partition(":")[0]
    answer = anna.sends(Tapped(f"{run}:sure:{forged}"))

    assert "something went wrong" not in answer
    assert stored(town, "registrations") == []


def test_who_is_no_registrar_any_more_sees_no_registrations(anna: Citizen, town: Town) -> None:
    from bot.domain.people import Role  # noqa: PLC0415
    from bot.services.people import invite  # noqa: PLC0415

    with town.database.transaction() as tx:
        registrar = invite(tx, Role.REGISTRAR, town.now)
        moderator = invite(tx, Role.MODERATOR, town.now)
    anna.says(f"staff-{registrar}", "/registrations", "/language", f"staff-{moderator}")

    assert "something went wrong" not in anna.says("1")


def test_the_event_that_was_named_is_the_one_of_the_idea(anna: Citizen, town: Town) -> None:
    anna.says("idea-auftakt", "1", "More benches with shade", "1", "1", "1", "yes")

    (idea,) = stored(town, "ideas")
    assert idea["event_id"] is not None
