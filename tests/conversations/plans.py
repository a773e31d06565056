"""Plans: what somebody wants in the end, and the answer to every question that may come up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from sqlalchemy import text

from bot.store.database import Transaction

YES_OR_NO = st.sampled_from(["yes", "no"])
NAMES = st.sampled_from(["Anna Beispiel", "Cem <b>Ö</b>", "Mia O'Neill & Co", "شيرين", "李 小龍"])
ONE_NAME = NAMES.filter(lambda name: "&" not in name)
"""Names of those who come, of whom "&" makes two."""

NOT_GIVEN = "skip"


@dataclass(frozen=True)
class Plan:
    """The flow, and what is answered to which question: words, or the id of an option."""

    flow: str
    begin: str
    answers: Mapping[str, str] = field(default_factory=dict)


@st.composite
def registrations(draw: DrawFn) -> Plan:
    """Plan a registration, on site or online, alone or with others."""
    event = draw(st.sampled_from(["auftakt", "videokonferenz"]))
    place = "saal" if event == "auftakt" else "zoom"
    answers = {
        "event": event,
        "place": place,
        "consent.saal.broadcast": "yes",
        "name": draw(ONE_NAME),
        "organisation": draw(st.sampled_from([NOT_GIVEN, "Schachfreunde", "A & B <GmbH>"])),
        "contact": draw(st.sampled_from(["here", "02305 106-2101", "anna@example.org"])),
        "needs": draw(st.sampled_from([NOT_GIVEN, "a ramp"])),
        "consent.needs": draw(YES_OR_NO),
        "sure": "yes",
    }
    party = draw(st.integers(0, 2))
    for number in range(1, 6):
        name = draw(ONE_NAME) if number <= party else NOT_GIVEN
        child = draw(YES_OR_NO)
        answers[f"companion.{number}.name"] = name
        answers[f"companion.{number}.child"] = child
        answers[f"companion.{number}.guardian.broadcast"] = "yes"
    return Plan("register", "/register", answers)


@st.composite
def ideas(draw: DrawFn) -> Plan:
    """Plan to hand in an idea or an experience."""
    answers = {
        "kind": draw(st.sampled_from(["idea", "experience"])),
        "text": draw(st.sampled_from(["More benches, please", "<i>Bäume</i> & Wi-Fi\n\nfor all"])),
        "pillar": draw(st.sampled_from(["city", "administration"])),
        "picture": NOT_GIVEN,
        "name": draw(st.one_of(st.just(NOT_GIVEN), NAMES)),
        "organisation": draw(st.sampled_from([NOT_GIVEN, "Schachfreunde"])),
        "sure": "yes",
    }
    return Plan("idea", "/idea", answers)


PLANS: SearchStrategy[Plan] = st.one_of(registrations(), ideas())

OTHERWISE: dict[str, str] = {
    "event": "videokonferenz",
    "consent.saal.broadcast": "no",
    "name": "Somebody Else",
    "organisation": "Another Club",
    "contact": "else@example.org",
    "needs": "something else",
    "consent.needs": "no",
    "kind": "experience",
    "text": "Something completely different",
    "pillar": "administration",
}
"""What is answered by mistake, to be corrected later; other questions are answered as planned."""


def otherwise(key: str) -> str | None:
    """Give a wrong answer to a question, if there is one that does not end the conversation."""
    return "Somebody Else" if key.endswith(".name") else OTHERWISE.get(key)


_OWN: dict[str, str] = {
    "registrations": (
        "select event_id, place_id, state, party_size, channel, name, contact_kind, contact, "
        "organisation, needs, sequence from registrations where person_id = :person"
    ),
    "companions": (
        "select companions.rank, companions.name, child, consent, code_hash is null "
        "from companions join registrations on registrations.id = registration_id "
        "where person_id = :person order by companions.rank"
    ),
    "consents": (
        "select consents.slug, version, companion.rank, consents.state, event_id from consents "
        "left join companions companion on companion.id = companion_id "
        "where person_id = :person order by 1, 3"
    ),
    "ideas": (
        "select event_id, origin, kind, pillar, text, name, organisation, picture_id, state "
        "from ideas where person_id = :person"
    ),
    "audit": "select what, details from audit where person_id = :person order by id",
}
_PERSON = text("select person_id from identities where address = :who")


def outcome(tx: Transaction, who: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read all that somebody's conversations have written, without ids and times."""
    person = tx.execute(_PERSON, {"who": who}).scalar_one()
    return {
        table: [tuple(map(str, row)) for row in tx.execute(text(query), {"person": person})]
        for table, query in _OWN.items()
    }
