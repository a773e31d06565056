"""Rooms that are private all the same: with a bridge in them, or within a space; and spaces."""

from __future__ import annotations

import pytest

from tests.channels.matrix.serving import WELCOME, Place, answers, said
from tests.matrix import Citizen, rooms
from tests.matrix.clients import good
from tests.matrix.screens import Json

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("service")]


def puts(citizen: Citizen, kind: str, content: Json) -> None:
    """Change the state of the room."""
    changing = citizen.client.nio.room_put_state(citizen.room_id, kind, content)
    good(citizen.client.does(changing))


def joined_by(anna: Citizen, other: Citizen) -> None:
    rooms.invited(anna.client, anna.room_id, other.id)
    other.joins(anna.room_id)


def test_a_bridge_in_the_room_shuts_nobody_out(place: Place, anna: Citizen) -> None:
    bridge = place.meets("bridge", greeted=False)
    puts(anna, "io.element.functional_members", {"service_members": [bridge.id]})
    joined_by(anna, bridge)
    anna.types("!events")

    anna.waits_for("Which event")
    assert not any("private chat" in text for text in said(anna))


@pytest.mark.parametrize("named", [None, ["@somebody:dialog.test"], "everybody", {}])
def test_who_is_not_named_as_a_bridge_is_a_person(
    place: Place, anna: Citizen, named: object
) -> None:
    bert = place.meets("bert", greeted=False)
    puts(anna, "io.element.functional_members", {"service_members": named})
    joined_by(anna, bert)
    anna.types("!events")

    anna.waits_for("Please write to me in a private chat")


def test_a_room_that_the_members_of_a_space_may_enter_is_private_while_nobody_does(
    place: Place, anna: Citizen
) -> None:
    allowed = {"type": "m.room_membership", "room_id": "!space:dialog.test"}
    puts(anna, "m.room.join_rules", {"join_rule": "restricted", "allow": [allowed]})
    anna.types("!events")
    anna.waits_for("Which event")
    assert answers(anna) == []
    joined_by(anna, place.meets("bert", greeted=False))
    anna.types("!events")

    anna.waits_for("Please write to me in a private chat")


def test_a_space_is_not_greeted(place: Place) -> None:
    anna = place.meets("anna", greeted=False)
    created = anna.client.nio.room_create(space=True, invite=[anna.bot])
    space = str(good(anna.client.does(created)).room_id)
    rooms.is_known(anna.client, space)
    berta = place.meets("berta")

    anna.client.records.waits(anna.client.records.version, 1.0)
    assert answers(berta) == []
    heard = anna.client.records.rooms[space].messages.values()
    assert not any(WELCOME in each.text or "private chat" in each.text for each in heard)
