"""The numbers of ideas as people type them: "CR-2026-0001", "cr 2026 1", "2026-0001", "CR 1"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue.writing import folded
from bot.domain.ideas import Idea

_REFERENCE = re.compile(
    r"(?:(?P<prefix>[^\W\d_]{1,10})[\s-]*)?(?:(?P<year>20\d\d)[\s/-]+)?0*(?P<number>\d{1,6})"
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


@dataclass(frozen=True)
class Unknown:
    """A whole number of an idea, but of none that this person has handed in."""


def named(text: str, ideas: Callable[[], Sequence[Idea]]) -> Idea | Unknown | None:
    """Find the one idea of a person that a text names; None if it names none, or not only one.

    `ideas` are read only if the text looks like a number. A prefix or a year has to be there:
    a plain number is an answer.
    """
    found = _REFERENCE.fullmatch(folded(_DASHES.sub("-", text)).strip("#. "))
    if found is None or not (found["prefix"] or found["year"]):
        return None
    own = [idea for idea in ideas() if _is(idea, found)]
    if len(own) == 1:
        return own[0]
    return Unknown() if found["prefix"] and found["year"] and not own else None


def _is(idea: Idea, found: re.Match[str]) -> bool:
    prefix, year, number = idea.reference.rsplit("-", 2)
    return (
        int(number) == int(found["number"])
        and found["year"] in {None, year}
        and found["prefix"] in {None, folded(prefix)}
    )
