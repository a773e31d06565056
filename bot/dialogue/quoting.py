"""Replies: words that point at an earlier question are the answer to that one, not to the open one.

Where the network does not know which question a message asked, that is recognised by its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.dialogue.messages import Typed
from bot.dialogue.questions import Question
from bot.dialogue.running import Runner
from bot.dialogue.state import Frame
from bot.dialogue.writing import folded
from bot.i18n import Renderable, render


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answered question to which somebody comes back."""

    frame: Frame
    key: str


def found(runner: Runner, typed: Typed) -> Quoted | None:
    """Find the answered question to which somebody replies: what asked for it, or what answered.

    None if it is the open question, or if nothing is known of it any more.
    """
    quoted = _plain(typed.replies_to)
    best, length = None, 0
    for frame in runner.state.frames:
        asked = runner.replay(frame).asked
        for key, (question, value) in asked.items():
            if typed.about == f"{frame.run}:{key}":
                return Quoted(frame, key)
            if (fits := _fits(runner, question, value, quoted)) and fits >= length:
                best, length = Quoted(frame, key), fits
    if best is None or typed.about or _is_open(runner, quoted, length):
        return None
    return best


def _fits(runner: Runner, question: Question[Any], value: object, quoted: str) -> int:
    """Tell how much of a message a question, or its answer, is; 0 if it is something else."""
    prompt = _shown(runner, question.prompt)
    if prompt and prompt in quoted:
        return len(prompt)
    answer = folded(_shown(runner, question.shown(value)))
    return len(answer) if answer and answer == folded(quoted) else 0


def _is_open(runner: Runner, quoted: str, length: int) -> bool:
    active = runner.active
    question = None if active is None else runner.open_question(active)
    prompt = "" if question is None else _shown(runner, question.prompt)
    return prompt in quoted and len(prompt) >= length if prompt else False


def _shown(runner: Runner, text: Renderable) -> str:
    return _plain(unescape(str(render(text, runner.language).striptags())))


def _plain(text: str) -> str:
    """Leave out what a network adds or changes: line breaks, and the sign of a command."""
    return " ".join(text.replace("!", "/").split())
