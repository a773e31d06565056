"""The service on a real homeserver, and ways through the conversations that several tests walk."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.database import Database
from bot.store.tables import conversations, persons
from tests.matrix import Account, Citizen, Neighbourhood
from tests.matrix.views import View
from tests.serving import Serving, matrix_settings, served
from tests.town import HOUSE

WELCOME = "Welcome to the public dialogue"
HELP = "This is what I can do:"

TO_CONSENT = (("!register auftakt", "How would you like to take part?"), ("1", "I do not agree"))
TO_CONTACT = (
    *TO_CONSENT,
    ("yes", "What is your name?"),
    ("Anna Adler", "For whom are you coming?"),
    ("1", "How can we reach you"),
)
TO_SUMMARY = (
    *TO_CONTACT,
    ("here", "Who is coming with you?"),
    ("1", "What do you need"),
    ("1", "Is everything right?"),
)
TO_RECEIPT = (*TO_SUMMARY, ("yes", "Your seat is confirmed."))
TO_THE_LINE = (
    *TO_SUMMARY[:-1],
    ("1", "Wait for a seat"),
    ("1", "Is everything right?"),
    ("yes", "You are on the waiting list, at position 1."),
)
TO_GIVING_BACK = (
    ("!mine", "This is yours."),
    ("1", "Give back my seat"),
    ("give back", "Shall I give back your seat?"),
)
TO_IDEA = (("!idea", "What would you like to tell us?"), ("1", "What is your idea"))
TO_PICTURE = (
    *TO_IDEA,
    ("Breakout rooms, please", "Where does it belong?"),
    ("1", "Is everything right?"),
    ("change picture", "Would you like to add a picture?"),
)


class Place:
    """A town, the account of its bot, and the people who live near it."""

    def __init__(self, people: Neighbourhood, account: Account, original: Path) -> None:
        self.people, self.account, self._original = people, account, original
        self.url = f"sqlite:///{original}"

    def copied(self, directory: Path) -> str:
        """Copy the town as it was founded, for those who need one of their own."""
        name = f"{secrets.token_hex(4)}.sqlite"
        return f"sqlite:///{shutil.copy(self._original, directory / name)}"

    @contextmanager
    def serves(self, url: str | None = None) -> Iterator[Serving]:
        """Run the bot, which speaks English; a failure of the service is raised."""
        settings = matrix_settings(self.people.homeserver, self.account, url or self.url, "en")
        with served(settings, home=replace(HOUSE, language="en")) as service:
            yield service

    def meets(self, name: str, *, greeted: bool = True, encrypted: bool = True) -> Citizen:
        """Meet somebody new; whoever is greeted has a room with the bot, and has read so."""
        citizen = self.people.person(f"{name}-{secrets.token_hex(2)}", "en")
        if greeted:
            citizen.starts(encrypted=encrypted)
            citizen.waits_for(WELCOME)
        return citizen


def walks(citizen: Citizen, *steps: tuple[str, str]) -> None:
    """Type one text after the other, each when the words that the one before led to are there."""
    for text, words in steps:
        citizen.types(text)
        citizen.waits_for(words)


def answers(citizen: Citizen) -> list[str]:
    """Ask for help, and give what was said before that was answered, and not read yet."""
    citizen.types("!help")
    citizen.waits_until(lambda: any(HELP in each.text for each in citizen.unread), what=HELP)
    texts = [each.text for each in citizen.unread]
    citizen.waits_for(HELP)
    return texts[: next(number for number, text in enumerate(texts) if HELP in text)]


def said(view: View) -> list[str]:
    """Give all that the bot has said in a room."""
    return [each.text for each in view.messages if each.from_bot]


def is_unreachable(database: Database, citizen: Citizen) -> bool:
    """Tell whether somebody is noted as out of reach."""
    with database.transaction() as tx:
        joined = persons.join(conversations, conversations.c.person_id == persons.c.id)
        since = select(persons.c.unreachable_since).select_from(joined)
        found = tx.execute(since.where(conversations.c.chat == citizen.id)).scalar_one_or_none()
    return found is not None


def overlooks_own(citizen: Citizen, patch: pytest.MonkeyPatch) -> None:
    """Let a client overlook what it has sent itself and would not understand."""
    take = citizen.records.take

    def others(room_id: str, event: Any) -> None:  # noqa: ANN401 (an event of nio)
        if event.source.get("sender", citizen.id) != citizen.id:
            take(room_id, event)

    patch.setattr(citizen.records, "take", others)
