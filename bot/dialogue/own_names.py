"""The name of whoever is asked: one person, who is called neither "Family Meyer" nor "Thanks"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue import people_words
from bot.dialogue.names import Name
from bot.dialogue.parties import mentions
from bot.dialogue.questions import Refusal
from bot.dialogue.writing import folded
from bot.i18n import _


@dataclass(frozen=True, kw_only=True)
class OwnName(Name):
    """One's own name; who else comes is asked for later."""

    def words(self, text: str) -> str | Refusal:
        """Take the name of one person."""
        said = folded(text).split()
        if people_words.COURTESIES.issuperset(said):
            return Refusal(_YOURS)
        if said[:1] and said[0] in people_words.FAMILY:
            return Refusal(_YOURS)
        found = mentions(text)
        names = [each.name for each in found] if isinstance(found, tuple) else []
        if len(names) > 1 and all(map(_PLAIN.fullmatch, names)):
            return Refusal(_YOURS)
        return super().words(text)


_PLAIN = re.compile(r"[^\W\d_][\w .'’-]*")

_YOURS = _(
    "Here I need your own name, first name and surname. Who comes with you, I ask in a moment."
)
