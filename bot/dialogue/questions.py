"""Questions: each knows how to read an answer, to store it and to take it up again.

`parse` reads an answer once and may refuse it with a reason; `dump` turns it into a value that is
free of language; `load` takes that value up at each replay, and refuses it if it no longer holds.
Questions about consent live in `consenting`, the summary in `reviewing`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Generic, TypeVar

from bot.dialogue.messages import Content, Picture, SharedContact, Typed
from bot.dialogue.writing import clean, folded, has_letter, one_line
from bot.i18n import LANGUAGES, Phrase, Renderable, _, render

T = TypeVar("T")
Stored = Any
"""What JSON can hold."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer cannot be taken, and what to do instead.

    `in_full` has the whole question shown once more, because it is not what was shown before.
    """

    reason: Renderable
    in_full: bool = False


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One of several answers.

    `also` lists more words for it, separated by commas. `answer` is how a summary says it, where
    the label says more than that.
    """

    id: str
    label: Renderable
    value: T
    also: Renderable | None = None
    answer: Renderable | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option that was picked: tapped, or typed as its number or its label."""

    option: str


@dataclass(frozen=True, kw_only=True)
class Question(ABC, Generic[T]):
    """What the bot wants to know; `label` names the answer in a summary (None: not shown)."""

    prompt: Renderable
    label: Renderable | None = None

    def options(self) -> Sequence[Option[Any]]:
        """Name the answers that can be tapped."""
        return ()

    def summary(self) -> Sequence[tuple[str, Renderable, Renderable]]:
        """Name the lines of a summary: option id, label, answer."""
        return ()

    def labelled(self, _value: T) -> Renderable | None:
        """Name an answer in a summary; None: it is not shown."""
        return self.label

    def is_binding(self) -> bool:
        """Tell whether only somebody who has read the question can have answered it."""
        return False

    def again(self) -> Renderable | None:
        """Say what stands below the reason of a refusal; None: the reason is enough."""
        return self.prompt

    def go_on(self) -> Phrase:
        """Say what to do to somebody who wants to answer, but only said yes."""
        return _("Good. Then please type it here.")

    def is_harmless(self) -> bool:
        """Tell whether the answer may travel where others can see it (a reaction in Matrix)."""
        return False

    def is_greeting(self) -> bool:
        """Tell whether a network that has no buttons shall explain here how one answers."""
        return False

    def takes_words(self) -> bool:
        """Tell whether free words are an answer, so that half a label is not taken for it."""
        return type(self).words is not Question.words

    def asks_contact(self) -> bool:
        """Tell whether the network may offer to share one's own number."""
        return False

    def parse(self, answer: Content | Chosen) -> T | Refusal:
        """Read an answer; `Typed` text is clean, and not one of the options."""
        match answer:
            case Chosen(option):
                return self.choose(option)
            case Typed(text):
                return self.words(text)
            case Picture():
                return self.picture(answer)
            case SharedContact():
                return self.contact(answer)
            case _:
                return Refusal(self._please())

    def choose(self, option: str) -> T | Refusal:
        """Take an option that was picked."""
        for candidate in self.options():
            if candidate.id == option:
                value: T = candidate.value
                return value
        return Refusal(_("That choice is no longer there. Please choose again."))

    def words(self, _text: str) -> T | Refusal:
        """Read what was typed."""
        return Refusal(self._please())

    def picture(self, _picture: Picture) -> T | Refusal:
        """Take a picture."""
        return Refusal(self._please())

    def contact(self, _contact: SharedContact) -> T | Refusal:
        """Take a number from the address book."""
        return Refusal(self._please())

    def dump(self, value: T) -> Stored:
        """Turn an answer into a value that JSON can hold and that no language colours."""
        return value

    @abstractmethod
    def load(self, stored: Stored) -> T | Refusal:
        """Take up a stored answer, or refuse it if it no longer holds."""

    @abstractmethod
    def shown(self, value: T) -> Renderable:
        """Say an answer as a summary shows it."""

    def _please(self) -> Phrase:
        if self.options():
            return _("Please choose one of the answers. Its number is enough.")
        return _("I can only read text here. Please answer in words.")


@dataclass(frozen=True, kw_only=True)
class OneOf(Question[T]):
    """A choice between a few answers; `harmless` if none of them says anything about a person.

    `greets` if it is what somebody reads first of all. Answers that stand `behind` are not shown,
    but hold: they were offered before, or somebody is led here who has chosen already.
    """

    of: tuple[Option[T], ...]
    behind: tuple[Option[T], ...] = ()
    harmless: bool = False
    greets: bool = False

    def options(self) -> Sequence[Option[T]]:
        """Name the answers."""
        return self.of

    def is_harmless(self) -> bool:
        """Tell whether the answer may travel where others can see it."""
        return self.harmless

    def is_greeting(self) -> bool:
        """Tell whether this is what somebody reads first of all."""
        return self.greets

    def dump(self, value: T) -> Stored:
        """Store the id of the option."""
        return self._option(value).id

    def load(self, stored: Stored) -> T | Refusal:
        """Find the option again; it may have gone."""
        for option in self.behind:
            if option.id == stored:
                return option.value
        return self.choose(stored)

    def shown(self, value: T) -> Renderable:
        """Say the option as a summary does."""
        option = self._option(value)
        return option.label if option.answer is None else option.answer

    def _option(self, value: T) -> Option[T]:
        return next(option for option in (*self.of, *self.behind) if option.value == value)


