"""Nonsense at every question of the real flows: a kind answer, and nothing lost."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest
from sqlalchemy import text

from bot.dialogue.addresses import leads_somewhere
from bot.dialogue.messages import Content, SharedContact, Tapped, Typed
from bot.dialogue.reviewing import CHANGE
from bot.services.examples import as_published
from bot.services.refusals import OperatorError
from tests.conversations import nonsense
from tests.conversations.walks import (
    FEW,
    IDEA,
    INSTEAD,
    LIVE,
    ONLINE,
    REGISTER,
    Walk,
    Walker,
    standing,
    state,
)
from tests.town import Citizen, Town

APOLOGY = "something went wrong on my side"

IN_OWN_WORDS = {"name", "organisation", "needs", "text"} | {
    f"companion.{number}.name" for number in range(1, 6)
}
LIMITS = {"text": (5, 8000), "needs": (1, 500)}
"""Lengths in characters; everything else in one's own words is a name."""


COUNTED = "companion.*.name"
"""The question that takes a number for so many people; none is nobody."""

WRITING_ON = {"kind", "pillar", "next"}
"""Choices at which people may go on writing their idea; tests/flows/test_ideas.py."""


def takes(key: str, name: str) -> bool:
    """Tell whether a question takes something as its answer."""
    match nonsense.WORDS.get(name):
        case Typed(words):
            if key not in LIMITS and leads_somewhere(words):
                return False  # no name is a link
            least, most = LIMITS.get(key, (1, 80))
            return key in IN_OWN_WORDS and least <= len(words) <= most
        case _:
            return False


def faults(citizen: Citizen, name: str, content: Content) -> list[str]:
    """Send something; say what is wrong with the answer, or with what is remembered."""
    before, frame = state(citizen), standing(citizen)
    key = frame.pending or ""
    writes_on = key in WRITING_ON or (frame.flow, key) == ("idea", "sure")
    if writes_on and name in nonsense.WORDS:
        return []  # what somebody meant by it is asked
    taken = takes(key, name)
    if name == "zero" and fnmatch(key, COUNTED):
        return []
    if taken and frame.before is not None:
        return []  # the answer that is being changed would really be changed
    answer = citizen.sends(content)
    found = []
    if len(answer) < len("All right."):
        found.append("says too little")
    if APOLOGY in answer:
        found.append("apologises")
    if taken:
        if key not in standing(citizen).answers:
            found.append("did not take it")
        citizen.says("/back")
    after = state(citizen)
    if [frame.answers for frame in after.frames] != [frame.answers for frame in before.frames]:
        found.append("changed an answer")
    if standing(citizen).pending != key:
        found.append(f"asks {standing(citizen).pending}")
    return [f"{key}, {name}: {fault}" for fault in found]


SHORT, LONG = (INSTEAD, LIVE), (REGISTER, FEW, ONLINE, IDEA)


@pytest.mark.parametrize(
    "walk",
    [
        *(pytest.param(walk, id=walk.name) for walk in SHORT),
        *(pytest.param(walk, id=walk.name, marks=pytest.mark.slow) for walk in LONG),
    ],
)
def test_nonsense_is_answered_kindly_and_nothing_is_lost(town: Town, walk: Walk) -> None:
    walker = Walker(town, walk)
    anna, bert = walker.citizen, town.citizen("bert")
    bert.says(walk.begin)
    other = standing(bert)

    found: list[str] = []
    for _key in walker.stops():
        sent = {**nonsense.NEVER_AN_ANSWER, **nonsense.WORDS}
        for name, content in (*sent.items(), *nonsense.buttons(standing(anna), other)):
            found += faults(anna, name, content)

    assert found == []


def test_a_picture_where_none_is_asked_for_is_declined(town: Town) -> None:
    walker = Walker(town, REGISTER)

    found = [
        fault
        for _key in walker.stops()
        for fault in faults(walker.citizen, "a picture", nonsense.picture())
    ]
    assert found == []


def test_a_picture_that_comes_at_another_question_of_its_flow_is_kept(town: Town) -> None:
    walker = Walker(town, IDEA)
    stops = walker.stops()
    asked = next(stops)
    answer = walker.citizen.sends(nonsense.picture())

    assert "I have your picture" in answer
    assert standing(walker.citizen).pending == asked
    assert "picture" in standing(walker.citizen).answers


def test_ones_own_number_is_taken_only_where_it_is_asked_for(town: Town) -> None:
    walker = Walker(town, REGISTER)
    own = SharedContact("+4923051062101", own=True)

    found = [
        fault
        for key in walker.stops()
        if key != "contact"
        for fault in faults(walker.citizen, "one's own number", own)
    ]
    assert found == []


