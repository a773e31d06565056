"""What lies on people's phones while a transcript is played: the very messages of Telegram."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from bot.channels.attachments import enclosed
from bot.channels.telegram.calls import Call
from bot.channels.telegram.letters import calls
from bot.channels.telegram.updates import picked
from bot.store.outbox import Letter
from tests.conversations.players import TurnsPlayer
from tests.conversations.stages import ZONE
from tests.town import Town

THINKING = timedelta(seconds=20)
"""What somebody needs to read and answer."""


Row = tuple[tuple[str, str], ...]
"""Buttons side by side: what stands on each, and what it carries."""


@dataclass(frozen=True)
class Bubble:
    """One message on a phone; `html` is of the small subset."""

    mine: bool
    at: datetime
    html: str = ""
    rows: tuple[Row, ...] = ()
    file: str = ""


Screen = tuple[Bubble, ...]


class Phones(TurnsPlayer):
    """Plays without any network, and keeps what each phone shows after each act.

    A number or a beginning of a label that is typed in a transcript is a tap on the phone.
    """

    def __init__(self, town: Town, language: str, files: Path) -> None:
        super().__init__(town, language, files)
        self.screens: defaultdict[str, list[Screen]] = defaultdict(list)
        self._received = 0

    def say(self, who: str, text: str) -> None:
        """Type a message, or tap the button that means the same."""
        self._town.passes(THINKING)
        if meant := self._meant(who, text):
            self._tapped(who, *meant)
        else:
            self._typed(who, text)
        super().say(who, text)
        self._receive()

    def tap(self, who: str, number: int) -> str:
        """Tap a button of the last message that has any; give what stands on it."""
        self._town.passes(THINKING)
        if meant := self._meant(who, str(number)):
            self._tapped(who, *meant)
        label = super().tap(who, number)
        self._receive()
        return label

    @property
    def _now(self) -> datetime:
        return self._town.now.astimezone(ZONE)

    def _screen(self, who: str) -> Screen:
        return self.screens[who][-1] if self.screens[who] else ()

    def _show(self, who: str, *bubbles: Bubble) -> None:
        self.screens[who].append((*self._screen(who), *bubbles))

    def _meant(self, who: str, text: str) -> tuple[str, str] | None:
        """Find the choice that an answer means: its label and its button."""
        letters = [letter for letter in self._town.letters if letter.chat == who]
        payload = letters[-1].payload if letters else {}
        lines = [(label, button) for label, _answer, button in payload.get("summary", ())]
        choices = lines + [(label, button) for label, button in payload.get("choices", ())]
        if text.isdecimal() and 0 < int(text) <= len(choices):
            return choices[int(text) - 1]
        words = text.casefold()
        return next((each for each in choices if each[0].casefold().startswith(words)), None)

    def _typed(self, who: str, text: str) -> None:
        self._show(who, Bubble(mine=True, at=self._now, html=escape(text, quote=False)))

    def _tapped(self, who: str, label: str, button: str) -> None:
        """Write below the last message what was picked, in the place of its buttons.

        A button below the input field writes a message.
        """
        *before, last = self._screen(who)
        found = [shown for row in last.rows for shown, carried in row if carried == button]
        if not found:
            self._typed(who, label)
            return
        words = escape(picked(found[0], last.html), quote=False)
        settled = replace(last, html=f"{last.html}\n\n{words}", rows=())
        self.screens[who].append((*before, settled))

    def _receive(self) -> None:
        for letter in self._town.letters[self._received :]:
            self._show(letter.chat, *map(self._bubble, self._calls(letter)))
        self._received = len(self._town.letters)

    def _calls(self, letter: Letter) -> list[Call]:
        with self._town.database.transaction() as tx:
            return calls(replace(letter, chat="0"), enclosed(tx, letter, self._town.now))

    def _bubble(self, call: Call) -> Bubble:
        text = call.parameters.get("text", "")
        return Bubble(
            mine=False,
            at=self._now,
            html=text if "parse_mode" in call.parameters else escape(text, quote=False),
            rows=_rows(call.parameters.get("reply_markup", {})),
            file=call.file.name if call.file else "",
        )


def _rows(markup: dict[str, Any]) -> tuple[Row, ...]:
    return tuple(
        tuple((button["text"], button.get("callback_data", "")) for button in row)
        for row in markup.get("inline_keyboard", ())
    )
