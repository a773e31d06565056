"""A no in one's own words: "nobody else", "gar nichts", "das wars". It is never a name or a need.

Only words that add nothing may stand beside it, so that "Nina Keiner" stays a name and "no stairs,
please" stays a need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from bot.dialogue.messages import Content, Typed
from bot.dialogue.questions import Chosen, Optional, Question, Refusal
from bot.dialogue.writing import folded
from bot.i18n import Renderable

T = TypeVar("T")

_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"[’'`´]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DENYING = _set(
    # German
    "nein nö nee ne nicht nichts nix kein keine keinen keiner keinerlei keins keines niemand "
    "niemanden niemandem allein alleine alleinig solo ohne null fertig "
    # English
    "no nope nah not dont none nobody noone nothing alone myself without zero done finished "
    "skip 0"
)
_ENDING = _set(
    "wars alle alles schluss ende genug reicht all thats everything everybody everyone enough it"
)
"""Words that say that nothing follows: "das wars", "that's all". They need a second word."""

_ONLY = _set("nur bloß bloss lediglich just only")
_ME = _set("ich mich mir selbst selber me i myself")

_ADDING_NOTHING = _set(
    # German
    "danke bitte vielen dank gar ganz mehr weiter weitere weiteren weiterer weiteres sonst noch "
    "andere anderen anderer begleitung begleitungen begleiter begleitperson begleitpersonen "
    "begleite person personen leute gäste gast menschen kinder partner partnerin hilfe "
    "unterstützung bedarf bedürfnisse besondere besonderen besonderer besonderes spezielles "
    "spezielle wünsche anforderungen ansprüche barrierefreiheit ich wir komme kommen kommt komm "
    "habe hab brauche brauch brauchen benötige benötigen möchte will nehme bringe dabei mit für "
    "es das dies dieses ist sind war wären wäre so dann jetzt hier auch einfach da von aus der "
    "die den eine einen einer ja nein gut okay ok passt bin bei im moment derzeit aktuell etwas "
    # English
    "thanks thank you please else other others another more further one any anyone anybody "
    "anything companion companions company guest guests people persons partner kids children "
    "help "
    "needs need special specific particular requirements required support assistance am is are "
    "was im its that this dont do we with for and by of the a an my me coming come comes going "
    "bring bringing have having needed now here so fine there theres in at moment "
    "really"
)


def is_denial(text: str) -> bool:
    """Tell whether somebody says no, or that this was all, and nothing besides.

    A bare 0 says no only to a question that counts people.
    """
    words = _WORD.findall(folded(_APOSTROPHE.sub("", text)))
    said = set(words)
    if words == ["0"] or not said <= _DENYING | _ENDING | _ONLY | _ME | _ADDING_NOTHING:
        return False
    only_me = bool(said & _ONLY and said & _ME)
    return bool(said & _DENYING) or only_me or (len(words) > 1 and bool(said & _ENDING))


@dataclass(frozen=True, kw_only=True)
class Declinable(Optional[T]):
    """A question that one may skip, with a no in any words."""

    def parse(self, answer: Content | Chosen) -> T | Refusal | None:
        """Skip it, or read the answer to the question inside."""
        if isinstance(answer, Typed) and is_denial(answer.text):
            return None
        return super().parse(answer)


def declinable(question: Question[T], **texts: Renderable) -> Declinable[T]:
    """Make a question optional, where a refusal must never be taken for an answer."""
    return Declinable(prompt=question.prompt, label=question.label, question=question, **texts)