def test_two_answers_in_one_burst_answer_two_questions(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="organisation")
    burst = [town.incoming(anna, Typed(words)) for words in ("Schachclub", "anna@example.org")]

    for incoming in burst:
        town.take(incoming)

    answers = standing(anna).answers
    assert answers["organisation"] == "Schachclub"
    assert answers["contact"] == ["email", "anna@example.org"]
    assert standing(anna).pending == "companion.1.name"


def test_two_taps_in_one_burst_are_one_answer(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="organisation")
    anna.taps("Privately")

    assert "I have noted that already: myself" in anna.taps("Privately")
    assert standing(anna).pending == "contact"


@pytest.mark.parametrize(
    "words",
    [
        "<b>Bob</b><script>alert(x)</script> &amp; *x* _y_",
        "[Bob](https://example.org) `x`",
        "{name} %s Bob",
        "\u202eBob\u202c \u200bשלום",
    ],
)
def test_names_and_ideas_are_shown_as_they_were_typed(town: Town, words: str) -> None:
    anna, clara = town.citizen("anna"), town.citizen("clara")
    staff(town, clara)
    one = re.sub(r"[&;/:.]", "", words)  # a list of names would be several people
    anna.registers(name=words, organisation=words, companions=[one], needs=words)
    anna.says("/idea", "1", f"{words} is my idea", "1")
    for line in ("name", "6"):
        anna.says(f"change {line}", words)
        if anna.asked != "sure":  # an odd one is asked about
            anna.says(words)
    anna.says("yes")
    anna.says("/mine", "1", "keep", "/mine", "2", "keep", "/privacy", "2")
    code = anna.mail.partition("companion-")[2][:8]
    town.citizen("cem").says(f"companion-{code}", "no")
    clara.says("/registrations auftakt", "/ideas")

    clean = words.translate(dict.fromkeys(map(ord, "\u202e\u202c\u200b")))
    for letter in town.letters:
        assert "<script" not in str(letter.payload)
        assert "<b>Bob" not in str(letter.payload)
        assert APOLOGY not in letter.payload["text"]
    assert clean in flat(town, "anna")
    assert clean in flat(town, "clara").replace("\u2060", "")  # no link of it for staff
    assert " ".join(re.sub(r"[&;/:.]", "", clean).split()) in flat(town, "cem")


def flat(town: Town, who: str) -> str:
    return " ".join(town.citizen(who).mail.split())


def staff(town: Town, citizen: Citizen) -> None:
    citizen.says("/help")
    with town.database.transaction() as tx:
        tx.execute(
            text(
                "insert into staff select person_id, 'admin', created_at from identities join "
                "persons on persons.id = person_id where address = :who"
            ),
            {"who": citizen.name},
        )


def test_a_long_idea_is_taken_word_for_word(town: Town) -> None:
    anna = town.citizen("anna")
    words = "Ä" * 4096
    anna.says("/idea", "1", words, "1", "yes")

    with town.database.transaction() as tx:
        assert tx.execute(text("select text from ideas")).scalar_one() == words


def test_a_forged_change_of_something_unknown_is_declined(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="sure")
    forged = Tapped(f"{standing(anna).run}:sure:{CHANGE}nonsense")

    assert APOLOGY not in anna.sends(forged)
    assert standing(anna).pending == "sure"


def test_the_longest_names_in_the_event_file_stop_nobody(town: Town) -> None:
    longest = as_published().replace('slug = "saal"', f'slug = "{"s" * 15}"')
    town.announce(longest.replace('slug = "broadcast"', f'slug = "{"b" * 15}"'))
    anna = town.citizen("anna")
    anna.registers()

    assert APOLOGY not in anna.mail
    assert "Your seat is confirmed" in anna.mail


def test_longer_names_are_refused_before_anybody_meets_them(town: Town) -> None:
    with pytest.raises(OperatorError, match="at most 15 characters"):
        town.announce(as_published().replace('slug = "saal"', f'slug = "{"s" * 16}"'))


@pytest.mark.parametrize("name", ["Event-Agentur", "Idea-Lab", "Staff-Meier", "Companion-Hund"])
def test_a_name_with_a_hyphen_is_no_code(town: Town, name: str) -> None:
    anna = town.citizen("anna")
    anna.registers(until="contact", organisation=name)

    assert standing(anna).answers["organisation"] == name


def test_the_final_yes_twice_registers_once(town: Town) -> None:
    anna = town.citizen("anna")
    anna.registers(until="sure")
    anna.taps("Yes, register")

    assert anna.taps("Yes, register") == ""
    with town.database.transaction() as tx:
        assert tx.execute(text("select count(*) from registrations")).scalar_one() == 1
