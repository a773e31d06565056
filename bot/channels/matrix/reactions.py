"""Reactions as answers: 1️⃣ below a message stands for its first choice, where that is harmless.

Reactions travel unencrypted even in encrypted rooms, so the bot looks only at those to messages
that say themselves that it may (`letters.CHOICES`).
"""

from __future__ import annotations

from nio import ReactionEvent

from bot.channels.matrix import references
from bot.channels.matrix.clients import Client
from bot.channels.matrix.letters import ASKS, CHOICES
from bot.dialogue.messages import Tapped, Unsupported

_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_SELECTOR = "\N{VARIATION SELECTOR-16}"


def number(key: str) -> int | None:
    """Read the emoji of a key; clients write it with and without a variation selector."""
    digit = key.replace(_SELECTOR, "").removesuffix(_KEYCAP)
    return int(digit) if len(digit) == 1 and digit in "123456789" else None


async def tapped(
    client: Client, room_id: str, reaction: ReactionEvent
) -> Tapped | Unsupported | None:
    """Find out which choice a reaction stands for; None if it is none of the bot's business.

    Below everything else than a harmless choice, a number is no answer, and the person is told so;
    the same of any sign below a message that asks for a choice.

    Raises MatrixError if the message to which it belongs cannot be fetched.
    """
    event = await references.found(client, room_id, reaction.reacts_to)
    if event is None or event.sender != client.user_id:
        return None
    chosen, content = number(reaction.key), event.source.get("content", {})
    if chosen is None:
        return Unsupported("sign") if content.get(ASKS) else None
    buttons = content.get(CHOICES, [])
    if not buttons:
        return Unsupported("reaction")
    return Tapped(buttons[chosen - 1]) if chosen <= len(buttons) else None
