"""Where a conversation stands: a small bag of answers that the database keeps between messages."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import Any

from bot.dialogue.cuts import Cut
from bot.dialogue.questions import Stored


@dataclass(slots=True)
class Frame:
    """One run of a flow.

    `run` is unique and never used again. `pending` is the question that was shown, `shown` its
    options in the order of their numbers. `before` is the old answer while one is being changed.
    `asked_at` (seconds since 1970) is set for a question that has to be read before its answer,
    `cut` behind a message of which more may follow. `doubted` are words that were no answer at
    first sight; whoever says them again is believed. `is_numbered` tells that numbers stood beside
    the options.
    """

    flow: str
    run: str
    answers: dict[str, Stored] = field(default_factory=dict)
    pending: str | None = None
    shown: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    before: tuple[str, Stored] | None = None
    asked_at: float | None = None
    cut: Cut | None = None
    doubted: str | None = None
    is_numbered: bool = True

    def dump(self) -> Stored:
        """Turn into what JSON can hold, without what is empty."""
        stored: dict[str, Any] = {"flow": self.flow, "run": self.run, "answers": self.answers}
        if self.pending is not None:
            stored["pending"] = self.pending
        if self.shown:
            stored["shown"] = self.shown
        if self.said:
            stored["said"] = self.said
        if self.before is not None:
            stored["before"] = self.before
        if self.asked_at is not None:
            stored["asked_at"] = self.asked_at
        if self.cut is not None:
            stored["cut"] = astuple(self.cut)
        if self.doubted is not None:
            stored["doubted"] = self.doubted
        if not self.is_numbered:
            stored["unnumbered"] = True
        return stored

    @classmethod
    def load(cls, stored: Stored) -> Frame:
        """Take up what `dump` gave."""
        before = stored.get("before")
        return cls(
            flow=stored["flow"],
            run=stored["run"],
            answers=stored["answers"],
            pending=stored.get("pending"),
            shown=tuple(stored.get("shown", ())),
            said=stored.get("said", []),
            before=None if before is None else (before[0], before[1]),
            asked_at=stored.get("asked_at"),
            cut=Cut(*stored["cut"]) if "cut" in stored else None,
            doubted=stored.get("doubted"),
            is_numbered="unnumbered" not in stored,
        )


@dataclass(slots=True)
class State:
    """All that a conversation remembers: the flow that is active last, the paused ones before.

    `finished` are the latest runs that came to their end, and when (seconds since 1970);
    `has_keyboard` tells that a network may show buttons below the input field.
    """

    frames: list[Frame] = field(default_factory=list)
    finished: dict[str, float] = field(default_factory=dict, compare=False)
    has_keyboard: bool = False

    @property
    def active(self) -> Frame | None:
        """Give the run that the next message belongs to."""
        return self.frames[-1] if self.frames else None

    @property
    def open(self) -> list[str]:
        """Name the questions that wait for an answer, as their buttons do."""
        return [f"{frame.run}:{frame.pending}" for frame in self.frames]

    def finish(self, frame: Frame, at: float) -> None:
        """Let a run come to its end."""
        self.frames.remove(frame)
        self.finished[frame.run] = at
        for run in list(self.finished)[:-REMEMBERED]:
            del self.finished[run]

    def clear(self) -> None:
        """Forget everything."""
        self.frames.clear()
        self.finished.clear()

    def dump(self) -> Stored:
        """Turn into what JSON can hold: frames, and before them one that is none."""
        ended: Stored = {"flow": _ENDED, "run": "", "answers": {}, "finished": self.finished}
        if self.has_keyboard:
            ended["keyboard"] = True
        is_worth_it = self.finished or self.has_keyboard
        return [*([ended] if is_worth_it else ()), *(frame.dump() for frame in self.frames)]

    @classmethod
    def load(cls, stored: Stored) -> State:
        """Take up what `dump` gave, or begin anew."""
        frames = [Frame.load(each) for each in stored or () if each["flow"] != _ENDED]
        ended: dict[str, Any] = next((each for each in stored or () if each["flow"] == _ENDED), {})
        return cls(frames, ended.get("finished", {}), "keyboard" in ended)


REMEMBERED = 3
"""So many runs are remembered behind their end: their buttons may be tapped once more."""

_ENDED = ""
