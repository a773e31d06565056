"""Ways into a conversation: codes on posters and in mails, keywords, words behind a command."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.conversations.walks import standing
from tests.town import Town

IDEA = ("1", "Breakout rooms, please", "1", "yes")


@pytest.mark.parametrize("code", ["event-auftakt", "EVENT-auftakt", "/start event-auftakt"])
def test_a_code_opens_its_event(town: Town, code: str) -> None:
    assert "Kick-off: Our city goes digital" in town.citizen("anna").says(code)


@pytest.mark.parametrize(
    "keyword", ["Digitalisierung 31.08.", "digitalisierung 31.08", "  DIGITALISIERUNG  31.08. "]
)
def test_a_keyword_opens_the_registration(town: Town, keyword: str) -> None:
    anna = town.citizen("anna")
    anna.says(keyword)

    assert standing(anna).flow == "register"
    assert standing(anna).answers == {"event": "videokonferenz"}


@pytest.mark.parametrize("begin", ["/start", "/events", "/mine", "/privacy", "/register", "/idea"])
def test_after_help_one_is_where_one_was(town: Town, begin: str) -> None:
    anna = town.citizen("anna")
    anna.says("/idea", *IDEA, begin)
    before = standing(anna)
    anna.says("/help")

    assert standing(anna) == before


def test_a_number_counts_in_the_list_that_was_read(town: Town) -> None:
    anna = town.citizen("anna")
    town.now = datetime(2020, 8, 20, 19, 50, tzinfo=ZoneInfo("Europe/Berlin"))
    anna.says("/events")
    town.passes(timedelta(minutes=20))  # the first event is over now
    anna.says("1")

    assert standing(anna).pending == "event"


def test_a_change_that_is_taken_back_changes_nothing(town: Town) -> None:
    anna = town.citizen("anna")
    anna.says("/idea", *IDEA[:-1])
    before = standing(anna)
    anna.says("change 2", "/back")

    assert standing(anna) == before


@pytest.mark.parametrize("begin", ["idea-videokonferenz", "/idea videokonferenz"])
def test_an_idea_belongs_to_the_event_that_led_to_it(town: Town, begin: str) -> None:
    town.citizen("anna").says(begin, *IDEA)

    with town.database.transaction() as tx:
        slug = "select slug from ideas join events on events.id = event_id"
        assert tx.execute(text(slug)).scalar_one_or_none() == "videokonferenz"
