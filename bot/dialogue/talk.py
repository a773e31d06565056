"""The talk: what a flow's script holds in its hand while it runs over the stored answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from bot.dialogue.messages import Content, SharedContact, Typed
from bot.dialogue.picking import INSIST, confirms, picked
from bot.dialogue.questions import Chosen, Question, Refusal, Stored
from bot.dialogue.reviewing import CHANGE, Review, without_change_word
from bot.dialogue.writing import folded
from bot.domain.facts import Facts
from bot.i18n import Language, Renderable, _

T = TypeVar("T")


class Unanswered(Exception):
    """The script has come to a question that has no answer yet.

    `refusal` says why what came in is no answer; `misread` holds words that came to a question
    that takes none, `doubted` those that may be an answer after all.
    """

    def __init__(
        self,
        key: str,
        question: Question[Any],
        refusal: Refusal | None = None,
        misread: str | None = None,
        doubted: str | None = None,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.question = question
        self.refusal = refusal
        self.misread = misread
        self.doubted = doubted


class Reopened(Exception):
    """In the summary, the answer `key` was picked to be changed."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Answer:
    """What has just come in for the question `key`.

    `shown` are the ids of the options as they were numbered; None if it was not shown before.
    """

    key: str
    content: Content | Chosen
    shown: tuple[str, ...] | None = None


