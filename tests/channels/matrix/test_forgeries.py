"""Who is in a room is what its homeserver says, whatever somebody encrypts."""

from __future__ import annotations

import pytest

from tests.channels.matrix.serving import Place, answers, overlooks_own, said
from tests.channels.matrix.test_undecrypted import sends_encrypted

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]


def test_nobody_can_pretend_to_have_left_a_group(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, eve = place.meets("anna"), place.meets("eve")
    council = place.people.group("Stadtrat", [anna, eve])
    council.adds_bot()
    council.waits_for("Please write to me in a private chat")
    overlooks_own(eve, monkeypatch)
    eve._rooms.append(council.room_id)  # noqa: SLF001 (she writes there)
    eve.types("Hello!")
    gone = {"membership": "leave"}
    sends_encrypted(place, eve, {"type": "m.room.member", "state_key": eve.id, "content": gone})
    council.types(anna, "!mine")

    assert answers(anna) == []
    assert len(said(council)) == 1
