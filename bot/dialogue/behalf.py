"""The question for whom somebody comes: privately, or for an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.dialogue import people_words
from bot.dialogue.denials import is_denial
from bot.dialogue.messages import Content, Typed
from bot.dialogue.names import Name
from bot.dialogue.parties import mentions
from bot.dialogue.questions import YES, Chosen, Option, Question, Refusal, Stored, meant_by
from bot.dialogue.writing import folded
from bot.i18n import Renderable, _

PRIVATELY, ORGANISATION = "skip", "organisation"


@dataclass(frozen=True, kw_only=True)
class OnBehalf(Question[str | None]):
    """Ask for the name of an organisation; None is privately.

    Somebody's husband, or a number of people, is no organisation: they are asked about later.
    """

    max_length: int

    def options(self) -> Sequence[Option[Any]]:
        """Offer both, in this order."""
        return _OPTIONS

    def takes_words(self) -> bool:
        """Take the name right away."""
        return True

    def again(self) -> Renderable | None:
        """Leave the question where it stands, right above."""
        return None

    def parse(self, answer: Content | Chosen) -> str | Refusal | None:
        """Read a no in any words; whoever comes for an organisation is asked for which one."""
        if answer == Chosen(ORGANISATION):
            return Refusal(_WHICH)
        if not isinstance(answer, Typed):
            return super().parse(answer)
        if is_denial(answer.text):
            return None
        if folded(answer.text) in meant_by(YES):
            return Refusal(_WHICH)
        return self.words(answer.text)

    def words(self, text: str) -> str | Refusal:
        """Take a name that is neither people nor a bare word for an organisation."""
        said = {*folded(text).split()}
        if said & people_words.ORGANISATIONS and said <= _BARE:
            return Refusal(_WHICH)
        if _is_about_people(text):
            return Refusal(_PEOPLE, is_doubt=True)
        return self._name.words(text)

    def insisted(self, text: str) -> str | Refusal:
        """Believe whoever says it again."""
        return self._name.insisted(text)

    def insisting(self) -> Renderable:
        """Let people say that it is a name."""
        return self._name.insisting()

    def load(self, stored: Stored) -> str | Refusal | None:
        """Take up a name; it may come from an earlier release."""
        return None if stored is None else self._name.load(stored)

    def shown(self, value: str | None) -> Renderable:
        """Name the organisation."""
        return _("myself") if value is None else value

    @cached_property
    def _name(self) -> Name:
        return Name(prompt="", max_length=self.max_length, of_organisation=True)


def _is_about_people(text: str) -> bool:
    """Tell whether only people are meant: "my husband", "3 persons", "family"."""
    found = mentions(text)
    if isinstance(found, tuple):
        return bool(found) and not any(each.name for each in found)
    said = [word for word in folded(text).split() if word not in people_words.BEFORE]
    return found is not None and not people_words.ORGANISATIONS.intersection(said)


_BARE = people_words.ORGANISATIONS | people_words.BEFORE | {"für", "for", "von", "from"}

_OPTIONS: Sequence[Option[Any]] = (
    Option(
        PRIVATELY,
        _("Privately"),
        None,
        also=_("private, for myself, myself, for me, for us, for my family, no, skip"),
    ),
    Option(ORGANISATION, _("For an organisation"), None, also=_("organisation, organization")),
)

_WHICH = _("Which one? Please type its name.")

_PEOPLE = _(
    "Who comes with you, I ask in a moment. First: are you coming privately, or for an "
    "organisation? Then please type its name."
)
