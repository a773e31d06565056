"""Messages that point at an earlier one: what stands there is asked of the homeserver."""

from __future__ import annotations

import re
from dataclasses import replace

from nio import Event, MegolmEvent, RedactedEvent, RedactionEvent

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import Refused
from bot.channels.matrix.letters import QUESTION
from bot.dialogue.messages import TakenBack, Typed

_EVENT_ID = re.compile(r"\$[!-~]{1,254}")
"""What may be asked for: a homeserver may have no answer at all to anything else."""

_SAID = ("m.room.message", "m.room.encrypted", "m.sticker")


async def found(client: Client, room_id: str, event_id: str) -> Event | None:
    """Fetch an event; None if there is none that can be read. Raises MatrixError."""
    if not _EVENT_ID.fullmatch(event_id):
        return None
    try:
        event = (await client.room_get_event(room_id, event_id)).event
    except Refused:
        return None
    # One that stays shut is perhaps of an earlier device of the bot.
    return event if isinstance(event, Event) and not isinstance(event, MegolmEvent) else None


async def replied(client: Client, room_id: str, event_id: str, typed: Typed) -> Typed:
    """Add to words what stands in the message to which they reply, if that can be had."""
    event = await found(client, room_id, event_id)
    content = {} if event is None else event.source.get("content") or {}
    body, question = content.get("body"), content.get(QUESTION)
    is_own = event is not None and event.sender == client.user_id
    return replace(
        typed,
        replies_to=body if isinstance(body, str) else "",
        about=question if is_own and isinstance(question, str) else "",
    )


async def taken_back(client: Client, room_id: str, event: RedactionEvent) -> TakenBack | None:
    """Tell whether somebody has taken back a message of their own; signs are no messages."""
    gone = await found(client, room_id, event.redacts)
    if not isinstance(gone, RedactedEvent) or gone.sender != event.sender:
        return None
    return TakenBack() if gone.type in _SAID else None
