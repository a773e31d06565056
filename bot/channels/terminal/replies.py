"""A reply as a person reads it in the terminal: the text, then everything that can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.terminal.markup import Style, coloured, laid_out

_NUMBER = ("1", "36")


def written(payload: dict[str, Any], extras: Sequence[str], style: Style) -> str:
    """Put a reply into lines: its text, `extras` (HTML), and the numbered choices."""
    parts = [laid_out(text, style) for text in (payload["text"], *extras) if text]
    summary = [f"{label}: {answer}" for label, answer, _button in payload.get("summary", ())]
    choices = [label for label, _button in payload.get("choices", ())]
    count = len(summary) + len(choices)
    for group, first in ((summary, 1), (choices, 1 + len(summary))):
        if group:
            parts.append(_numbered(group, first, len(str(count)), style))
    return "\n\n".join(parts) + "\n\n"


def _numbered(labels: Sequence[str], first: int, digits: int, style: Style) -> str:
    return "\n".join(
        laid_out(
            label,
            style,
            first=f"  {coloured(f'{number:>{digits}}', style, *_NUMBER)}  ",
            rest=" " * (digits + 4),
        )
        for number, label in enumerate(labels, first)
    )
