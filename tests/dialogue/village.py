"""A small dialogue of its own, to test the engine without events, seats or a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import cast

from bot.dialogue.flow import Begin, Flow, Flows, Speak, Told
from bot.dialogue.messages import Content, Reply, Tapped, Typed
from bot.dialogue.questions import (
    OneOf,
    Option,
    Question,
    Refusal,
    Stored,
    Text,
    optional,
    yes_or_no,
)
from bot.dialogue.running import Runner, Situation
from bot.dialogue.state import State
from bot.dialogue.talk import Talk
from bot.dialogue.turn import Turn, begin
from bot.domain.facts import Facts
from bot.domain.people import Role
from bot.i18n import LANGUAGES, Phrase, Renderable, _, render

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Number(Question[int]):
    """A question of the village: a whole number within limits."""

    least: int
    most: int

    def words(self, text: str) -> int | Refusal:
        """Read digits; the limits are part of the answer to a wrong one."""
        digits = text.strip()
        if digits.isdecimal() and len(digits) < 10 and self.least <= int(digits) <= self.most:
            return int(digits)
        return Refusal(
            _("Please type a number from {least} to {most}.").format(
                least=self.least, most=self.most
            )
        )

    def load(self, stored: Stored) -> int | Refusal:
        """Check the limits again; they may have changed."""
        return self.words(str(stored))

    def shown(self, value: int) -> Renderable:
        """Say the number."""
        return value


@dataclass(frozen=True)
class Order:
    """What the bakery flow ends in."""

    bread: str
    name: str
    slices: int | None
    extras: tuple[str, ...]


@dataclass
class Village:
    """The facts: which bread there is today, and whether the customer works here."""

    breads: list[str] = field(default_factory=lambda: ["rye", "wheat", "spelt"])
    role: Role | None = None
    events: tuple[object, ...] = ()


def bakery(talk: Talk) -> Order | Reply:
    """Order bread: a choice, a text, something optional, a loop, a branch, a summary."""
    village = cast("Village", talk.facts)
    bread = talk.ask(
        "bread",
        OneOf(
            prompt="Which bread?",
            label="Bread",
            of=tuple(Option(bread, bread.title(), bread) for bread in village.breads),
        ),
    )
    talk.say("hygiene", "Our hands are clean.")
    name = talk.ask("name", Text(prompt="Your name?", label="Name", max_length=20))
    sliced = talk.ask("sliced", yes_or_no("Sliced?", label="Sliced"))
    how_many = Number(prompt="How many?", label="Slices", least=1, most=30)
    slices = talk.ask("slices", how_many) if sliced else None
    extras: list[str] = []
    while len(extras) < 3:
        number = len(extras) + 1
        extra = talk.ask(
            f"extra.{number}",
            optional(Text(prompt="Anything else?", label=f"Extra {number}", max_length=20)),
        )
        if extra is None:
            break
        extras.append(extra)
    talk.review("sure", "Right?", "Yes, order")
    return Order(bread, name, slices, tuple(extras))


def ordered(command: Order, _outcome: object, _facts: Facts) -> Told:
    return Told((Reply(f"Ordered: {command.bread}"),))


def signpost(talk: Talk) -> Begin | Reply:
    ways: tuple[Option[Begin | Reply], ...] = (
        Option("bakery", "Bakery", Begin("bakery")),
        Option("well", "Well", Reply("Water.")),
    )
    return talk.ask("where", OneOf(prompt="Where to?", of=ways))


def tongue(talk: Talk) -> Speak:
    of = tuple(Option(tag, name, tag) for tag, name in LANGUAGES.items())
    return Speak(talk.ask("language", OneOf(prompt="Language?", of=of)))


def lost(talk: Talk) -> Reply:
    return Reply(f"Lost: {talk.ask('text', Text(prompt='', max_length=9999))}")


FLOWS = Flows(
    (
        Flow(
            "bakery",
            Phrase("the bakery"),
            bakery,
            ("bakery",),
            ordered,
            "bread",
            "bread",
            keeps=True,
        ),
        Flow("signpost", Phrase("the signpost"), signpost, ("signpost",)),
        Flow(
            "tongue",
            Phrase("the language"),
            tongue,
            ("language",),
            argument="language",
            interlude=True,
        ),
        Flow("help", Phrase("help"), lambda _talk: Reply("Help!"), ("help",), interlude=True),
        Flow(
            "ledger",
            Phrase("the ledger"),
            lambda _talk: Reply("Sums."),
            ("ledger",),
            role=Role.REGISTRAR,
        ),
        Flow("lost", Phrase("lost"), lost),
    ),
    keywords="bakery",
    lost="lost",
)


class Customer:
    """Somebody who talks to the village; the state goes through JSON after each message."""

    def __init__(self, village: Village | None = None, channel: str = "terminal") -> None:
        self.village = village or Village()
        self.channel = channel
        self.flows = FLOWS
        self.state = State()
        self.language = "en"
        self.replies: list[Reply] = []
        self.orders: list[Order] = []
        self._runs: Iterator[int] = count(1)

    def says(self, text: str, away: timedelta = timedelta(0)) -> str:
        """Type something; gives everything that is answered, as plain text."""
        return self.sends(Typed(text), away)

    def sends(self, content: Content, away: timedelta = timedelta(0)) -> str:
        """Send anything; gives everything that is answered, as plain text."""
        facts = cast("Facts", self.village)
        situation = Situation(self.flows, facts, NOON, NOON, away, self._new_run, self.channel)
        runner = Runner(State.load(self.state.dump()), self.language, situation)
        Turn(runner).take(content)
        if runner.finished is not None:
            command = runner.finished.command
            self.orders.append(command)
            after = runner.finished.flow.tell(command, None, facts)
            runner.replies.extend(after.replies)
            begin(runner, after.then)
        self.state, self.language, self.replies = runner.state, runner.language, runner.replies
        return "\n".join(str(render(reply.text, self.language)) for reply in self.replies)

    def taps(self, label: str, among: list[Reply] | None = None) -> str:
        """Tap the button with this label, of the last replies or of some that were kept."""
        return self.sends(Tapped(self.button(label, among)))

    def button(self, label: str, among: list[Reply] | None = None) -> str:
        """Find the payload of a button."""
        for reply in self.replies if among is None else among:
            buttons = [(line.label, line.button) for line in reply.summary]
            buttons += [(choice.label, choice.button) for choice in reply.choices]
            for shown, button in buttons:
                if render(shown, self.language) == label:
                    return button
        raise LookupError(label)

    def _new_run(self) -> str:
        return f"run{next(self._runs)}"


def at_the_summary(customer: Customer) -> Customer:
    """Answer everything up to the final yes."""
    for text in ("/bakery", "rye", "Anna", "no", "butter", "skip"):
        customer.says(text)
    return customer
