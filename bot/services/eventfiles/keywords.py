"""Whether the keyword of an event is understood as one when somebody types it."""

from __future__ import annotations

from collections.abc import Collection

from bot.dialogue.picking import picked
from bot.dialogue.questions import yes_or_no
from bot.dialogue.turn import BACK, CANCEL, PLAIN, SIGNS
from bot.dialogue.writing import folded, has_letter
from bot.i18n import _
from bot.services.eventfiles.reading import refuse

EXPECTED = "words that mean nothing else, such as {key} = “Klimadialog”"
_ANSWERS = yes_or_no(_("Yes"))
_LONG_LIST = [str(number) for number in range(1, 100)]


def check(keyword: str, commands: Collection[str]) -> None:
    """Refuse what means something else in a conversation: a command, a number, a yes or a no."""
    word = folded(keyword)
    if keyword.startswith(SIGNS):
        refuse(f"is “{keyword}”, which begins like a command", EXPECTED)
    if not has_letter(word) or picked(_ANSWERS, keyword, _LONG_LIST) is not None:
        refuse(f"is “{keyword}”, which is an answer to a question", EXPECTED)
    if word in BACK | CANCEL | PLAIN | {*commands}:
        refuse(f"is “{keyword}”, which is a command", EXPECTED)
