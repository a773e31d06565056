"""Running scripts: which flow is active, which are paused, and what one replay leads to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.flow import Begin, Command, Discard, Flow, Flows, GoOn, Speak, Told
from bot.dialogue.messages import BUTTON_BYTES, Choice, Line, Reply, Typed
from bot.dialogue.numbering import are_numbered
from bot.dialogue.picking import INSIST
from bot.dialogue.questions import NUMBER_TOO, PLEASE_CHOOSE, Question, Refusal, Stored
from bot.dialogue.state import Frame, State
from bot.dialogue.talk import Answer, Reopened, Talk, Unanswered
from bot.domain.facts import Facts
from bot.domain.ideas import AmendIdea, HandIn
from bot.i18n import Language, Renderable, _, paragraphs

SLIP_OF_WORDS = 2

PAUSED_AT_MOST = 3
"""How many conversations wait while another goes on; the oldest is let go."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What surrounds a message.

    `now` is when the program received it, `turn_at` when its turn came, `said_at` when it counts as
    said (the same as `now`, unless the program was away), `away` the time since the last one of
    this conversation. `channel` is the network, which may show choices without numbers.
    """

    flows: Flows
    facts: Facts
    now: datetime
    turn_at: datetime
    away: timedelta
    new_run: Callable[[], str]
    channel: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A script has come to its end; `command` is to be carried out for its `run`."""

    flow: Flow
    run: str
    command: Command


