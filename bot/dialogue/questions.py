"""Questions: each knows how to read an answer, to store it and to take it up again.

`parse` reads an answer once and may refuse it with a reason; `dump` turns it into a value that is
free of language; `load` takes that value up at each replay, and refuses it if it no longer holds.
Questions about consent live in `consenting`, the summary in `reviewing`.
"""

from __future__ import annotations

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
    `is_doubt` tells that this is only a guess: whoever insists is believed.
    """

    reason: Renderable
    in_full: bool = False
    is_doubt: bool = False


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


PLEASE_CHOOSE = _("Please choose one of the answers.")
NUMBER_TOO = _("Please choose one of the answers. Its number is enough.")
"""What is said instead where numbers are shown."""


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

    def counts(self) -> bool:
        """Tell whether a number is an answer of its own, where no numbers stand beside choices."""
        return False

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

    def insisted(self, text: str) -> T | Refusal:
        """Take words that were doubted, from somebody who says them again."""
        return self.words(text)

    def insisting(self) -> Renderable:
        """Say on a button that what was doubted is meant."""
        return _("Yes, that is my answer")

    def understood(self, _value: T) -> Renderable | None:
        """Say what was understood, where one can easily be misunderstood."""
        return None

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
            return PLEASE_CHOOSE
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
STEERING = _("yes, no, ok, okay, next, continue, go on, done")
"""Words with which people steer a conversation; they are rarely what they want to say."""


@dataclass(frozen=True, kw_only=True)
class Text(Question[str]):
    """Something in one's own words; lengths in characters."""

    max_length: int
    min_length: int = 1
    multiline: bool = False

    def words(self, text: str) -> str | Refusal:
        """Take the text if it is one; ask about words that usually steer a conversation."""
        checked = self.checked(text)
        if isinstance(checked, str) and folded(checked) in meant_by(STEERING):
            return Refusal(
                _(
                    "Is that your answer? Then please send it once more. Otherwise tell me what "
                    "you mean."
                ),
                is_doubt=True,
            )
        return checked

    def insisted(self, text: str) -> str | Refusal:
        """Take the text, whatever it sounds like."""
        return self.checked(text)

    def checked(self, text: str) -> str | Refusal:
        """Take the text if it has words, and fits."""
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
        return self.checked(str(stored))

    def shown(self, value: str) -> Renderable:
        """Say the text, shortened to one line of a phone."""
        return value if len(value) <= _SHOWN else value[:_SHOWN].rstrip() + " …"


_SHOWN = 300


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

    def insisted(self, text: str) -> T | Refusal | None:
        """Take what the question inside takes."""
        return self.question.insisted(text)

    def insisting(self) -> Renderable:
        """Say what the question inside says."""
        return self.question.insisting()

    def understood(self, value: T | None) -> Renderable | None:
        """Say what the question inside says."""
        return None if value is None else self.question.understood(value)

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
    return frozenset(each for spoken in folded_words(words) for each in spoken)


@lru_cache(maxsize=1024)
def folded_words(words: Phrase) -> list[list[str]]:
    """Give a list of synonyms in each language, as answers are compared with them."""
    return [[folded(word) for word in str(render(words, tag)).split(",")] for tag in LANGUAGES]


_SKIP = "skip"
_SKIP_WORDS = _("skip, no, none, nothing, nobody, alone, myself, me")


def optional(question: Question[T], **texts: Renderable) -> Optional[T]:
    """Make a question optional."""
    return Optional(prompt=question.prompt, label=question.label, question=question, **texts)


def cleaned(content: Content) -> Content:
    """Clean what was typed, up to a length that no network exceeds; leave everything else."""
    return Typed(clean(content.text[:LONGEST])) if isinstance(content, Typed) else content


LONGEST = 20_000
"""Characters of one message; more is cut off before anything is done with it."""
