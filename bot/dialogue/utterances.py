"""One utterance is one utterance: what a network carries together, or has cut, is put right here.

Words below a picture are the answer to a question for words; the picture goes where its flow asks
for one. What is not taken is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import quoting, signs, unreadables
from bot.dialogue.cuts import Cut, became, behind
from bot.dialogue.messages import Content, Picture, Typed, Unsupported
from bot.dialogue.questions import LONGEST
from bot.dialogue.quoting import Quoted
from bot.dialogue.running import Runner
from bot.dialogue.state import Frame
from bot.dialogue.talk import Answer
from bot.dialogue.writing import clean
from bot.i18n import Renderable, _, paragraphs

PICTURE_KEY = "picture"
"""The key of every question that asks for a picture."""

Understand = Callable[[Content], None]
"""Takes what is one thing only: words, or a picture, or a tap."""


def take(runner: Runner, content: Content, understand: Understand) -> None:
    """Take what came as one message, part by part."""
    cut = _taken_cut(runner)
    match content:
        case Typed():
            _typed(runner, content, cut, understand)
        case Picture():
            _picture(runner, content, understand)
        case Unsupported("sign"):
            _below(runner, understand)
        case Unsupported(kind, caption) if clean(caption):
            _words(runner, caption, unreadables.beside_words(kind), understand)
        case _:
            understand(content)


def _taken_cut(runner: Runner) -> tuple[Frame, Cut] | None:
    """Take up what was noted of the message before; it counts for the very next one only."""
    found = None
    for frame in runner.state.frames:
        if frame.cut is not None:
            found, frame.cut = (frame, frame.cut), None
    return found


def _typed(
    runner: Runner, typed: Typed, cut: tuple[Frame, Cut] | None, understand: Understand
) -> None:
    if cut is not None and cut[1].goes_on_in(typed):
        _go_on(runner, typed, *cut)
        return
    if typed.replies_to and (quoted := quoting.found(runner, typed)) is not None:
        _correct(runner, clean(typed.text[:LONGEST]), quoted, understand)
        return
    stood = _standing(runner)
    if signs.is_sign(typed.text):
        _sign(runner, typed, understand)
        return
    understand(typed)
    if (landed := _landed(runner, typed)) is not None:
        frame, key = landed
        frame.cut = behind(typed, key)
    elif runner.active is not None and _standing(runner) == stood:
        runner.active.cut = behind(typed, None)


def _correct(runner: Runner, words: str, quoted: Quoted, understand: Understand) -> None:
    """Take a reply for the answer to the question at which it points; commands stay commands."""
    frame, key = quoted.frame, quoted.key
    if words.startswith(("/", "!")) or not words:
        understand(Typed(words))
        return
    before = len(runner.replies)
    runner.correct(frame, key, Answer(key, Typed(words)))
    question, value = runner.replay(frame).asked.get(key, (None, None))
    if question is not None and frame in runner.state.frames:
        note = _("I have changed your earlier answer: {answer}")
        _noted(runner, before, note.format(answer=question.shown(value)))


def _below(runner: Runner, understand: Understand) -> None:
    """Answer a sign below a message while a form is filled in; below a menu it is only nice."""
    runner.leave_what_is_gone()
    if runner.active is not None and runner.is_kept(runner.active):
        understand(Unsupported("sign"))


def _sign(runner: Runner, typed: Typed, understand: Understand) -> None:
    """Say what is needed instead of a thumb where there is something to choose."""
    runner.leave_what_is_gone()
    question = None if runner.active is None else runner.open_question(runner.active)
    before = len(runner.replies)
    understand(typed)
    if question is not None and question.options():
        _noted(runner, before, _("A sign is not clear enough for this: please answer in words."))


def _go_on(runner: Runner, typed: Typed, frame: Frame, cut: Cut) -> None:
    """Put the next piece of a long text behind the one before it, wherever that has led to."""
    frame.cut = behind(typed, cut.key)
    if cut.key is None or cut.key not in frame.answers:
        runner.show_again(_("This belongs to the long message before it, which I could not take."))
        return
    before = len(runner.replies)
    text = cut.joined(frame.answers.pop(cut.key), typed)
    runner.raise_to_top(frame)
    runner.run(frame, Answer(cut.key, Typed(text)))
    if cut.key in frame.answers:
        note = _("I have put the parts of your long message together: {length} characters.")
        _noted(runner, before, note.format(length=len(text)))


def _standing(runner: Runner) -> tuple[str, str | None] | None:
    return None if runner.active is None else (runner.active.run, runner.active.pending)


def _landed(runner: Runner, typed: Typed) -> tuple[Frame, str] | None:
    """Find the answer that a message has become."""
    for frame in reversed(runner.state.frames):
        for key, stored in frame.answers.items():
            if became(typed.text, stored):
                return frame, key
    return None


def _picture(runner: Runner, picture: Picture, understand: Understand) -> None:
    words = clean(picture.caption)
    runner.leave_what_is_gone()
    frame, alone = runner.active, replace(picture, caption="")
    wanted = None if frame is None else _wanted(runner, frame)
    if frame is not None and wanted is not None and frame.pending == wanted:
        note = _(
            "I have your picture, but I have not taken the words below it. You can add them when "
            "you check your answers."
        )
        before = len(runner.replies)
        understand(alone)
        if words:
            _noted(runner, before, note)
    elif words:
        _words(runner, words, None, understand)
        _placed(runner, picture)
    elif frame is not None and wanted is not None:
        frame.answers[wanted] = picture.id
        runner.show_again(_("I have your picture; it goes with what you hand in."))
    elif frame is not None and runner.is_kept(frame):
        understand(alone)
    else:
        note = _("A picture can go with an idea. I have kept yours. To stop here, say /cancel.")
        runner.start_with_picture(picture.id, note)


def _words(runner: Runner, words: str, note: Renderable | None, understand: Understand) -> None:
    before = len(runner.replies)
    understand(Typed(words))
    if note is not None:
        _noted(runner, before, note)


def _placed(runner: Runner, picture: Picture) -> None:
    """Put a picture to the words that came with it, wherever these have led to."""
    frame = runner.active
    key = None if frame is None else _wanted(runner, frame)
    if frame is not None and key is not None:
        frame.answers[key] = picture.id
        _noted(runner, 0, _("I have your picture as well; it goes with your words."))
    else:
        _noted(runner, 0, _("I have read your words, but I cannot use a picture here."))


def _wanted(runner: Runner, frame: Frame) -> str | None:
    if frame.pending == PICTURE_KEY:
        return PICTURE_KEY
    flow = runner.situation.flows.named(frame.flow)
    return None if flow is None else flow.picture


def _noted(runner: Runner, before: int, note: Renderable) -> None:
    """Put a sentence before everything that was said since."""
    if len(runner.replies) > before:
        first = runner.replies[before]
        runner.replies[before] = replace(first, text=paragraphs(note, first.text))
    else:
        runner.say(note)