def yes_or_no(prompt: Renderable, *, label: Renderable | None = None) -> OneOf[bool]:
    """Ask for a plain yes or no."""
    return OneOf(prompt=prompt, label=label, of=(Option("yes", _("Yes"), value=True, also=YES), NO))


YES = _("yes, y, ok, okay, sure, agreed")
NO_WORDS = _("no, n, none, nope, nobody")
NO = Option("no", _("No"), value=False, also=NO_WORDS)


@dataclass(frozen=True, kw_only=True)
class Text(Question[str]):
    """Something in one's own words; lengths in characters."""

    max_length: int
    min_length: int = 1
    multiline: bool = False

    def words(self, text: str) -> str | Refusal:
        """Take the text if it is one."""
        text = text if self.multiline else one_line(text)
        if not has_letter(text):
            return Refusal(_("I cannot find any words in that. Please write it in letters."))
        if len(text) > self.max_length:
            return Refusal(
                _(
                    "That is {length} characters long; {limit} fit in here. "
                    "Please say it more briefly."
                ).format(length=len(text), limit=self.max_length)
            )
        if len(text) < self.min_length:
            return Refusal(_("That is very short. Please write a little more."))
        return text

    def load(self, stored: Stored) -> str | Refusal:
        """Check it again: it may come from another flow, or the limits have changed."""
        return self.words(str(stored))

    def shown(self, value: str) -> Renderable:
        """Say the text, shortened to one line of a phone."""
        return value if len(value) <= _SHOWN else value[:_SHOWN].rstrip() + " …"


_SHOWN = 300


_DIGITS = 10


@dataclass(frozen=True, kw_only=True)
class Optional(Question[T | None]):
    """A question that one may skip."""

    question: Question[T]
    skip: Renderable = _("Skip")
    nothing: Renderable = _("nothing given")

    def options(self) -> Sequence[Option[Any]]:
        """Offer to skip it, after the answers of the question itself."""
        return self._options

    @cached_property
    def _options(self) -> Sequence[Option[Any]]:
        return (*self.question.options(), Option(_SKIP, self.skip, value=None, also=_SKIP_WORDS))

    def takes_words(self) -> bool:
        """Take what the question inside takes."""
        return self.question.takes_words()

    def asks_contact(self) -> bool:
        """Ask what the question inside asks."""
        return self.question.asks_contact()

    def parse(self, answer: Content | Chosen) -> T | Refusal | None:
        """Skip it, or read the answer to the question inside."""
        if answer == Chosen(_SKIP):
            return None
        if isinstance(answer, Typed) and folded(answer.text) in meant_by(YES):
            return Refusal(self.question.go_on())
        return self.question.parse(answer)

    def dump(self, value: T | None) -> Stored:
        """Store nothing, or what the question inside stores."""
        return None if value is None else self.question.dump(value)

    def load(self, stored: Stored) -> T | Refusal | None:
        """Take up nothing, or what the question inside takes up."""
        return None if stored is None else self.question.load(stored)

    def shown(self, value: T | None) -> Renderable:
        """Say that nothing was given, or what was."""
        return self.nothing if value is None else self.question.shown(value)


@cache
def meant_by(words: Phrase) -> frozenset[str]:
    """Collect a list of synonyms in every language."""
    return frozenset(each for spoken in _folded_words(words) for each in spoken)


_SKIP = "skip"
_SKIP_WORDS = _("skip, no, none, nothing, nobody, alone, myself, me")


def optional(question: Question[T], **texts: Renderable) -> Optional[T]:
    """Make a question optional."""
    return Optional(prompt=question.prompt, label=question.label, question=question, **texts)


def picked(question: Question[Any], text: str, shown: Sequence[str] | None) -> str | None:
    """Find the option that typed words mean, in any language; None if they mean none.

    A number counts in the list as it was shown, even if the list has changed since; where nothing
    was shown yet (None), in the list as it is. A label may be cut short if only one begins so.
    """
    said = folded(text)
    if not said or (question.is_binding() and "?" in text):  # a question is no yes
        return None
    if said.isdecimal() and len(said) < _DIGITS:
        ids = [option.id for option in question.options()] if shown is None else shown
        return ids[int(said) - 1] if 0 < int(said) <= len(ids) else None
    beginnings = set()
    for option in question.options():
        for spoken in _spoken(option):
            if spoken == said:
                return option.id
            if len(said) >= _BEGINNING and spoken.startswith(said):
                beginnings.add(option.id)
    if not question.takes_words() and (first := _first_word(question, said)) is not None:
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
    plain = option.id.startswith("no") or _FILLERS.issuperset(rest)
    return str(option.id) if plain else None


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
        return _folded_words(words)
    return [[folded(word) for word in str(render(words, tag)).split(",")] for tag in LANGUAGES]


@lru_cache(maxsize=1024)
def _folded_words(words: Phrase) -> list[list[str]]:
    return [[folded(word) for word in str(render(words, tag)).split(",")] for tag in LANGUAGES]


def cleaned(content: Content) -> Content:
    """Clean what was typed, up to a length that no network exceeds; leave everything else."""
    return Typed(clean(content.text[:LONGEST])) if isinstance(content, Typed) else content


LONGEST = 20_000
"""Characters of one message; more is cut off before anything is done with it."""
