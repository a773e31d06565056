"""Walks through every flow, question by question, for whoever wants to stop on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.dialogue.state import Frame, State
from bot.domain.links import CODE_LASTS
from bot.domain.people import Role
from bot.services import codes, people
from bot.services.examples import as_published
from bot.store import conversations, links
from bot.store import people as store
from tests.town import Citizen, Town

CODE = "CASTRPXL"
"""The code of the companion, and of a chat to join, where something has happened already."""


def quiet(_town: Town) -> None:
    """Let nothing have happened yet."""


def crowded(town: Town) -> None:
    """Leave one seat in the room."""
    town.announce(as_published().replace("capacity = 12 ", "capacity = 2 "))
    town.citizen("clara").registers(name="Clara Beispiel")


def lively(town: Town) -> None:
    """Let the first event run, with Anna in the room."""
    town.citizen("anna").registers(name="Clara Beispiel")
    town.now = datetime(2020, 8, 20, 18, 45, tzinfo=ZoneInfo("Europe/Berlin"))


def busy(town: Town) -> None:
    """Let Anna have a seat with a companion and a need, an idea, and a role; Clara brought Anna.

    Clara has the same role, and a code with which to join her chat.
    """
    anna = town.citizen("anna")
    anna.registers(name="Clara Beispiel", companions=["Cem Beispiel"], needs="a ramp")
    anna.says("/idea", "1", "More benches, please", "1", "yes")
    town.citizen("clara").registers(name="Clara Beispiel", companions=["Anna"])
    with town.database.transaction() as tx:
        invitation = people.invite(tx, Role.ADMIN, town.now)
        tx.execute(
            text("update companions set code_hash = :code where name = 'Anna'"),
            {"code": codes.digest(CODE)},
        )
        key = ("terminal", "clara")
        clara = conversations.lock(tx, [key], town.now)[key].person
        links.keep(tx, clara, codes.digest(CODE), town.now + CODE_LASTS)
        store.appoint(tx, clara, Role.ADMIN, town.now)
    anna.says(f"staff-{invitation}")


def invited(town: Town) -> None:
    """Let Clara have brought Anna, who has nothing of her own."""
    town.citizen("clara").registers(name="Clara Beispiel", companions=["Anna Beispiel"])
    with town.database.transaction() as tx:
        tx.execute(text("update companions set code_hash = :code"), {"code": codes.digest(CODE)})


WORLDS: dict[str, Callable[[Town], None]] = {
    world.__name__: world for world in (quiet, crowded, lively, busy, invited)
}


@dataclass(frozen=True)
class Walk:
    """What is typed to begin, and then at each question: its key (a pattern), and the answer."""

    name: str
    begin: str
    answers: tuple[tuple[str, str], ...]
    world: str = "quiet"


@dataclass
class Walker:
    """Somebody on a walk, in a world that was made for it."""

    town: Town
    walk: Walk
    citizen: Citizen = field(init=False)

    def __post_init__(self) -> None:
        WORLDS[self.walk.world](self.town)
        self.citizen = self.town.citizen("anna")

    def stops(self) -> Iterator[str]:
        """Stop at each question, whose key is given; then it is answered."""
        self.citizen.says(self.walk.begin)
        for key, words in self.walk.answers:
            asked = standing(self.citizen).pending or ""
            assert fnmatch(asked, key), f"{self.walk.name} is asked {asked}, and not {key}"
            yield asked
            self.citizen.says(words)


def state(citizen: Citizen) -> State:
    """Look up what the bot remembers of a conversation."""
    key = ("terminal", citizen.name)
    with citizen.town.database.transaction() as tx:
        return State.load(conversations.lock(tx, [key], citizen.town.now)[key].state)


def standing(citizen: Citizen) -> Frame:
    """Look up where somebody stands in the flow that is going on."""
    active = state(citizen).active
    assert active is not None
    return active


REGISTER = Walk(
    "register",
    "/register",
    (
        ("event", "auftakt"),
        ("place", "1"),
        ("consent.saal.broadcast", "yes"),
        ("name", "Anna Beispiel"),
        ("organisation", "Schachfreunde"),
        ("contact", "02305 106-2101"),
        ("companion.1.name", "Cem Beispiel"),
        ("companion.1.*child", "no"),
        ("companion.2.name", "Mia Beispiel"),
        ("companion.2.*child", "yes"),
        ("companion.2.guardian.broadcast", "yes"),
        ("companion.3.name", "nobody"),
        ("needs", "a ramp"),
        ("consent.needs", "yes"),
        ("sure", "change name"),
        ("name", "Anna M. Beispiel"),
        ("sure", "yes"),
    ),
)
INSTEAD = Walk(
    "register-without-consent",
    "/register auftakt",
    (("place", "1"), ("consent.saal.broadcast", "no"), ("instead.saal", "1")),
)
FEW = Walk(
    "register-too-few-seats",
    "/register auftakt",
    (
        *zip(("place", "consent.saal.broadcast"), ("1", "yes"), strict=True),
        ("name", "Anna Beispiel"),
        ("organisation", "1"),
        ("contact", "anna@example.org"),
        ("companion.1.name", "Cem Beispiel"),
        ("companion.1.*child", "no"),
        ("companion.2.name", "nobody"),
        ("needs", "nothing"),
        ("few", "1"),
        ("sure", "yes"),
    ),
    world="crowded",
)
ONLINE = Walk(
    "register-online",
    "Digitalisierung 31.08.",
    (("place", "1"), ("name", "Anna Beispiel"), ("organisation", "1"), ("contact", "here")),
)
IDEA = Walk(
    "idea",
    "/idea",
    (
        ("kind", "experience"),
        ("text", "The appointment took me two minutes."),
        ("pillar", "administration"),
        ("sure", "change name"),
        ("name", "Anna Beispiel"),
        ("sure", "change 6"),
        ("organisation", "Schachfreunde"),
        ("sure", "change 3"),
        ("pillar", "city"),
        ("sure", "yes"),
    ),
)
LIVE = Walk(
    "idea-during-the-event",
    "/idea",
    (
        ("text", "Screens in the park"),
        ("pillar", "And more of them, please"),
        ("aside", "another"),
        ("pillar", "city"),
        ("pillar", "city"),
    ),
    world="lively",
)
OTHERS = (
    Walk("welcome", "/start", (("next", "language"), ("language", "English"))),
    Walk(
        "events",
        "/events",
        (("event", "auftakt"), ("next", "Hand in an idea for it"), ("kind", "idea")),
    ),
    Walk("lost", "Please build more benches here", (("next", "yes"), ("pillar", "drop"))),
    Walk(
        "privacy", "/privacy", (("topic", "forget"), ("ideas", "keep"), ("sure.keep", "no")), "busy"
    ),
    Walk("companion", f"companion-{CODE}", (("consent.broadcast", "yes"),), "invited"),
    Walk("cancel", "/mine", (("target", "1"), ("action", "Give"), ("sure.cancel", "no")), "busy"),
    Walk(
        "without-companion",
        "/mine",
        (("target", "1"), ("action", "Cem Beispiel is not"), ("sure.companion.1", "no")),
        "busy",
    ),
    Walk(
        "withdraw",
        "/mine",
        (("target", "My consents"), ("consents.1", "For you: Consent"), ("instead", "give")),
        "busy",
    ),
    Walk(
        "withdraw-needs",
        "/mine",
        (("target", "My consents"), ("consents.1", "For you: Acc"), ("sure.needs", "yes")),
        "busy",
    ),
    Walk(
        "change-name",
        "/mine",
        (("target", "1"), ("action", "2"), ("what", "1"), ("name", "Anna")),
        "busy",
    ),
    Walk(
        "change-needs",
        "/mine",
        (
            ("target", "1"),
            ("action", "2"),
            ("what", "4"),
            ("needs", "a chair"),
            ("consent.needs", "yes"),
        ),
        "busy",
    ),
    Walk(
        "withdraw-idea", "/mine", (("target", "2"), ("action", "5"), ("sure.idea", "yes")), "busy"
    ),
    Walk("my-idea", "CR-2020-0001", (("action", "1"), ("text", "Fewer benches, please")), "busy"),
    Walk("link", "/link", (("code", f"link-{CODE}"), ("sure", "no")), "busy"),
    Walk("registrations", "/registrations", (("event", "auftakt"),), "busy"),
)
WALKS = (REGISTER, INSTEAD, FEW, ONLINE, IDEA, LIVE, *OTHERS)
