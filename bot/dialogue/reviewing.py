"""The summary at the end of a flow, in which each answer can be changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.dialogue.questions import YES, Option, Question, Refusal, Stored
from bot.dialogue.writing import folded
from bot.i18n import Renderable, _

WORDS_OF_A_SENTENCE = 4
"""Fewer words at a summary are a yes, or the name of a line."""

CHANGE = "~"
"""The first character of the ids of options that change an answer; its key follows."""


@dataclass(frozen=True, kw_only=True)
class Review(Question[Any]):
    """Show every answer with a label; `answers` holds key, label and answer of each.

    `mark` changes with the facts that the summary shows beside them: a yes to others is none.
    `heard` makes something of a sentence that somebody types instead of a yes.
    """

    answers: tuple[tuple[str, Renderable, Renderable], ...]
    confirm: Renderable
    mark: str = ""
    heard: Callable[[str], object] | None = None

    def summary(self) -> Sequence[tuple[str, Renderable, Renderable]]:
        """Name the lines of the summary; picking one changes it."""
        return tuple((CHANGE + key, label, answer) for key, label, answer in self.answers)

    def options(self) -> Sequence[Option[Any]]:
        """Count the lines first, then the final yes: the order in which they are numbered."""
        return self._options

    @cached_property
    def _options(self) -> Sequence[Option[Any]]:
        changes = (Option(CHANGE + key, label, value=False) for key, label, _answer in self.answers)
        yes = f"yes.{self.mark}" if self.mark else "yes"
        return (*changes, Option(yes, self.confirm, value=True, also=YES))

    def words(self, text: str) -> Any:  # noqa: ANN401 (what a sentence becomes)
        """Take a sentence where one can be of use, and otherwise say what can be done here."""
        if self.heard is not None and len(text.split()) >= WORDS_OF_A_SENTENCE:
            return self.heard(text)
        return Refusal(_("Please check your answers: say yes, or choose the line to change."))

    def is_binding(self) -> bool:
        """Ask for the final yes only after the summary could be read."""
        return True

    def takes_words(self) -> bool:
        """Half a label is enough."""
        return False

    def dump(self, value: Any) -> Stored:  # noqa: ANN401 (yes, or what a sentence has become)
        """Store a sentence as what it is."""
        return value if isinstance(value, bool) else {"said": value.text}

    def load(self, stored: Stored) -> Any:  # noqa: ANN401
        """Take up a yes as a yes, and a sentence as one."""
        if isinstance(stored, dict):
            return self.heard(stored["said"]) if self.heard is not None else False
        return bool(stored)

    def shown(self, value: Any) -> Renderable:  # noqa: ANN401
        """Say yes."""
        return self.confirm if value is True else ""


_CHANGE_WORDS = re.compile(r"^(change|edit|correct|ändere|ändern|aendern|korrigieren)\s+(.+)$")


def without_change_word(text: str) -> str:
    """Reduce "change 2" and "ändern Name" to "2" and "Name"."""
    found = _CHANGE_WORDS.match(folded(text))
    return found.group(2) if found else text
