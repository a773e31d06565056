"""Lists that may be long, one page after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.i18n import Renderable, _

T = TypeVar("T")

PAGE = 8
"""So many fit on the screen of a phone."""

OLDER = "older"


def from_pages(talk: Talk, key: str, prompt: Renderable, options: Sequence[Option[T]]) -> T:
    """Let somebody choose from a list of which each page shows a part; none is left out."""
    page = 1
    while True:
        rest = options[(page - 1) * PAGE :]
        shown: list[Option[Any]] = [*rest[:PAGE]]
        if len(rest) > PAGE:
            shown.append(Option(OLDER, _("Show older ones"), None, also=_("older, more, next")))
        question: OneOf[Any] = OneOf(prompt=prompt, of=tuple(shown), behind=tuple(options))
        chosen: T | None = talk.ask(f"{key}.{page}", question)
        if chosen is not None:
            return chosen
        page += 1
