"""Which option typed words mean: its number, its label, or another word for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.dialogue.questions import YES, Option, Question, folded_words, meant_by
from bot.dialogue.writing import folded
from bot.i18n import LANGUAGES, Phrase, Renderable, render

INSIST = "insist"
"""The id of the option that means: what you doubted is my answer."""


def picked(
    question: Question[Any], text: str, shown: Sequence[str] | None, *, numbered: bool = True
) -> str | None:
    """Find the option that typed words mean, in any language; None if they mean none.

    A number counts where numbers were shown, in the list as it was shown, even if the list has
    changed since; where nothing was shown yet (None), in the list as it is. A label may be cut
    short if only one begins so.
    """
    said = folded(text)
    if not said or (question.is_binding() and "?" in text):  # a question is no yes
        return None
    if numbered and (number := _number(said, question)) is not None:
        ids = [option.id for option in question.options()] if shown is None else shown
        return ids[number - 1] if 0 < number <= len(ids) else None
    beginnings = set()
    for option in question.options():
        for spoken in _spoken(option):
            if spoken == said:
                return option.id
            if len(said) >= _BEGINNING and spoken.startswith(said):
                beginnings.add(option.id)
    if (first := _first_word(question, said)) is not None:
        return first
    # Where words are an answer too, one word may be a name that only begins like a label.
    if len(beginnings) != 1 or (question.takes_words() and " " not in said):
        return None
    return beginnings.pop()


def _first_word(question: Question[Any], said: str) -> str | None:
    """Find the option of which a sentence says the first word: "no, I would not like that".

    A no may be explained. A yes counts only with words that add nothing: "ja, gerne". What else
    stands behind a yes may be a question or a condition, and then it is none.
    """
    first, *rest = re.split(r"[\s,.;]+", said)
    meant = [option for option in question.options() if first in _spoken(option)]
    if len(meant) != 1 or not rest:
        return None
    (option,) = meant
    is_explained = option.id.startswith("no") and not question.takes_words()
    return str(option.id) if is_explained or _FILLERS.issuperset(rest) else None


def confirms(question: Question[Any], text: str, shown: Sequence[str] | None) -> bool:
    """Tell whether words confirm what was doubted: a yes, the button's label or its number."""
    said = folded(text)
    if said in meant_by(YES) or said in _in_every_language(question.insisting()):
        return True
    number = _number(said, question)
    return bool(number and shown and number <= len(shown) and shown[number - 1] == INSIST)


def _number(said: str, question: Question[Any]) -> int | None:
    """Read the number of an answer; spelled out, it counts only where words are no answer."""
    found = _NUMBER.fullmatch(said)
    if found is None:
        return None
    number = found.group("number")
    if number.isdecimal():
        return int(number)
    return None if question.takes_words() else _SPELLED[number]


_SPELLED = {
    word: number
    for number, words in enumerate(
        (
            "eins ein one erste ersten erster erstes first",
            "zwei zwo two zweite zweiten zweiter zweites second",
            "drei three dritte dritten dritter drittes third",
            "vier four vierte vierten vierter viertes fourth",
            "fünf fuenf five fünfte fünften fünfter fünftes fifth",
            "sechs six sechste sechsten sechster sechstes sixth",
            "sieben seven siebte siebten siebter siebtes seventh",
            "acht eight achte achten achter achtes eighth",
            "neun nine neunte neunten neunter neuntes ninth",
            "zehn ten zehnte zehnten zehnter zehntes tenth",
        ),
        1,
    )
    for word in words.split()
}
_NUMBER = re.compile(
    r"(?:(?:ich |i )?(?:nehme|wähle|möchte|will|take|choose) )?(?:die|das|den|der|the)? ?"
    r"(?:nummer|nr\.?|number|no\.?|option|antwort|answer|punkt|möglichkeit|auswahl|choice|knopf)? ?"
    rf"(?P<number>[0-9]{{1,9}}|{'|'.join(_SPELLED)})\.?"
    r"(?: (?:option|antwort|answer|möglichkeit|one|bitte|please))?"
)
"""A number as people type it: "1", "1)", "Nr. 1", "Option 2", "die erste"."""


_FILLERS = frozenset(
    re.split(
        " ",
        "ja gern gerne bitte danke genau natürlich klar ich bin damit einverstanden das stimmt so "
        "ist richtig yes please thanks thank you sure of course i do agree that is right correct",
    )
)
_BEGINNING = 3


def _spoken(option: Option[Any]) -> list[str]:
    """List every word or label that means an option, in every language."""
    labels = _in_every_language(option.label)
    if option.also is None:
        return labels
    return [*labels, *(each for text in _also(option.also) for each in text)]


def _in_every_language(text: Renderable) -> list[str]:
    if isinstance(text, Phrase) and not text.values:  # a text of the program, of nobody in person
        return _folded_phrase(text)
    return [folded(str(render(text, language).striptags())) for language in LANGUAGES]


@lru_cache(maxsize=1024)
def _folded_phrase(phrase: Phrase) -> list[str]:
    return [folded(str(render(phrase, language).striptags())) for language in LANGUAGES]


def _also(words: Renderable) -> list[list[str]]:
    if isinstance(words, Phrase) and not words.values:
        return folded_words(words)
    return [[folded(word) for word in str(render(words, tag)).split(",")] for tag in LANGUAGES]
