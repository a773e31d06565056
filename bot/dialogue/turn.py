"""One message of one conversation: from what came in to what is said and what is to be done.

First come the words that work everywhere (cancel, back, help, language, any command), then the
answer to the open question. Pure: the caller gives facts, stores the state, carries out commands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from bot.dialogue import courtesies, keywords, references, unreadables, utterances
from bot.dialogue.flow import Begin, Flow
from bot.dialogue.messages import (
    PAGE,
    Content,
    Edited,
    Flood,
    Left,
    Picture,
    SharedContact,
    TakenBack,
    Tapped,
    Typed,
    Unsupported,
)
from bot.dialogue.picking import picked
from bot.dialogue.questions import YES, Chosen, Question, Refusal, cleaned, meant_by
from bot.dialogue.reviewing import CHANGE
from bot.dialogue.running import Runner
from bot.dialogue.state import Frame
from bot.dialogue.talk import Answer
from bot.dialogue.writing import folded, has_letter
from bot.domain import codes
from bot.domain.ideas import Idea
from bot.i18n import _, paragraphs, render

AWAY = timedelta(hours=24)
"""After this long, words are not taken for the answer to a question that nobody remembers."""

TWICE = timedelta(minutes=1)
"""So long after the end of a conversation, its last button may be tapped once more for nothing."""

SIGNS = ("/", "!")
"""What a command begins with; Element keeps "/" for itself, so Matrix uses "!"."""

WORDS_OF_A_SENTENCE = 2
"""So many words behind the first, at least, make it a sentence."""

NEAR = 0.75
"""How like a command a word is that was meant for it, by difflib."""

DIGITS_OF_A_PAGE = 4

BACK = {"back", "zurück", "zurueck"}
CANCEL = {"cancel", "abbrechen", "abbruch", "stop", "stopp"}
PLAIN = {"help", "hilfe", "language", "sprache", "start", "menu", "menü"}
"""Commands that work without a sign, in the middle of everything."""


class Turn:
    """Take one message; `runner` afterwards holds replies, state, language and command."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._flows = runner.situation.flows
        self._facts = runner.situation.facts

    def take(self, content: Content) -> None:
        """Find out what a message means and act on it."""
        utterances.take(self._runner, content, self._understand)

    def _understand(self, content: Content) -> None:
        match cleaned(content):
            case Typed(text):
                self._typed(text)
            case Tapped() as tap:
                self._tapped(tap)
            case Left():
                pass  # there is nobody to talk to
            case Flood():
                self._runner.say_first(
                    _(
                        "That was more than I can read at once: very many messages in a short "
                        "time. I have read them up to here, but none that you have sent after "
                        "that. Please wait two minutes, and then write to me again what "
                        "matters to you."
                    )
                )
            case Edited():
                self._runner.say(
                    _(
                        "I go by your first version: changes to a message do not reach me. "
                        "To correct an answer, use /back."
                    )
                )
            case TakenBack():
                self._runner.say(
                    _(
                        "You have taken a message back. I had read it before, and go on with what "
                        "it said. To correct an answer, use /back; to have everything about you "
                        "erased, use /privacy."
                    )
                )
            case Unsupported(kind) if kind in unreadables.SENT_AGAIN:
                self._runner.show_again(unreadables.SENT_AGAIN[kind])
            case Unsupported(kind) if kind in unreadables.EXPLAINED:
                self._runner.say(unreadables.EXPLAINED[kind])
            case other:
                self._answered(other)

    def _typed(self, text: str) -> None:
        command = self._command(text)
        if command is not None and not self._is_sentence(*command):
            self._commanded(*command)
            return
        word = folded(text)
        if word in BACK or word in CANCEL or word in PLAIN:
            self._commanded(word, "")
        elif (idea := self._idea(text)) is not None:
            self._opened(idea)
        elif (entry := self._entry(text)) is not None:
            self._entered(*entry)
        elif not self._announced(text) and not self._wished(text):
            if _is_address(text) and not self._takes_words():
                self._runner.show_again(_("Thank you, but I do not need that now."))
            else:
                self._answered(Typed(text))

    @staticmethod
    def _command(text: str) -> tuple[str, str] | None:
        """Read a command and what stands behind it; words that only begin with its sign are none.

        Whoever writes "!!! Important" or "/ or so" means it as it stands.
        """
        if not text.startswith(SIGNS) or not text[1:2].isalpha():
            return None
        first, *rest = text[1:].split(maxsplit=1)
        return first.partition("@")[0].lower(), "".join(rest).strip()

    def _is_sentence(self, word: str, argument: str) -> bool:
        """Tell whether words only begin like a command that there is none of, nor one that is near.

        "!Wichtig ist mir ein Radweg" is meant as it stands, a misspelt command is not.
        """
        words = self._flows.words | BACK | CANCEL
        is_long = len(argument.split()) >= WORDS_OF_A_SENTENCE
        return is_long and word not in words and not get_close_matches(word, words, cutoff=NEAR)

    def _commanded(self, word: str, argument: str) -> None:
        if word in BACK:
            self._runner.back()
        elif word in CANCEL:
            self._runner.cancel()
        elif word == "start" and (entry := self._flows.for_entry(argument)) is not None:
            if entry[0].typed:  # a link that somebody else has sent proves nothing
                self._runner.start(entry[0], {})
            else:
                self._entered(*entry)
        elif (flow := self._flows.for_word(word, self._facts.role)) is not None:
            self._runner.start(flow, {}, _argument(flow, argument))
        else:
            self._runner.say(_("I do not know that command. /help lists what I can do."))
            self._runner.show_again()

    def _entered(self, flow: Flow, code: str) -> None:
        if flow.argument == "event":  # a code is a choice; its event may be gone
            self._runner.start(flow, {}, Answer(flow.argument, Chosen(code.lower())))
        else:
            self._runner.start(flow, {}, _argument(flow, code))

    def _idea(self, text: str) -> Idea | references.Unknown | None:
        """Find the idea whose number was typed, where there is a flow that shows it."""
        if self._flows.for_ideas is None:
            return None
        return references.named(text, lambda: self._facts.ideas)

    def _opened(self, idea: Idea | references.Unknown) -> None:
        if isinstance(idea, references.Unknown) or self._flows.for_ideas is None:
            self._runner.show_again(
                _("I know no idea of yours with this number. /mine lists all of them.")
            )
        else:
            self._runner.start(self._flows.for_ideas, {"idea": idea.id})

    def _entry(self, text: str) -> tuple[Flow, str] | None:
        """Find out where a code leads to, with its prefix or alone."""
        entry = self._flows.for_entry(text)
        if entry is not None and self._is_code(*entry):
            return entry
        if self._asks_for_a_code():
            return None
        code = codes.alone(text)
        known = None if code is None else self._facts.code(code, self._runner.situation.now)
        return None if known is None else self._flows.for_entry(f"{known}-{code}")

    def _is_code(self, flow: Flow, code: str) -> bool:
        """Tell a code from a name with a hyphen: it is an event's, or a one-time code."""
        if flow.argument == "event":
            return any(event.slug == code for event in self._facts.every_event)
        return codes.one_time(code) is not None

    def _asks_for_a_code(self) -> bool:
        frame = self._runner.active
        if frame is None or (flow := self._flows.named(frame.flow)) is None:
            return False
        return flow.entry is not None and frame.pending == flow.argument

    def _announced(self, text: str) -> bool:
        """Begin with the event whose keyword was typed, or with the question for one of several.

        A keyword without a digit may be a name or an idea, where such words are asked for.
        """
        if text.isdecimal() or not has_letter(text):
            return False
        meant = keywords.events_with(text, self._facts.events)
        is_plain = not any(map(str.isdigit, text))
        if not meant or (is_plain and self._takes_words()) or self._is_option(text):
            return False
        given = {"event": meant[0].slug} if len(meant) == 1 else {}
        self._runner.start(self._flows.for_keywords, given)
        return True

    def _wished(self, text: str) -> bool:
        """Begin what a word without a sign names, unless it may be an answer."""
        flow = self._flows.for_word(folded(text), self._facts.role)
        if flow is None or flow.role is not None or self._takes_words() or self._is_option(text):
            return False
        self._runner.start(flow, {})
        return True

    def _takes_words(self) -> bool:
        question = self._question()
        return question is not None and question.takes_words()

    def _is_option(self, text: str) -> bool:
        frame, question = self._runner.active, self._question()
        if frame is None or question is None:
            return False
        return picked(question, text, frame.shown, numbered=frame.is_numbered) is not None

    def _question(self) -> Question[Any] | None:
        self._runner.leave_what_is_gone()
        frame = self._runner.active
        return None if frame is None else self._runner.open_question(frame)

    def _answered(self, content: Content) -> None:
        self._runner.leave_what_is_gone()
        frame = self._runner.active
        if frame is None:
            self._unasked(content)
        elif self._runner.is_passing(frame):
            self._passed(frame, content)
        elif self._runner.situation.away > AWAY and isinstance(content, Typed):
            self._came_back(frame, content.text)
        elif isinstance(content, Typed) and _is_too_early(frame, self._runner.situation.now):
            self._runner.show_again(
                _("You wrote that before you could read this question. Please read it first:")
            )
        elif isinstance(content, Typed) and self._is_courtesy(frame, content.text):
            frame.doubted = content.text  # whoever says it again, means it as the answer
            self._runner.show_again(courtesies.returned(content.text))
        else:
            pending = frame.pending or ""
            self._runner.run(frame, Answer(pending, content, frame.shown))

    def _is_courtesy(self, frame: Frame, text: str) -> bool:
        is_said_again = folded(text) == folded(frame.doubted or "")
        return courtesies.is_courtesy(text) and not is_said_again and not self._is_option(text)

    def _came_back(self, frame: Frame, words: str) -> None:
        """Keep what somebody wrote who comes back, until they say whether they go on."""
        back, question = self._flows.back, self._question()
        if back is None or question is None or not self._runner.is_kept(frame):
            self._runner.show_again(_("Good to see you again. This is where we were:"))
            return
        event = frame.answers.get("event")
        given = {"flow": frame.flow, "event": event if isinstance(event, str) else ""}
        asked = render(question.again() or question.prompt, self._runner.language)
        kept = "" if question.is_binding() else words  # its words have to be read first
        self._runner.start(back, given | {"words": kept, "asked": str(asked.striptags())})

    def _passed(self, frame: Frame, content: Content) -> None:
        if isinstance(content, Typed):
            self._runner.run(frame, Answer(frame.pending or "", content, frame.shown))
        else:
            self._runner.leave()
            self._unasked(content)

    def _unasked(self, content: Content) -> None:
        if isinstance(content, Typed) and self._is_said_twice(content.text):
            return
        if isinstance(content, Typed) and content.text and not has_letter(content.text):
            self._runner.say(_("I have not asked anything just now."))
            self._commanded("start", "")
        elif isinstance(content, Typed) and content.text:
            self._runner.start(self._flows.lost, {"text": content.text})
        elif isinstance(content, Picture):
            self._runner.say(_("A picture can go with an idea. To hand one in, say /idea."))
        elif isinstance(content, SharedContact):
            self._runner.say(_("Thank you, but I do not need your number now. /help says more."))
        else:
            self._runner.say(_("I can only read text and pictures. /help says what I can do."))

    def _is_said_twice(self, text: str) -> bool:
        """Tell whether somebody has repeated the final yes of what has just come to its end."""
        runs = self._runner.state.finished
        return folded(text) in meant_by(YES) and any(
            self._runner.has_finished(run, TWICE) for run in runs
        )

    def _tapped(self, tap: Tapped) -> None:
        run, _colon, rest = tap.button.partition(":")
        key, _colon, option = rest.partition(":")
        self._runner.leave_what_is_gone()
        frame = self._runner.frame(run)
        if self._runner.has_finished(run, TWICE):
            return  # somebody has tapped more than once; the answer stands there, or is on its way
        if frame is None or not option:
            self._stale()
            return
        if option.startswith(PAGE) and key == frame.pending:
            self._turned(frame, option.removeprefix(PAGE), tap.message)
            return
        self._runner.raise_to_top(frame)
        if key == frame.pending:
            self._runner.run(frame, Answer(key, Chosen(option), frame.shown))
        elif option.startswith(CHANGE) and option.removeprefix(CHANGE) in frame.answers:
            self._runner.reopen(frame, option.removeprefix(CHANGE))
        else:
            self._tapped_again(frame, key, option)

    def _turned(self, frame: Frame, page: str, message: str | None) -> None:
        """Show another page of the answers to the open question, where the page before stands."""
        if page.isdecimal() and len(page) < DIGITS_OF_A_PAGE and frame is self._runner.active:
            self._runner.show_again()
            again = replace(self._runner.replies[-1], page=int(page), replaces=message)
            self._runner.replies[-1] = again
        else:
            self._stale()

    def _tapped_again(self, frame: Frame, key: str, option: str) -> None:
        asked = self._runner.replay(frame).asked.get(key)
        if asked is None:
            self._stale()
            return
        question, held = asked
        value = question.choose(option)
        if isinstance(value, Refusal):
            self._stale()
        elif value == held:
            already = _("I have noted that already: {answer}").format(answer=question.shown(held))
            self._runner.show_again(already)
        else:
            self._runner.reopen(frame, key, _("You would like to change an earlier answer:"))
            self._mark_stale()

    def _stale(self) -> None:
        old = _("That button belongs to an earlier conversation and no longer does anything.")
        if self._runner.active is not None:
            self._runner.show_again(old)
        else:
            self._runner.say(paragraphs(old, _("/help says what I can do.")))
        self._mark_stale()

    def _mark_stale(self) -> None:
        self._runner.replies[-1] = replace(self._runner.replies[-1], is_stale=True)


def _is_address(text: str) -> bool:
    """Tell whether somebody says, unasked, how to reach them."""
    if "@" in text:
        return len(text.split()) == 1
    digits = sum(map(str.isdigit, text))
    return not has_letter(text) and SHORTEST_NUMBER <= digits <= LONGEST_NUMBER


SHORTEST_NUMBER, LONGEST_NUMBER = 7, 15
"""Digits of a telephone number with its area code (E.164)."""


def _is_too_early(frame: Frame, received_at: datetime) -> bool:
    """Tell whether words came before the question was asked that they would answer."""
    return frame.asked_at is not None and received_at.timestamp() < frame.asked_at


def _argument(flow: Flow, text: str) -> Answer | None:
    if flow.argument is None or not text:
        return None
    return Answer(flow.argument, Typed(text))


def begin(runner: Runner, then: Begin | None) -> None:
    """Go on after a command was carried out: with the next flow, or with one that was paused."""
    flow = runner.situation.flows.named(then.flow) if then is not None else None
    waits = flow is not None and flow.passing and runner.state.frames
    if flow is not None and then is not None and not waits:
        runner.start(flow, dict(then.given))
    else:
        runner.resume()