@dataclass(slots=True)
class Talk:
    """One replay of a script.

    `answers` are the stored answers by key. `trace` lists the keys in the order in which this
    replay met them answered. `notes` is what the script says before its open question. `before` is
    the key of an answer that is being changed, with what was stored for it. `doubted` are words
    that the open question has refused as a guess, `is_numbered` tells that its options stand
    beside numbers.
    """

    facts: Facts
    now: datetime
    language: Language
    answers: dict[str, Stored]
    said: list[str] = field(default_factory=list)
    answer: Answer | None = None
    before: tuple[str, Stored] | None = None
    trace: list[str] = field(default_factory=list)
    notes: list[Renderable] = field(default_factory=list)
    doubted: str | None = None
    is_numbered: bool = True
    _asked: dict[str, tuple[Question[Any], Any]] = field(default_factory=dict)

    def ask(self, key: str, question: Question[T], *, clears: tuple[str, ...] = ()) -> T:
        """Give the answer to a question, or stop the script here and have it asked.

        A key stands for one question of a run: a loop counts its keys ("companion.2.name"), and
        a question with a new meaning gets a new key. A new answer `clears` those to other keys,
        which were about the old one.
        """
        if key in self._asked:
            message = f"the key {key!r} is asked twice in one run"
            raise ValueError(message)
        before = self.answers.get(key)
        value = self._value(key, question)
        if clears and self.answers.get(key) != before:
            for other in clears:
                self.answers.pop(other, None)
        self._asked[key] = (question, value)
        self.trace.append(key)
        return value

    def offer(self, key: str, question: Question[T], value: T) -> T:
        """Take an answer for granted, until the summary, or something that was sent, changes it.

        Nobody is asked, so there is nothing to go back to either.
        """
        if not self.is_changing(key) and not self.is_answered_now(key):
            self.answers.setdefault(key, question.dump(value))
        value = self.ask(key, question)
        self.trace.pop()
        return value

    def review(
        self,
        key: str,
        prompt: Renderable,
        confirm: Renderable,
        *,
        mark: str = "",
        heard: Callable[[str], T] | None = None,
    ) -> bool | T:
        """Show all answers so far, let each be changed, and wait for the final yes.

        With `heard`, a sentence that somebody types there is given instead, as what it makes of it.
        """
        answers = tuple(
            (asked, label, question.shown(value))
            for asked, (question, value) in self._asked.items()
            if (label := question.labelled(value)) is not None
        )
        summary = Review(prompt=prompt, answers=answers, confirm=confirm, mark=mark, heard=heard)
        sure: bool | T = self.ask(key, summary)
        return sure

    def knows(self, key: str) -> bool:
        """Tell whether there is a stored answer to this question."""
        return key in self.answers

    def formerly(self, key: str) -> Stored:
        """Give what was answered to a question that is asked again to be changed, or None."""
        return self.before[1] if self.before is not None and self.before[0] == key else None

    def is_changing(self, key: str) -> bool:
        """Tell whether a question is asked again because its answer is to be changed."""
        return self.before is not None and self.before[0] == key

    def keep(self, key: str, stored: Stored) -> None:
        """Keep an answer that came along with the answer to another question."""
        self.answers[key] = stored

    def forget(self, *keys: str) -> None:
        """Let go of answers, so that these questions may be asked once more in this run."""
        for key in keys:
            self.answers.pop(key, None)
            if self._asked.pop(key, None) is not None:
                self.trace.remove(key)

    def is_answered_now(self, key: str) -> bool:
        """Tell whether what has just come in is the answer to this question."""
        return self.answer is not None and self.answer.key == key

    def say(self, key: str, text: Renderable) -> None:
        """Say something before the next question; each key once in a run, not at each replay."""
        if key not in self.said:
            self.said.append(key)
            self.notes.append(text)

    @property
    def asked(self) -> Mapping[str, tuple[Question[Any], Any]]:
        """Give the questions of this replay that have an answer, with the answers."""
        return self._asked

    def _value(self, key: str, question: Question[T]) -> T:
        if self.answer is not None and self.answer.key == key:
            answer, self.answer = self.answer, None
            read = self._read(question, answer)
            if isinstance(read, Refusal):
                doubted = _typed(answer) if read.is_doubt else None
                raise Unanswered(key, question, read, _misread(question, answer), doubted)
            self.answers[key] = question.dump(read)
            if isinstance(answer.content, Typed | SharedContact):
                self._note(question.understood(read))
            return read
        if key not in self.answers:
            raise Unanswered(key, question)
        held = question.load(self.answers[key])
        if isinstance(held, Refusal):
            del self.answers[key]
            raise Unanswered(key, question, replace(held, in_full=True))
        return held

    def _note(self, understood: Renderable | None) -> None:
        if understood is not None:
            self.notes.append(understood)

    def _insists(self, question: Question[Any], answer: Answer) -> bool:
        """Tell whether somebody means what was doubted: said again, confirmed, or tapped."""
        content = answer.content
        if isinstance(content, Chosen):
            return content.option == INSIST
        if not isinstance(content, Typed):
            return False
        shown = answer.shown if self.is_numbered else None
        is_said_again = folded(content.text) == folded(self.doubted or "")
        return is_said_again or confirms(question, content.text, shown)

    def _read(self, question: Question[T], answer: Answer) -> T | Refusal:
        if self.doubted is not None and self._insists(question, answer):
            return question.insisted(self.doubted)
        content, is_review = answer.content, isinstance(question, Review)
        if isinstance(content, Chosen) and content.option not in (answer.shown or [content.option]):
            return Refusal(_("This question has changed. Please read it again."), in_full=True)
        if isinstance(content, Typed):
            text = without_change_word(content.text) if is_review else content.text
            option = picked(question, text, answer.shown, numbered=self.is_numbered)
            if option is not None:
                if answer.shown is not None and option not in answer.shown:
                    changed = _("This question has changed. Please read it again.")
                    return Refusal(changed, in_full=True)
                content = Chosen(option)
        if is_review and isinstance(content, Chosen) and content.option.startswith(CHANGE):
            if all(option.id != content.option for option in question.options()):
                return Refusal(_("That line is no longer there. Please choose again."))
            raise Reopened(content.option.removeprefix(CHANGE))
        return question.parse(content)


def _typed(answer: Answer) -> str | None:
    return answer.content.text if isinstance(answer.content, Typed) else None


def _misread(question: Question[Any], answer: Answer) -> str | None:
    """Give words that the person may have meant for something else than this question."""
    content = answer.content
    if not isinstance(content, Typed) or question.takes_words() or content.text.isdecimal():
        return None
    if answer.shown is None:  # the words stood behind a command: they were meant for it
        return None
    return content.text or None
