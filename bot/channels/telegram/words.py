"""The words of a message: with the addresses behind links, without a mention of the bot.

Source: https://core.telegram.org/bots/api#messageentity
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any


def words(text: str, entities: Any, username: str) -> str:  # noqa: ANN401 (JSON)
    """Give what somebody has written to the bot, as if it had been typed in full."""
    return _addressed_to_nobody(_with_addresses(text, entities), username)


def _with_addresses(text: str, entities: Any) -> str:  # noqa: ANN401 (JSON)
    """Write the address behind the words that hide it; Telegram counts in UTF-16 units."""
    links = sorted(_links(entities), reverse=True)
    if not links:
        return text
    units = text.encode("utf-16-le")
    for end, url in links:
        units = units[: 2 * end] + f" ({url})".encode("utf-16-le") + units[2 * end :]
    return units.decode("utf-16-le", "replace")


def _links(entities: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 (JSON)
    for each in entities if isinstance(entities, Sequence) else ():
        match each:
            case {"type": "text_link", "offset": int(offset), "length": int(length), "url": str(u)}:
                yield offset + length, u
            case _:
                pass


def _addressed_to_nobody(text: str, username: str) -> str:
    """Leave out a mention of the bot before or behind an answer: nobody else is in this chat."""
    if not username or "@" not in text:
        return text
    mention = rf"@{re.escape(username)}\b"
    left = re.sub(rf"^\s*{mention}[\s:,]*|[\s,]*{mention}\s*$", "", text, flags=re.IGNORECASE)
    return left or text
