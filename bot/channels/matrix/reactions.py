"""Reactions as answers: 1️⃣ below a message stands for its first choice, where that is harmless.

Reactions travel unencrypted even in encrypted rooms, so the bot looks only at those to messages
that say themselves that it may (`letters.CHOICES`).
"""

from __future__ import annotations

import re

from nio import Event, MegolmEvent, ReactionEvent

from bot.channels.matrix.clients import Client
from bot.channels.matrix.failures import Refused
from bot.channels.matrix.letters import CHOICES
from bot.dialogue.messages import Tapped, Unsupported

_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_SELECTOR = "\N{VARIATION SELECTOR-16}"
_EVENT_ID = re.compile(r"\$[!-~]{1,254}")
"""What may be asked for: a homeserver may have no answer at all to anything else."""


def number(key: str) -> int | None:
    """Read the emoji of a key; clients write it with and without a variation selector."""
    digit = key.replace(_SELECTOR, "").removesuffix(_KEYCAP)
    return int(digit) if len(digit) == 1 and digit in "123456789" else None


async def tapped(
    client: Client, room_id: str, reaction: ReactionEvent
) -> Tapped | Unsupported | None:
    """Find out which choice a reaction stands for; None if it is none of the bot's business.

    Below everything else than a harmless choice, a number is no answer, and the person is told so.

    Raises MatrixError if the message to which it belongs cannot be fetched.
    """
    chosen = number(reaction.key)
    if chosen is None or not _EVENT_ID.fullmatch(reaction.reacts_to):
        return None
    try:
        response = await client.room_get_event(room_id, reaction.reacts_to)
    except Refused:
        return None
    event = response.event
    if isinstance(event, MegolmEvent) or not isinstance(event, Event):
        return None  # perhaps of an earlier device, or no event at all
    if event.sender != client.user_id:
        return None
    buttons = event.source.get("content", {}).get(CHOICES, [])
    if not buttons:
        return Unsupported("reaction")
    return Tapped(buttons[chosen - 1]) if chosen <= len(buttons) else None