class Runner:
    """One conversation during one message; holds what has to be said and done."""

    def __init__(self, state: State, language: Language, situation: Situation) -> None:
        self.state = state
        self.language = language
        self.situation = situation
        self.replies: list[Reply] = []
        self.finished: Finished | None = None
        self._flows = situation.flows

    @property
    def active(self) -> Frame | None:
        """Give the run that is going on."""
        return self.state.active

    def frame(self, run: str) -> Frame | None:
        """Find a run, active or paused."""
        return next((frame for frame in self.state.frames if frame.run == run), None)

    def say(self, text: Renderable) -> None:
        """Say something that is not a question."""
        self.replies.append(Reply(text))

    def say_first(self, text: Renderable) -> None:
        """Say something that does not wait for answers that are still owed."""
        self.replies.append(Reply(text, is_first=True))

    def start(self, flow: Flow, given: dict[str, Stored], answer: Answer | None = None) -> None:
        """Begin a flow; what is going on is paused if it has to be kept, otherwise left."""
        if flow.keeps and not given and answer is None and self._take_up(flow):
            return
        active = self.active
        if active is not None and self._gives_way(active, flow):
            self.leave()
        frames = self.state.frames
        frames[:] = [frame for frame in frames if frame.flow != flow.name][-PAUSED_AT_MOST:]
        frame = Frame(flow.name, self.situation.new_run(), given)
        frames.append(frame)
        self.run(frame, answer)

    def start_with_picture(self, picture: str, lead: Renderable) -> None:
        """Begin with what a picture can go with, or go on with it."""
        flow = self._flows.for_pictures
        if flow is None or flow.picture is None:
            self.show_again(_("I can only read text here. Please answer in words."))
            return
        begun = next((one for one in self.state.frames if one.flow == flow.name), None)
        if begun is None:
            self.replies.append(Reply(lead))
            self.start(flow, {flow.picture: picture})
        else:
            begun.answers[flow.picture] = picture
            self.raise_to_top(begun)
            self.run(begun, lead=lead)

    def _take_up(self, flow: Flow) -> bool:
        """Go on with what was begun, instead of dropping it without a word."""
        begun = next((one for one in self.state.frames if one.flow == flow.name), None)
        if begun is None or not begun.answers:
            return False
        self.raise_to_top(begun)
        self.run(begun, lead=_("You have begun this already. To begin anew, say /cancel first."))
        return True

    def _gives_way(self, frame: Frame, flow: Flow) -> bool:
        """Tell whether a run is left for another flow; words that were lost are not taken up."""
        if flow.interlude:
            return frame.flow == self._flows.lost.name
        return not self.is_kept(frame)

    def run(
        self, frame: Frame, answer: Answer | None = None, lead: Renderable | None = None
    ) -> None:
        """Run the script over the stored answers, to its open question or to its end."""
        talk = self._talk(frame, answer)
        try:
            end = self._flow(frame).script(talk)
        except Reopened as reopened:
            self.reopen(frame, reopened.key)
        except Unanswered as open_question:
            if self._leads_away(frame, open_question.misread):
                self.leave()
                self.start(self._flows.lost, {"text": str(open_question.misread)})
            else:
                self._show(frame, open_question, talk.notes, lead)
        else:
            self.replies.extend(Reply(note) for note in talk.notes)
            self._finish(frame, end)

    def replay(self, frame: Frame) -> Talk:
        """Run the script without a new answer, only to learn what it asked so far."""
        talk = self._talk(replace(frame, said=list(frame.said)), None)
        with suppress(Unanswered):
            self._flow(frame).script(talk)
        return talk

    def open_question(self, frame: Frame) -> Question[Any] | None:
        """Give the question that a run waits for, as it would be asked now."""
        talk = self._talk(replace(frame, said=list(frame.said), answers=dict(frame.answers)), None)
        try:
            self._flow(frame).script(talk)
        except Unanswered as unanswered:
            return unanswered.question
        return None

    def has_use_for(self, picture: str) -> bool:
        """Tell whether a picture has become an answer, or part of what is to be carried out."""
        command = None if self.finished is None else self.finished.command
        if isinstance(command, HandIn | AmendIdea) and command.picture == picture:
            return True
        return any(picture in frame.answers.values() for frame in self.state.frames)

    def has_finished(self, run: str, within: timedelta) -> bool:
        """Tell whether a run came to its end not longer ago than that."""
        at = self.state.finished.get(run)
        return at is not None and self.situation.turn_at.timestamp() - at <= within.total_seconds()

    def reopen(self, frame: Frame, key: str, lead: Renderable | None = None) -> None:
        """Ask a question again whose answer is to be changed; the old answer is kept aside."""
        self._restore(frame)
        frame.before = (key, frame.answers.pop(key))
        self.run(frame, lead=lead)

    def correct(self, frame: Frame, key: str, answer: Answer) -> None:
        """Put another answer in the place of an earlier one, which is kept until that is good."""
        self._restore(frame)
        frame.before = (key, frame.answers.pop(key))
        self.raise_to_top(frame)
        self.run(frame, answer)

    def back(self) -> None:
        """Take back the last answer, or the wish to change one."""
        self.leave_what_is_gone()
        frame = self.active
        if frame is None:
            self.say(_("There is nothing to go back to. /help says what I can do."))
            return
        if frame.before is not None:
            self._restore(frame)
            self.run(frame)
            return
        replay = self.replay(frame)
        trace = [key for key in replay.trace if replay.asked[key][0].prompt]  # others were given
        if not trace:
            self.show_again(_("This is the beginning. To stop here, say /cancel."))
            return
        del frame.answers[trace[-1]]
        self.run(frame)

    def cancel(self) -> None:
        """Stop what is going on; answers so far are forgotten."""
        frame = self.active
        if frame is None:
            self.say(_("There is nothing to cancel. /help says what I can do."))
            return
        flow = self._flows.named(frame.flow)
        self.leave()
        if flow is not None and flow.keeps:
            self.say(
                _("Stopped: {title}. I have not kept any of your answers.").format(title=flow.title)
            )
        else:
            self.say(_("All right. /help says what I can do."))
        self.resume()

    def leave(self) -> None:
        """Forget the run that is going on."""
        if self.state.frames:
            self.state.frames.pop()

    def leave_what_is_gone(self) -> None:
        """Leave runs of flows of an earlier release, and of staff who are none any more."""
        self.state.frames[:] = [frame for frame in self.state.frames if self._is_open(frame)]

    def _is_open(self, frame: Frame) -> bool:
        flow = self._flows.named(frame.flow)
        if flow is None or flow.role is None:
            return flow is not None
        role = self.situation.facts.role
        return role is not None and role.includes(flow.role)

    def raise_to_top(self, frame: Frame) -> None:
        """Make a paused run the active one."""
        frames = self.state.frames
        if frames[-1] is frame:
            return
        if not self.is_kept(frames[-1]):
            frames.pop()
        frames.remove(frame)
        frames.append(frame)

    def resume(self) -> None:
        """Take up what was paused, if anything was; a menu stays open without being repeated."""
        self.leave_what_is_gone()
        frame = self.active
        if frame is not None and self.is_kept(frame):
            title = self._flow(frame).title
            self.run(frame, lead=_("Back to: {title}").format(title=title))

    def show_again(self, lead: Renderable | None = None) -> None:
        """Repeat the open question, after a word in front of it."""
        self.leave_what_is_gone()
        if self.active is not None:
            self.run(self.active, lead=lead)
        elif lead is not None:
            self.say(lead)

    def _talk(self, frame: Frame, answer: Answer | None) -> Talk:
        facts, now = self.situation.facts, self.situation.said_at or self.situation.now
        talk = Talk(facts, now, self.language, frame.answers, frame.said, answer, frame.before)
        talk.doubted, talk.is_numbered = frame.doubted, frame.is_numbered
        return talk

    def _flow(self, frame: Frame) -> Flow:
        flow = self._flows.named(frame.flow)
        if flow is None:
            message = f"there is no flow {frame.flow!r}"
            raise LookupError(message)
        return flow

    def is_kept(self, frame: Frame) -> bool:
        """Tell whether a run is paused when another begins."""
        flow = self._flows.named(frame.flow)
        return flow is not None and flow.keeps

    def is_passing(self, frame: Frame) -> bool:
        """Tell whether a run only offers how to go on."""
        return self._flow(frame).passing

    def _leads_away(self, frame: Frame, misread: str | None) -> bool:
        """Tell whether words that are no choice of a menu are worth leaving it.

        A word or two are a slip: the menu stays, so that its numbers go on meaning what they say.
        """
        flow = self._flow(frame)
        if misread is None or flow.keeps or flow.interlude:
            return False
        says_a_number = any(map(str.isdigit, misread))  # of people, or of a telephone
        return flow.passing or says_a_number or len(misread.split()) > SLIP_OF_WORDS

    @staticmethod
    def _restore(frame: Frame) -> None:
        if frame.before is not None:
            key, stored = frame.before
            frame.answers[key] = stored
            frame.before = None

    def _show(
        self,
        frame: Frame,
        open_question: Unanswered,
        notes: list[Renderable],
        lead: Renderable | None,
    ) -> None:
        question, refusal = open_question.question, open_question.refusal
        if open_question.doubted is not None or frame.pending != open_question.key:
            frame.doubted = open_question.doubted
        frame.pending = open_question.key
        frame.shown = tuple(option.id for option in question.options())
        if refusal is not None and refusal.is_doubt:
            frame.shown += (INSIST,)
        frame.asked_at = self.situation.turn_at.timestamp() if question.is_binding() else None
        if frame.before is not None and frame.before[0] in frame.answers:
            frame.before = None
        self.replies.extend(Reply(note) for note in notes)
        reply = asked(frame, question, lead, refusal)
        shows_numbers = are_numbered(reply, self.situation.channel, self.language)
        frame.is_numbered = shows_numbers or not question.counts()
        if refusal is not None and refusal.reason == PLEASE_CHOOSE and shows_numbers:
            reply = asked(frame, question, lead, replace(refusal, reason=NUMBER_TOO))
        is_first = lead is None and refusal is None
        if is_first and self.is_passing(frame) and self.replies:
            reply = replace(self.replies.pop(), choices=reply.choices)
        self.replies.append(reply)

    def _finish(
        self, frame: Frame, end: Begin | Speak | GoOn | Discard | Reply | Told | Command
    ) -> None:
        flow = self._flow(frame)
        self.state.finish(frame, self.situation.turn_at.timestamp())
        match end:
            case Begin():
                self._go_on(flow, end)
            case Speak(language):
                self.language = language
                role = self.situation.facts.role
                # Its translation names the language that it is written in.
                now_speaking = _("From now on I speak English with you.")
                self.replies.append(Reply(now_speaking, menu_of=role.value if role else ""))
                self._speak_on()
            case GoOn(words):
                self._go_on_with(words)
            case Discard(then):
                self.leave()
                self._go_on(flow, then)
            case Reply():
                self.replies.append(end)
                self._lead_on(flow)
            case Told(replies, then):
                self.replies.extend(replies)
                if then is None or self.state.frames:
                    self.resume()
                else:
                    self._go_on(flow, then)
            case None:
                self.resume()
            case command:
                self.finished = Finished(flow, frame.run, command)

    def _go_on_with(self, words: str) -> None:
        frame = self.active
        if frame is None:
            return
        answer = Answer(frame.pending or "", Typed(words), frame.shown) if words else None
        self.run(frame, answer)

    def _lead_on(self, flow: Flow) -> None:
        """Take up what was paused; whoever has nothing else to do is shown where to go on."""
        onward = self._flows.onward
        if onward is None or self.state.frames or flow.interlude or flow.role is not None:
            self.resume()
        else:
            self._go_on(flow, onward)

    def _speak_on(self) -> None:
        """Repeat in the new language what is open, or offer what there is to do."""
        self.leave_what_is_gone()
        active = self.active
        if active is None:
            menu = self._flows.for_word("start", self.situation.facts.role)
            if menu is not None:
                self.start(menu, {})
        elif self.is_kept(active):
            self.resume()
        else:
            self.run(active)

    def _go_on(self, flow: Flow, then: Begin) -> None:
        following = self._flows.named(then.flow)
        if following is None:
            message = f"{flow.name} leads to an unknown flow {then.flow!r}"
            raise LookupError(message)
        self.start(following, dict(then.given))


def asked(
    frame: Frame,
    question: Question[Any],
    lead: Renderable | None = None,
    refusal: Refusal | None = None,
) -> Reply:
    """Turn a question into a reply, with buttons that carry its run and its key."""

    def button(option: str) -> str:
        payload = f"{frame.run}:{frame.pending}:{option}"
        if len(payload.encode()) > BUTTON_BYTES:
            message = f"the button {payload!r} is too long"
            raise ValueError(message)
        return payload

    prompt: Renderable | None = question.prompt
    if refusal is not None:
        prompt = paragraphs(refusal.reason, prompt if refusal.in_full else question.again())
    summary = tuple(
        Line(label, answer, button(option)) for option, label, answer in question.summary()
    )
    in_summary = len(summary)
    choices = [Choice(each.label, button(each.id)) for each in question.options()[in_summary:]]
    if refusal is not None and refusal.is_doubt:
        choices.append(Choice(question.insisting(), button(INSIST)))
    return Reply(
        paragraphs(lead, prompt),
        choices=tuple(choices),
        summary=summary,
        asks_contact=question.asks_contact(),
        is_harmless=question.is_harmless(),
        is_greeting=question.is_greeting(),
    )
