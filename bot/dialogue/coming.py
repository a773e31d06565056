"""The question who comes along: names, a number of people, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.dialogue import people_words
from bot.dialogue.denials import is_denial
from bot.dialogue.messages import Content, Typed
from bot.dialogue.names import Name
from bot.dialogue.parties import Mention, Mentions, Unclear, mentions
from bot.dialogue.questions import YES, Chosen, Option, Question, Refusal, Stored, meant_by
from bot.dialogue.writing import folded
from bot.i18n import Phrase, Renderable, _, listed

SKIP, ALONE = "skip", "alone"


@dataclass(frozen=True, kw_only=True)
class Coming(Question[Mentions | None]):
    """Ask who comes along; nobody is (), and None that nobody at all does.

    `own` is the name of whoever answers, who does not come along with themselves. `room` is how
    many more may come; `too_many` says what larger groups can do. `alone` is offered besides where
    others have been named already. In a summary nobody is named `none_label`.
    """

    own: str
    max_length: int
    room: int
    too_many: Renderable
    skip: Renderable
    alone: Renderable | None = None
    none_label: Renderable | None = None
    nothing: Renderable = _("nobody")

    def options(self) -> Sequence[Option[Any]]:
        """Offer that nobody comes."""
        return self._options

    @cached_property
    def _options(self) -> Sequence[Option[Any]]:
        skip = Option(SKIP, self.skip, value=(), also=_("skip, no, none, nobody, nobody else"))
        if self.alone is None:
            return (skip,)
        return (skip, Option(ALONE, self.alone, value=None, also=_("alone, just me")))

    def labelled(self, value: Mentions | None) -> Renderable | None:
        """Name those who come, or that nobody does."""
        return self.label if value else self.none_label

    def takes_words(self) -> bool:
        """Take names."""
        return True

    def counts(self) -> bool:
        """Take a number for so many people."""
        return True

    def parse(self, answer: Content | Chosen) -> Mentions | Refusal | None:
        """Read a no in any words; a yes leaves open who comes."""
        if not isinstance(answer, Typed):
            return super().parse(answer)
        if is_denial(answer.text) or answer.text.strip() == "0":
            return ()
        if folded(answer.text) in meant_by(YES):
            return Refusal(_HOW_MANY)
        return self.words(answer.text)

    def words(self, text: str) -> Mentions | Refusal:
        """Read names and numbers of people."""
        match mentions(text):
            case Unclear.HOW_MANY:
                return Refusal(_HOW_MANY)
            case Unclear.ONE_OR_TWO:
                return Refusal(_ONE_OR_TWO)
            case None:
                return Refusal(_HOW_MANY)
            case tuple(found):
                others = [each for each in found if not self._is_oneself(each)]
                return self._checked(others if len(found) > 1 else found)

    def insisted(self, text: str) -> Mentions | Refusal:
        """Take for one name whatever somebody says again."""
        name = self._name.insisted(text)
        return name if isinstance(name, Refusal) else (Mention(name),)

    def insisting(self) -> Renderable:
        """Let people say that it is a name."""
        return self._name.insisting()

    def dump(self, value: Mentions | None) -> Stored:
        """Store one name as such, and nobody as nothing."""
        if value is None:
            return ALONE_STORED
        if not value:
            return None
        if len(value) == 1 and value[0].name and value[0] == Mention(value[0].name):
            return value[0].name
        return [[each.name, each.called, each.age] for each in value]

    def load(self, stored: Stored) -> Mentions | Refusal | None:
        """Take a name up again; it may come from an earlier release."""
        if stored is None:
            return ()
        if stored == ALONE_STORED:
            return None
        if isinstance(stored, str):
            name = self._name.load(stored)
            return name if isinstance(name, Refusal) else (Mention(name),)
        return tuple(Mention(*each) for each in stored)

    def shown(self, value: Mentions | None) -> Renderable:
        """Name them."""
        return listed(each.name or each.called for each in value) if value else self.nothing

    def _is_oneself(self, mention: Mention) -> bool:
        return bool(mention.name) and folded(mention.name) == folded(self.own)

    def _checked(self, found: Sequence[Mention]) -> Mentions | Refusal:
        if len(found) > self.room:
            return Refusal(self.too_many)
        checked = []
        for mention in found:
            name = self._name.words(mention.name) if mention.name else ""
            if people_words.COURTESIES.issuperset(folded(mention.name).split()) and mention.name:
                return Refusal(_HOW_MANY)
            if isinstance(name, Refusal):
                return name
            checked.append(replace(mention, name=name))
        return tuple(checked)

    @cached_property
    def _name(self) -> Name:
        return Name(prompt="", max_length=self.max_length)


ALONE_STORED = {"alone": True}

_HOW_MANY: Phrase = _("Gladly. Who are they? Please type their names, or how many they are.")

_ONE_OR_TWO = _(
    "Is that one person, or are they two? Please type one person as “Kim Meyer”, and put an "
    "“and” between two."
)
