"""However long and winding a conversation is: the same final answers lead to the same outcome."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.dialogue.messages import Content, Incoming, Tapped, Typed
from bot.dialogue.reviewing import CHANGE
from bot.dialogue.state import Frame, State
from bot.i18n import LANGUAGES
from bot.services.examples import as_published
from bot.turns import Turns
from tests.conversations import nonsense
from tests.conversations.plans import NOT_GIVEN, PLANS, Plan, otherwise, outcome
from tests.conversations.walks import state
from tests.town import HOUSE, SUMMER, Citizen, Town

APOLOGY = "something went wrong on my side"
MOST_STEPS = 60
"""More than the longest straight way, with every answer corrected once."""

_people = count(1)


class Winding(RuleBasedStateMachine):
    """Somebody with a plan who does everything else as well, until the plan is carried out."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        town = self.town
        town.now = SUMMER
        number = next(_people)
        self.citizen = town.citizen(f"winding {number}")
        self.straight = town.citizen(f"straight {number}")
        self.last: Incoming | None = None
        self.began = len(town.letters)

    @initialize(plan=PLANS)
    def has_a_plan(self, plan: Plan) -> None:
        self.plan = plan
        self.sends(Typed(plan.begin))

    @rule(by_tap=st.booleans())
    def answers(self, *, by_tap: bool) -> None:
        """Give the planned answer, if this is the flow and not yet its end."""
        if (frame := self.frame) is not None and frame.pending != "sure":
            self.answers_as_planned(by_tap=by_tap)

    @rule()
    def answers_wrongly(self) -> None:
        """Give an answer that has to be corrected later."""
        frame = self.frame
        if frame is None or frame.pending is None or frame.pending == "sure":
            return
        wrong = otherwise(frame.pending)
        if wrong is not None:
            self.sends(Typed(wrong))

    @rule()
    def sends_the_same_update_again(self) -> None:
        if self.last is not None:
            before = self.remembered()

            assert self.town.take(self.last) == []
            assert self.remembered() == before

    @rule(choice=st.integers(0, 50))
    def taps_twice(self, choice: int) -> None:
        """Tap some button that was ever shown, and again.

        The final yes is left for later; an idea for a certain event would be another plan.
        """
        other = (":sure:yes", ":next:idea")
        buttons = [button for button in self.buttons() if not button.endswith(other)]
        if buttons:
            button = buttons[-1 - choice % len(buttons)]
            self.sends(Tapped(button))
            self.sends(Tapped(button))

    @rule(times=st.integers(1, 4))
    def goes_back(self, times: int) -> None:
        for _ in range(times):
            self.sends(Typed("/back"))

    @rule(language=st.sampled_from(sorted(LANGUAGES)), at_once=st.booleans())
    def changes_the_language(self, language: str, *, at_once: bool) -> None:
        before = self.remembered()
        self.sends(Typed(f"/language {language}" if at_once else "/language"))
        if not at_once:
            self.sends(Typed(LANGUAGES[language]))
        self.has_lost_nothing(before)

    @rule(word=st.sampled_from(["/help", "hilfe", "!help"]))
    def asks_for_help(self, word: str) -> None:
        before = self.remembered()
        self.sends(Typed(word))
        self.has_lost_nothing(before)

    @rule(word=st.sampled_from(["/events", "/mine", "/privacy", "/start", "/idea", "/register"]))
    def begins_something_else_and_comes_back(self, word: str) -> None:
        if word == self.plan.begin or self.frame is None:
            return
        before = self.remembered()
        self.sends(Typed(word))
        for _ in range(4):
            if self.remembered() == before:
                break
            self.sends(Typed("/cancel"))
        self.has_lost_nothing(before)

    @rule()
    def meets_a_program_that_was_restarted(self) -> None:
        self.town.turns = Turns(self.town.database, HOUSE, lambda: self.town.now)

    @precondition(lambda self: self.town.now < SUMMER + timedelta(days=4))
    @rule(hours=st.sampled_from([1, 23, 30]))
    def is_away(self, hours: int) -> None:
        self.town.passes(timedelta(hours=hours))

    @rule(name=st.sampled_from(sorted(nonsense.NEVER_AN_ANSWER)))
    def sends_nonsense(self, name: str) -> None:
        if self.frame is None:
            return
        before = self.remembered()
        self.sends(nonsense.NEVER_AN_ANSWER[name])
        self.has_lost_nothing(before)

    @rule(number=st.integers(0, 8))
    def forges_a_button(self, number: int) -> None:
        if self.frame is None:
            return
        before = self.remembered()
        forged = [each for _name, each in nonsense.buttons(self.frame, Frame("register", "f" * 10))]
        self.sends(forged[number % len(forged)])
        self.has_lost_nothing(before)

    def teardown(self) -> None:
        """Carry out the plan at last; then let somebody else do so straight away, and compare."""
        if not hasattr(self, "plan"):
            return
        self.carries_out(self.citizen)
        self.carries_out(self.straight)

        with self.town.database.transaction() as tx:
            winding, straight = (outcome(tx, each.name) for each in (self.citizen, self.straight))
        assert winding == straight
        assert len(straight["registrations"]) + len(straight["ideas"]) == 1
        for letter in self.town.letters[self.began :]:
            assert APOLOGY not in letter.payload["text"]

    # What a person with a plan does

    def carries_out(self, citizen: Citizen) -> None:
        """Answer what is asked, correct what is wrong, and say the final yes."""
        for _ in range(MOST_STEPS):
            active = state(citizen).active
            if active is None:
                if self.is_done(citizen):
                    return
                citizen.says(self.plan.begin)
            elif active.flow != self.plan.flow:
                citizen.says("/cancel")
            elif active.pending == "sure" and (wrong := self.mistake(active)):
                citizen.sends(Tapped(f"{active.run}:{wrong[0]}:{wrong[1]}"))
            else:
                self.answer(citizen, active, by_tap=True)
                if state(citizen) == State([*state(citizen).frames[:-1], active]):
                    citizen.says("/back")  # a mistake further up has led here
        raise AssertionError(f"no end in sight: {state(citizen)}")

    def is_done(self, citizen: Citizen) -> bool:
        with self.town.database.transaction() as tx:
            written = outcome(tx, citizen.name)
        return bool(written["registrations"] or written["ideas"])

    def mistake(self, frame: Frame) -> tuple[str, str] | None:
        """Find the button that corrects the first answer that is not as planned."""
        for key, stored in frame.answers.items():
            if key not in self.plan.answers or self.is_planned(key, stored):
                continue
            if f"{CHANGE}{key}" in frame.shown:
                return "sure", f"{CHANGE}{key}"
            name = key.removesuffix("child") + "name"
            if key.endswith(".child") and f"{CHANGE}{name}" in frame.shown:
                return key, self.plan.answers[key]  # in no line of the summary: tap the old button
        return None

    def is_planned(self, key: str, stored: object) -> bool:
        planned = self.plan.answers[key]
        match stored:
            case {"agreed": agreed}:
                return bool(agreed == (planned == "yes"))
            case None:
                is_refused = key == "needs" and self.plan.answers["consent.needs"] == "no"
                return planned == NOT_GIVEN or is_refused
            case ["chat", _]:
                return planned == "here"
            case ["phone", number]:
                return planned.replace(" ", "").replace("-", "").endswith(str(number)[-7:])
            case [_kind, address]:
                return bool(address == planned)
            case _:
                return stored == planned

    def answers_as_planned(self, *, by_tap: bool) -> None:
        if (frame := self.frame) is not None:
            self.answer(self.citizen, frame, by_tap=by_tap)

    def answer(self, citizen: Citizen, frame: Frame, *, by_tap: bool) -> None:
        key = frame.pending or ""
        planned = self.plan.answers.get(key)
        if planned is None:
            citizen.says("/back")  # only a mistake leads to this question
            return
        option = next(
            (each for each in frame.shown if each == planned or each.startswith(f"{planned}.")),
            None,
        )
        if option is not None and by_tap:
            citizen.sends(Tapped(f"{frame.run}:{key}:{option}"))
        elif option is not None:
            citizen.says(str(frame.shown.index(option) + 1))
        else:
            citizen.says(planned)

    # The chat

    @property
    def frame(self) -> Frame | None:
        """Give the run of the plan's flow, if it is going on."""
        active = state(self.citizen).active
        return active if active is not None and active.flow == self.plan.flow else None

    def sends(self, content: Content) -> None:
        self.last = self.town.incoming(self.citizen, content)
        self.town.take(self.last)

    def buttons(self) -> list[str]:
        return [
            button
            for letter in self.town.letters[self.began :]
            if letter.chat == self.citizen.name
            for *_words, button in [
                *letter.payload.get("summary", ()),
                *letter.payload.get("choices", ()),
            ]
        ]

    def remembered(self) -> list[tuple[str, dict[str, object], str | None]]:
        """Give what is remembered of the conversations that are kept."""
        return [
            (frame.run, deepcopy(frame.answers), frame.pending)
            for frame in state(self.citizen).frames
            if frame.flow in {"register", "idea"}
        ]

    def has_lost_nothing(self, before: list[tuple[str, dict[str, object], str | None]]) -> None:
        assert self.remembered() == before


def winds(town: Town, examples: int, steps: int) -> None:
    """Let many people take winding ways in one town with room for everybody."""
    town.announce(
        re.sub(r"^capacity = \d+", "capacity = 100000", as_published(), flags=re.MULTILINE)
    )

    class Here(Winding):
        pass

    Here.town = town
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
            phases=set(Phase) - {Phase.explain},
            report_multiple_bugs=False,
        ),
    )


@pytest.mark.slow
def test_the_way_does_not_matter(town: Town) -> None:
    quick = town.database.is_sqlite

    winds(town, examples=6 if quick else 40, steps=25)


@pytest.mark.soak
def test_no_way_matters(town: Town) -> None:
    winds(town, examples=1000, steps=50)
