"""Words of courtesy: they are answered in kind, and taken for nothing else."""

from __future__ import annotations

import re

from bot.dialogue.questions import meant_by
from bot.dialogue.writing import folded
from bot.i18n import Phrase, _

GREETINGS = _("hello, hi, hey, good morning, good day, good evening")
THANKS = _("thanks, thank you, thank you very much, many thanks, thanks a lot, bye, goodbye")

_SMALL = frozenset(
    re.split(
        " ",
        "schön sehr viel vielen lieben besten herzlichen tausend dank danke dir ihnen euch so "
        "much very a lot for everything für alles das the dafür und and thank thanks you gut great "
        "super toll prima perfekt perfect all nice klasse bestens top ok okay ja yes no nein gern",
    )
)
"""Words that add nothing to a thank you."""
_OF_THANKS = frozenset({"danke", "dank", "dankeschön", "merci", "thanks", "thank", "thx"})


def is_greeting(text: str) -> bool:
    """Tell whether somebody only says hello."""
    return folded(text) in meant_by(GREETINGS)


def is_thanks(text: str) -> bool:
    """Tell whether somebody only says thank you, or goodbye."""
    said = folded(text)
    if said in meant_by(THANKS):
        return True
    words = set(re.split(r"[\s.,;/-]+", said)) - {""}
    return (
        bool(words & _OF_THANKS) and words <= _SMALL | _OF_THANKS and bool(words - {"no", "nein"})
    )


def is_courtesy(text: str) -> bool:
    """Tell whether it is nothing but courtesy."""
    return is_greeting(text) or is_thanks(text)


def returned(text: str) -> Phrase:
    """Answer in kind."""
    return _("You are welcome!") if is_thanks(text) else _("Hello!")
