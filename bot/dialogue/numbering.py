"""Where numbers stand beside the choices: only there a typed number is one of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.messages import Reply
from bot.i18n import Language, render

WITHOUT_NUMBERS = frozenset({"telegram"})
"""Networks with buttons, on which numbers stand only if the labels do not fit on these."""

WIDEST = 40
"""Characters of a label that a phone shows on a button; it cuts off longer ones."""


def are_numbered(reply: Reply, channel: str, language: Language) -> bool:
    """Tell whether the reader sees numbers beside the choices of a reply."""
    if channel not in WITHOUT_NUMBERS:
        return True
    labels = (str(render(choice.label, language).striptags()) for choice in reply.choices)
    return not reply.asks_contact and need_numbers(labels)


def need_numbers(labels: Iterable[str]) -> bool:
    """Tell whether the text has to name the choices, because a label is too long for a button."""
    return any(len(label) > WIDEST for label in labels)
