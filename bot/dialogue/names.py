"""Names of people and organisations: what looks like an answer to something else is no name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.questions import NO_WORDS, YES, Refusal, Text, meant_by
from bot.dialogue.writing import folded, one_line
from bot.i18n import _

_LEAD = re.compile(
    r"^(ich heiße|ich heisse|mein name ist|ich bin|my name is|i am|i’m|i'm|it is|it’s)\s+",
    re.IGNORECASE,
)
"""What people put before their name; the name alone is kept."""

_SPEAKER = {"ich", "i"}
_SENTENCE = _SPEAKER | {"wir", "mit", "mein", "meine", "we", "with", "my", "weiß", "weiss", "don't"}
"""Words with which sentences begin, but no names of people; clubs are called "Wir für ..."."""


@dataclass(frozen=True, kw_only=True)
class Name(Text):
    """The name of a person, or of an organisation, which may have digits and odd beginnings."""

    of_organisation: bool = False

    def words(self, text: str) -> str | Refusal:
        """Take a name; a bare yes or no, a number and a question are none."""
        name = _LEAD.sub("", one_line(text))
        said = folded(name)
        digits = not self.of_organisation and any(map(str.isdigit, name))
        first = said.partition(" ")[0]
        sentence = first in (_SPEAKER if self.of_organisation else _SENTENCE)
        bare = said in meant_by(YES) or said in meant_by(NO_WORDS)
        if digits or sentence or bare or "?" in name or "@" in name:
            return Refusal(
                _("That does not look like a name. Please type the name alone, such as Kim Meyer.")
            )
        return super().words(name)
