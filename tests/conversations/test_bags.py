"""Bags of answers: conversations that an earlier release left unfinished go on in this one.

`pytest tests/conversations --renew-bags 0.2` writes those of the version under development. The
bags of every release are kept for ever; those of 0.1 that were walked otherwise before lie in
`0.1.0`. If a new release asks a new question first, a bag's
`expects` names it; its `state` never changes.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.state import State
from bot.domain.people import Role
from bot.flows.book import FLOWS
from bot.store import conversations
from tests.conversations.transcripts import FOLDER
from tests.conversations.walks import WALKS, WORLDS, Walk, Walker, standing, state
from tests.town import Citizen, Town

BAGS = FOLDER / "bags"
EVERY = sorted(BAGS.glob("*/*.json"))


def under_development() -> str:
    """Name the version whose bags may still change."""
    return ".".join(version("stadtdialog").split(".")[:2])


def put_back(citizen: Citizen, stored: list[dict[str, Any]]) -> None:
    """Let a conversation stand where it stood."""
    key, now = ("terminal", citizen.name), citizen.town.now
    with citizen.town.database.transaction() as tx:
        conversation = conversations.lock(tx, [key], now)[key]
        conversation.state, conversation.language = stored, "en"
        conversations.save(tx, [conversation], now)


@pytest.mark.parametrize("file", EVERY, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_conversation_of_an_earlier_release_goes_on(town: Town, file: Path) -> None:
    bag = json.loads(file.read_text(encoding="utf-8"))
    WORLDS[bag["world"]](town)
    anna = town.citizen("anna")

    for position in bag["positions"]:
        put_back(anna, position["state"])
        answer = anna.says("/is-anybody-there")

        now = standing(anna)
        assert now.pending == position["expects"]
        kept = position["state"][-1]["answers"]
        assert now.answers | kept == now.answers
        assert answer.startswith("I do not know that command.")
        assert "\n" in answer


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_every_position_of_every_walk_is_in_a_bag(
    town: Town, walk: Walk, pytestconfig: pytest.Config
) -> None:
    positions = collected(Walker(town, walk))
    file = BAGS / under_development() / f"{walk.name}.json"

    if wanted := pytestconfig.getoption("--renew-bags", default=None):
        assert wanted == under_development(), "bags of earlier releases are never written again"
        file.parent.mkdir(parents=True, exist_ok=True)
        bag = {"world": walk.world, "positions": positions}
        file.write_text(json.dumps(bag, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    stored = json.loads(file.read_text(encoding="utf-8"))["positions"]
    assert [each["expects"] for each in stored] == [each["expects"] for each in positions]


def collected(walker: Walker) -> list[dict[str, Any]]:
    """Walk, and write down what the bot remembers at each question; runs are numbered."""
    positions = []
    for key in walker.stops():
        stored = json.dumps(state(walker.citizen).dump())
        for rank, frame in enumerate(state(walker.citizen).frames, 1):
            stored = stored.replace(frame.run, f"{rank:010}")
        positions.append({"expects": key, "state": json.loads(stored)})
    return positions


def test_every_flow_that_asks_something_has_a_bag() -> None:
    bags = [json.loads(file.read_text(encoding="utf-8")) for file in EVERY]
    positions = [position for bag in bags for position in bag["positions"]]
    covered = {State.load(position["state"]).frames[-1].flow for position in positions}

    asking = {flow.name for flow in FLOWS.open_to(Role.ADMIN)} - {
        "help",
        "ideas",
        "statistics",
        "undelivered",
    }
    assert asking | {"lost", "companion"} <= covered
