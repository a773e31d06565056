"""The service is restarted: nobody is greeted twice, nothing that waited is forgotten."""

from __future__ import annotations

import pytest

from bot.channels.matrix import syncing, undecrypted
from bot.store.database import Database
from tests.channels.matrix.serving import WELCOME, Place, answers, said, walks
from tests.channels.matrix.test_undecrypted import AGAIN, kept
from tests.serving import owed, wait_until

pytestmark = pytest.mark.slow

HELLO = "I take registrations and ideas for the public dialogue of Castrop-Rauxel."


def test_after_a_restart_everything_goes_on(
    place: Place, records: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undecrypted, "PATIENCE_SECONDS", 60.0)
    with place.serves():
        anna, bert = place.meets("anna"), place.meets("bert")
        council = place.people.group("Stadtrat", [anna, bert])
        council.adds_bot()
        council.waits_for(HELLO)
        walks(anna, ("!idea", "What would you like to tell us?"))
        bert.withholds_key("!events")
        carl = place.meets("carl")
        carl.withholds_key("!events")
        wait_until(lambda: kept(records) == 2 and owed(records) == 0)
    anna.types("1")
    council.types(anna, "Hello?")
    bert.hands_over_key()
    monkeypatch.setattr(undecrypted, "PATIENCE_SECONDS", 0.0)  # nobody may be asked needlessly
    monkeypatch.setattr(syncing, "LOOK_SECONDS", 0.001)
    with place.serves():
        anna.waits_for("What is your idea")
        bert.waits_for("Which event")
        carl.waits_for(AGAIN)
        carl.hands_over_key()
        carl.waits_for("Which event")
        wait_until(lambda: kept(records) == 0)

        assert answers(bert) == []
        assert len([text for text in said(council) if HELLO in text]) == 1
        for each in (anna, bert, carl):
            assert len([text for text in said(each) if text.startswith(WELCOME)]) == 1
