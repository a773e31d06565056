"""One seat for two people, and staff who look on."""

from __future__ import annotations

import pytest

from bot.services.examples import as_published
from bot.store.database import Database
from tests.channels.matrix.serving import TO_GIVING_BACK, TO_RECEIPT, TO_THE_LINE, Place, walks
from tests.serving import invitation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]


@pytest.fixture(scope="module")
def events() -> str:
    """Leave one seat in the room."""
    return as_published().replace("capacity = 12 ", "capacity = 1 ")


def test_whoever_waits_moves_up_and_staff_see_it(place: Place, records: Database) -> None:
    anna, bert = place.meets("anna"), place.meets("bert", encrypted=False)
    clara = place.meets("clara")
    walks(anna, *TO_RECEIPT)
    walks(bert, *TO_THE_LINE)
    walks(clara, (invitation(records), "Welcome to the team!"))
    walks(clara, ("!registrations auftakt", "1 of 1 taken, 1 waiting"))
    walks(anna, *TO_GIVING_BACK)
    anna.reacts(anna.last, "1️⃣")
    walks(anna, ("?", "Please choose one of the answers."), ("yes", "Your seat is given back"))
    news = bert.waits_for("Good news: you have a seat!")

    assert news.kind == "m.text"  # clients announce no notices
    assert bert.waits_for(lambda message: message.kind == "m.file").file_name.endswith(".ics")
    walks(clara, ("!registrations auftakt", "1 of 1 taken, 0 waiting"))


def test_commands_of_staff_are_none_for_citizens(place: Place) -> None:
    walks(place.meets("anna"), ("!stats", "I do not know that command."))
