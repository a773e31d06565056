"""Where a network has cut a long text into several messages, and what belongs together again.

A network's clients cut where a paragraph, a line or a word ends, as late as they can. So the
second piece is known by this: it would not have fit into the message before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.messages import Typed
from bot.dialogue.writing import clean

FULL = 0.9997
"""So much of the longest message two pieces fill at least; an empty line may be dropped between."""

WHOLE = 0.9999
LONG = 0.45
"""What is shorter may be followed by a long text without belonging to it."""

CLOSE_SECONDS = 60.0
"""Pieces are sent at once, but a phone may have to wait for its network."""

SHORT = 0.02
SHORT_SECONDS = 5.0
"""What is short may be the answer to the next question, if there was time to read that."""

LEAST = 20
"""Characters of an answer that can be the first piece of a text; no id of an option is longer."""

_ENDS = (".", "!", "?", ":", ",", ";")


@dataclass(frozen=True, slots=True)
class Cut:
    """A message behind which a text may go on: the answer that it became, if it became one.

    `end` is its last character.
    """

    key: str | None
    fills: float
    sent_at: float
    end: str

    def goes_on_in(self, typed: Typed) -> bool:
        """Tell whether a message is the next piece."""
        seconds = SHORT_SECONDS if typed.fills < SHORT else CLOSE_SECONDS
        is_close = abs(typed.sent_at - self.sent_at) <= seconds
        return typed.fills > 0 and is_close and self.fills + typed.fills >= FULL

    def joined(self, before: str, typed: Typed) -> str:
        """Put the next piece behind what came before it."""
        return f"{before}{self._joint(typed.text[:1])}{clean(typed.text)}"

    def _joint(self, start: str) -> str:
        """Guess what was dropped at the cut: nothing within a word, else a space or a new line."""
        is_within = not (start.isspace() or self.end.isspace())
        is_new = start.isupper() and not self.end.isupper()
        if self.fills >= WHOLE and is_within and self.end not in _ENDS and not is_new:
            return ""
        return "\n" if self.end in _ENDS or "\n" in {self.end, start} else " "


def behind(typed: Typed, key: str | None) -> Cut | None:
    """Note that a text may go on behind a message; None if it was whole for sure."""
    if typed.fills <= 0 or (key is None and typed.fills < LONG):
        return None
    return Cut(key, typed.fills, typed.sent_at, typed.text[-1:])


def became(text: str, stored: object) -> bool:
    """Tell whether an answer is what was typed, perhaps behind a command."""
    if not isinstance(stored, str) or len(stored) < LEAST:
        return False
    return "".join(clean(text).split()).endswith("".join(stored.split()))
