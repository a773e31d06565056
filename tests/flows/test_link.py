"""Joining two chats: the code, what is read before the yes, and what is said when it is no good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.dialogue.messages import Typed
from bot.domain.events import EventId
from bot.domain.links import CODE_LASTS, JoinChats
from bot.domain.people import PersonId, Role
from bot.services import links, people
from bot.services.examples import as_published
from bot.store.database import Transaction
from tests.town import Citizen, Town

WITHDRAW = ("/mine", "My consents", "1", "2")


@pytest.fixture
def anna(town: Town) -> Citizen:
    return town.citizen("anna")


@pytest.fixture
def home(town: Town) -> Citizen:
    return town.citizen("home")


def code_of(citizen: Citizen) -> str:
    found = re.search(r"link-\w{8}\b", citizen.says("/link", "1"))
    assert found is not None
    return found[0]


def agrees(giver: Citizen) -> str:
    """Say yes in the chat that the code is from, too."""
    giver.says("/link")
    return giver.says("yes")


def role(town: Town, citizen: Citizen, role: Role) -> None:
    with town.database.transaction() as tx:
        invitation = people.invite(tx, role, town.now)
    citizen.says(f"staff-{invitation}")


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "/link {}",
        "  {}  ",
        "/verbinden {}",
        "„{}“.",
        "lower",
        "bare",
        "spaced",
        "dashed",
        "alone",
    ],
)
def test_a_code_may_be_typed_in_many_ways(typed: str, anna: Citizen, home: Citizen) -> None:
    code = code_of(anna)
    match typed:
        case "lower":
            typed = code.lower()
        case "bare":
            home.says("/link")
            typed = code.removeprefix("link-")
        case "spaced":
            home.says("/link")
            typed = f"Link {code[5:9]} {code[9:]}"
        case "dashed":
            typed = f"Link – {code[5:9]}‑{code[9:].lower()}"
        case "alone":
            typed = code.removeprefix("link-")
        case _:
            typed = typed.format(code)

    assert "Shall I join" in home.says(typed)
    assert "please say yes in your other chat as well" in home.says("yes")
    assert "your two chats are joined" in agrees(anna)


@pytest.mark.parametrize("typed", ["link-22222222", "/link abc", "/link what is that?"])
def test_whoever_types_a_wrong_code_is_told_what_to_do(typed: str, home: Citizen) -> None:
    answer = home.says(typed)

    assert "I do not know this code" in answer
    assert "For a new one, write /link" in answer
    assert "1  Give me a code" in answer
    assert "Your code: link-" in home.says("1")


def test_a_code_for_oneself_belongs_into_the_other_chat(anna: Citizen) -> None:
    assert "This code is for your other chat" in anna.says(code_of(anna))


def test_a_code_that_was_used_is_good_for_nobody(town: Town, anna: Citizen, home: Citizen) -> None:
    code = code_of(anna)
    home.says(code, "yes")

    assert "I do not know this code" in town.citizen("stranger").says(code)
    agrees(anna)
    assert "I do not know this code" in home.says(code)


def test_a_code_that_grows_old_before_the_yes_joins_nothing(
    town: Town, anna: Citizen, home: Citizen
) -> None:
    home.says(code_of(anna))
    town.passes(CODE_LASTS)

    answer = home.says("yes")
    assert "I do not know this code" in answer
    assert "Shall I join" in home.says(code_of(anna))


def test_a_yes_in_one_chat_alone_joins_nothing_however_long_one_waits(
    town: Town, anna: Citizen, home: Citizen
) -> None:
    anna.registers()
    home.says(code_of(anna), "yes")
    assert "You have no registration" in home.says("/mine")
    assert "Shall I join" in anna.says("/link")
    town.passes(CODE_LASTS)

    assert "your two chats are joined" not in anna.says("yes")
    assert "1  Give me a code" in anna.says("/link")
    assert "You have no registration" in home.says("/mine")


def test_each_chat_reads_which_one_the_other_is(anna: Citizen, home: Citizen) -> None:
    anna.registers(name="Anna Muster")

    asked = home.says(code_of(anna))
    assert "This code is from another chat:\n– Terminal\n– Anna Muster\n– with me since" in asked
    home.says("yes")
    assert "The code of this chat was typed in another one:" in anna.mail
    assert "– with me since 10 August 2020" in " ".join(anna.mail.split())
    asked = anna.says("/link")
    assert "was typed in another one:\n– Terminal\n– with me since 10 August 2020" in asked


def test_a_no_in_the_other_chat_is_told(anna: Citizen, home: Citizen) -> None:
    code = code_of(anna)
    home.says(code, "yes")

    assert "stay apart" in anna.says("/link", "no")
    assert "The other chat has said no." in home.mail
    assert "I do not know this code" in home.says(code)


def test_yes_to_having_a_code_is_no_code(home: Citizen) -> None:
    assert "please type it here" in home.says("/link", "yes")


def test_no_leaves_everything_as_it_is(anna: Citizen, home: Citizen) -> None:
    anna.registers()

    assert "stay apart" in home.says(code_of(anna), "no")
    assert "You have no registration" in home.says("/mine")


def test_the_preview_says_what_comes_along(anna: Citizen, home: Citizen) -> None:
    anna.registers()
    anna.says("/idea", "1", "More benches, please", "1", "yes")
    preview = home.says(code_of(anna))

    assert "– 1 registration\n– 1 idea" in preview
    assert "registered twice" not in preview
    assert "For 7 days you can undo this in each of the two: /link." in " ".join(preview.split())


def test_the_preview_says_which_registration_ends(anna: Citizen, home: Citizen) -> None:
    anna.registers()
    home.registers(companions=["Cem Beispiel"])
    preview = " ".join(home.says(code_of(anna)).split())

    assert "you are registered twice" in preview
    assert "You keep: On site at the DIEZE, seat for 1 person, arrival number 1." in preview
    assert "I give back: On site at the DIEZE, seat for 2 people, arrival number 2." in preview
    assert "Whoever comes along there is then not registered any more." in preview
    home.says("yes")
    agrees(anna)
    assert "arrival number 1" in home.says("/mine", "1")


def test_whoever_sits_and_waits_for_the_same_place_keeps_the_seat(
    town: Town, anna: Citizen, home: Citizen
) -> None:
    town.announce(as_published().replace("capacity = 12 ", "capacity = 1 "))
    anna.registers()
    home.registers()
    preview = " ".join(anna.says(code_of(home)).split())

    assert "I give back: On site at the DIEZE, waiting list, 1 person" in preview


def test_a_withdrawal_counts_in_both_chats_and_costs_the_seat(
    town: Town, anna: Citizen, home: Citizen
) -> None:
    anna.registers()
    anna.says(*WITHDRAW)
    home.registers()
    preview = " ".join(home.says(code_of(anna)).split())

    assert "withdrawn this: Consent to the broadcast. So it is withdrawn in both." in preview
    assert "Without it I give back: On site at the DIEZE, seat for 1 person" in preview
    home.says("yes")
    agrees(anna)
    assert "given back" in home.says("/mine")
    assert town.citizen("bert").says("/register auftakt").count("12 seats free") == 1


def test_the_preview_is_shown_again_when_something_has_changed(
    anna: Citizen, home: Citizen
) -> None:
    code = code_of(anna)
    home.says(code)
    anna.registers()
    answer = home.says("yes")

    assert "This question has changed. Please read it again." in answer
    assert "– 1 registration" in answer
    assert "please say yes in your other chat" in home.says("yes")


def test_what_has_changed_in_the_very_moment_is_shown_again(
    anna: Citizen, home: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(tx: Transaction, command: JoinChats, person: PersonId) -> list[EventId]:
        tx.execute(text("update ideas set state = 'withdrawn'"))
        return touched(tx, command, person)

    touched = links.touched
    monkeypatch.setattr(links, "touched", meanwhile)
    anna.says("/idea", "1", "More benches, please", "1", "yes")
    anna.says(code_of(home), "yes")
    assert "1 idea" in home.says("/link")
    answer = home.says("yes")

    assert "Something has changed in the meantime" in answer
    assert "Shall I join this chat" in answer
    assert "1 idea" not in answer
    assert "your two chats are joined" in home.says("yes")


def test_a_role_is_passed_on_by_no_code(town: Town, anna: Citizen, home: Citizen) -> None:
    role(town, anna, Role.MODERATOR)

    for here, there in ((anna, home), (home, anna)):
        answer = here.says(code_of(there))
        assert "One of the two chats has rights of the team of the city" in answer
        here.says("/cancel")
    assert "/ideas" not in home.says("/help")


def test_a_registration_that_is_going_on_is_taken_up_again(anna: Citizen, home: Citizen) -> None:
    home.registers(until="name")
    assert "What is your name?" in home.says(code_of(anna), "yes")
    anna.registers(until="name")
    answer = agrees(anna)

    assert "joined" in answer
    assert "What is your name?" in answer


def test_somebody_who_has_not_read_the_preview_has_not_agreed(
    town: Town, anna: Citizen, home: Citizen
) -> None:
    code = code_of(anna)
    early = town.incoming(home, Typed("yes"))
    town.passes(timedelta(seconds=5))
    home.says(code)

    letters = town.take(early)
    assert "before you could read this question" in letters[0].payload["text"]


def test_the_other_chat_is_told_and_may_object(anna: Citizen, home: Citizen) -> None:
    code = code_of(anna)
    home.says(code, "yes")
    agrees(anna)

    assert "This chat is joined with another one of yours now." in home.mail
    assert "Was that not you? Then please call" in home.mail


def test_forget_me_forgets_both_chats(town: Town, anna: Citizen, home: Citizen) -> None:
    anna.registers()
    home.says(code_of(anna), "yes")
    agrees(anna)
    preview = home.says("/privacy", "forget")
    assert "the addresses of all your chats" in preview
    home.says("yes, forget me")

    assert "<b>Everything about you is erased.</b>" in anna.town.letters[-1].payload["text"]
    assert [each.payload["language"] for each in town.letters if each.chat == "anna"][-1] == "en"
    assert home.mail.count("Everything about you is erased") == 0
    assert "You have no registration" in anna.says("/mine")
    assert "12 seats free" in town.citizen("bert").says("/register auftakt")


def test_a_link_that_somebody_sent_makes_nobody_a_member_of_staff(
    town: Town, anna: Citizen
) -> None:
    with town.database.transaction() as tx:
        invitation = people.invite(tx, Role.ADMIN, town.now)

    assert "Which code were you given?" in anna.says(f"/start staff-{invitation}")
    assert "Welcome to the team!" in anna.says(invitation)


def test_a_link_that_somebody_sent_joins_nothing(anna: Citizen, home: Citizen) -> None:
    code = code_of(anna)

    assert "type it here" in home.says(f"/start {code}")
    assert "Shall I join" not in home.says("yes")
