"""Answering a registration by its questions, so that one more of them breaks no test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.messages import Content, Tapped, Typed
from bot.dialogue.state import Frame

MOST_QUESTIONS = 60
"""More than any registration asks."""

BRIEFLY: Mapping[str, str] = {
    "event": "auftakt",
    "place": "1",
    "consent": "yes",
    "name": "Anna Beispiel",
    "organisation": "skip",
    "contact": "here",
    "needs": "skip",
    "few": "together",
    "sure": "yes",
}
"""What somebody answers who comes alone and wants to be done."""


@dataclass
class Registering:
    """What somebody wants: answers by the key of the question, or by its first part.

    `companions` are named one after the other, `children` those of them who are under 16. An
    answer is the id of an option, or words; `consent_needs` answers "consent.needs".
    """

    companions: Iterable[str] = ()
    children: Iterable[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._coming = iter([*self.companions, *self.children])
        self._last = ""

    def answer(self, frame: Frame) -> Content:
        """Answer the question that is open."""
        key = frame.pending or ""
        words = self._words(key)
        for option in frame.shown:
            if option == words or option.startswith(f"{words}."):
                return Tapped(f"{frame.run}:{key}:{option}")
        return Typed(words)

    def _words(self, key: str) -> str:
        first = key.partition(".")[0]
        for known in (self.answers, BRIEFLY):
            for name in (key.replace(".", "_"), first):
                if name in known:
                    return known[name]
        if first == "companion":
            return self._about_companions(key)
        message = f"nobody said what to answer to {key!r}"
        raise LookupError(message)

    def _about_companions(self, key: str) -> str:
        if key.endswith(".name"):
            self._last = next(self._coming, "skip")
            return self._last
        is_child = self._last in [*self.children]
        return "no" if key.endswith(".child") and not is_child else "yes"
