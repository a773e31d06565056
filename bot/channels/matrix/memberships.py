"""Who is in a room, and who may come, is seen whatever else somebody writes about themselves.

nio overlooks who has redacted the event of their joining, which everybody may do, and whose name
is none: then it takes a room for private in which somebody else reads along.

https://github.com/matrix-nio/matrix-nio (Event.parse_event, Schemas.room_membership)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SERVICES = "io.element.functional_members"
"""Where a room names those in it who are no people: bridges and their like (MSC4171)."""

_DECISIVE = ("m.room.member", "m.room.join_rules", "m.room.history_visibility")


def bare(answer: Mapping[str, Any]) -> None:
    """Take out of the answer to a sync what could hide from nio who is where."""
    for event in _events((answer.get("rooms") or {}).get("join") or {}):
        if "state_key" not in event or event.get("type") not in _DECISIVE:
            continue
        unsigned = event.get("unsigned") or {}
        unsigned.pop("redacted_because", None)
        if event["type"] == "m.room.member":
            event.pop("prev_content", None)
            _keep_membership(event, "content")
            _keep_membership(unsigned, "prev_content")


def services(answer: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Name, room by room, whom the answer to a sync calls no person."""
    for room_id, room in ((answer.get("rooms") or {}).get("join") or {}).items():
        for event in _events({room_id: room}):
            if event.get("type") == SERVICES and event.get("state_key") == "":
                content = event.get("content")
                named = content.get("service_members") if isinstance(content, dict) else None
                every = named if isinstance(named, list) else []
                yield room_id, {each for each in every if isinstance(each, str)}


def _events(rooms: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for room in rooms.values():
        for part in ("state", "timeline"):
            yield from (room.get(part) or {}).get("events", ())


def _keep_membership(event: dict[str, Any], part: str) -> None:
    """Leave out names and pictures, and whatever else there may be."""
    if isinstance(event.get(part), dict):
        event[part] = {key: value for key, value in event[part].items() if key == "membership"}
