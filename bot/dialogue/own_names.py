"""The name of whoever is asked: one person, who is called neither "Family Meyer" nor "Thanks"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import people_words
from bot.dialogue.names import Name, Oddity, read_name
from bot.dialogue.questions import Refusal
from bot.dialogue.writing import folded
from bot.i18n import _


@dataclass(frozen=True, kw_only=True)
class OwnName(Name):
    """One's own name; who else comes is asked for later."""

    def words(self, text: str) -> str | Refusal:
        """Take the name of one person."""
        is_courteous = people_words.COURTESIES.issuperset(folded(text).split())
        if is_courteous or read_name(text).oddity in _OTHERS:
            return Refusal(_YOURS, is_doubt=True)
        return super().words(text)


_OTHERS = {Oddity.SEVERAL, Oddity.RELATION, Oddity.COUNT}

_YOURS = _(
    "Here I need your own name, first name and surname. Who comes with you, I ask in a moment."
)
