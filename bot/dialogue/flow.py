"""What a flow is: a script, the words that start it, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.messages import Reply
from bot.dialogue.questions import Stored
from bot.dialogue.talk import Talk
from bot.domain import codes
from bot.domain.facts import Facts
from bot.domain.people import Role
from bot.i18n import Language, Phrase, Renderable

Command = Any
"""A frozen value of the domain that says what is to be carried out."""


@dataclass(frozen=True, slots=True)
class Begin:
    """End here and go on with another flow, some of whose answers are known already."""

    flow: str
    given: Mapping[str, Stored] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speak:
    """From now on, talk in this language."""

    language: Language


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go on with what was paused, which the words kept meanwhile may answer."""

    words: str


@dataclass(frozen=True, slots=True)
class Discard:
    """Drop what was paused, and go on with another flow."""

    then: Begin


@dataclass(frozen=True, slots=True)
class Told:
    """What is said after a flow, and what comes next.

    A script may end in it too; what was paused then comes before `then`.
    """

    replies: tuple[Reply, ...]
    then: Begin | None = None


Script = Callable[[Talk], "Begin | Speak | GoOn | Discard | Reply | Told | Command"]
Tell = Callable[[Command, Any, Facts], Told]


def _nothing_to_tell(_command: Command, _outcome: object, _facts: Facts) -> Told:
    return Told(())


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation about one subject.

    `words` start it (without the slash); `spoken` ones as well, which no list of commands names.
    `argument` is the key of the question that words behind
    the command answer, `entry` the prefix of codes that answer it, `picture` the key to which a
    picture belongs, whenever it comes. A flow that `keeps` is paused
    when another begins, and taken up again afterwards; an `interlude` pauses whatever is going
    on. A `passing` one stands below what was said before it, and holds nobody up: whatever is no
    answer to it leaves it. `role` is what staff need to start it; for everybody else it does not
    exist. The code of a `typed` one counts only where somebody has typed it, never in a link.
    """

    name: str
    title: Phrase
    script: Script
    words: tuple[str, ...] = ()
    tell: Tell = _nothing_to_tell
    argument: str | None = None
    entry: str | None = None
    picture: str | None = None
    keeps: bool = False
    interlude: bool = False
    passing: bool = False
    typed: bool = False
    role: Role | None = None
    help: Renderable | None = None
    spoken: tuple[str, ...] = ()


class Flows:
    """Every flow of the program, found by name, by word and by entry code.

    `keywords` names the flow that an event's keyword opens, `lost` the one for words that nobody
    asked for, `back` the one for those who were away for long, `ideas` the one that the number of
    an idea opens, `onward` what stands below a script's last words if it names no way on itself.
    """

    def __init__(  # noqa: PLR0913 (each part that a flow can play)
        self,
        flows: Iterable[Flow],
        *,
        keywords: str,
        lost: str,
        back: str | None = None,
        ideas: str | None = None,
        onward: Begin | None = None,
    ) -> None:
        self._by_name = {flow.name: flow for flow in flows}
        self._by_word = {
            word: flow for flow in self._by_name.values() for word in (*flow.spoken, *flow.words)
        }
        self._by_entry = {flow.entry: flow for flow in self._by_name.values() if flow.entry}
        self.for_keywords = self._by_name[keywords]
        self.lost = self._by_name[lost]
        self.back = self._by_name[back] if back else None
        self.for_ideas = self._by_name[ideas] if ideas else None
        self.onward = onward
        self.for_pictures = next(
            (flow for flow in self._by_name.values() if flow.picture and flow.keeps), None
        )

    @property
    def words(self) -> frozenset[str]:
        """List the words of all commands."""
        return frozenset(self._by_word)

    def named(self, name: str) -> Flow | None:
        """Find a flow by its name; a flow of an earlier release may be gone."""
        return self._by_name.get(name)

    def for_word(self, word: str, role: Role | None) -> Flow | None:
        """Find the flow that a command starts, if this person may start it."""
        flow = self._by_word.get(word)
        return flow if flow is not None and _may(flow, role) else None

    def for_entry(self, text: str) -> tuple[Flow, str] | None:
        """Find the flow for a code from a poster, a stream or a receipt, and its answer."""
        found = codes.prefixed(text)
        flow = self._by_entry.get(found[0]) if found else None
        if found is None or flow is None:
            return None
        return flow, codes.one_time(found[1]) or codes.slug(found[1])

    def open_to(self, role: Role | None) -> list[Flow]:
        """List the flows with a word of their own that a person may start."""
        return [flow for flow in self._by_name.values() if flow.words and _may(flow, role)]


def _may(flow: Flow, role: Role | None) -> bool:
    return flow.role is None or (role is not None and role.includes(flow.role))
