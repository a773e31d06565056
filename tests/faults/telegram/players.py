"""Citizens with phones, who say their lines and read every answer, whatever happens to the bot."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from tests.faults.plays import LINES, RECEIPTS, SEATED
from tests.faults.telegram.scripts import SAID, answers, is_binding, sight
from tests.faults.verdicts import NUMBER
from tests.telegram import Phone, Shown
from tests.telegram.screens import shown

BURST = 3
FLEETING = "✓"
"""A message that takes buttons away from below the input field, and is deleted at once."""


@dataclass
class Manners:
    """How citizens behave: bursts of several lines, how often they tap instead of typing.

    Who is `forgiving` may read a message again although the bot was not killed.
    """

    bursts: bool = False
    taps: float = 0.5
    forgiving: bool = False


class Player:
    """One citizen, who goes on when everything said so far is answered.

    Each message has to be the next one of the script. It may come again, but only once for each
    time that the bot was killed since.
    """

    def __init__(self, phone: Phone, chance: Random, manners: Manners) -> None:
        self.phone = phone
        self.said = 0
        self.repeats = 0
        self.kills = 0
        self.arrival_numbers: list[int] = []
        self.waits: list[float] = []
        self._chance, self._manners = chance, manners
        self._spoke_at = 0.0
        self._script = [each for row in answers() for each in row]
        self._owed = 0
        self._read: defaultdict[int, list[int]] = defaultdict(list)
        self._last_id = 0
        self._question: Shown | None = None

    @property
    def is_answered(self) -> bool:
        """Tell whether everything that was said is answered."""
        return len(self._read) == self._owed

    @property
    def is_done(self) -> bool:
        """Tell whether everything is said and answered."""
        return self.said == len(SAID) and self.is_answered

    @property
    def could_tap(self) -> bool:
        """Tell whether a button says what comes next."""
        return self.said < len(SAID) and self._button(SAID[self.said]) is not None

    def count_of(self, step: int) -> int:
        """Count how often this line of the play was said."""
        return sum((number - 1) % len(LINES) == step for number in range(1, self.said))

    def listens(self) -> None:
        """Read what is new."""
        if not self.said:
            return
        for message in self._news():
            if message.text != FLEETING:
                self._reads(message)

    def acts(self) -> bool:
        """Say the next line, or a few, if everything was answered; tells whether it did."""
        if self.said == len(SAID) or not self.is_answered:
            return False
        most = self._chance.randint(1, BURST) if self._manners.bursts else 1
        self._spoke_at = time.monotonic()
        self._says(taps=self._chance.random() < self._manners.taps)
        for _ in range(most - 1):
            if self.said < len(SAID) and not is_binding(self.said):
                self._says(taps=False)
        return True

    def _news(self) -> list[Shown]:
        chat, records = self.phone.chat, self.phone.records
        with records.changed:
            new = []
            for number, message in reversed(chat.messages.items()):
                if number <= self._last_id:
                    break
                if message.sender.is_bot:
                    new.append(shown(message, records.files))
            self._last_id = chat.last_id
        return new[::-1]

    def _reads(self, message: Shown) -> None:
        seen = sight(message.document.name if message.document else message.text)
        position = len(self._read)
        if position < self._owed and seen == self._script[position]:
            self._question = message
        else:
            position = self._again(seen, message)
        self._read[position].append(self.kills)
        if self.is_answered and position == self._owed - 1:
            self.waits.append(time.monotonic() - self._spoke_at)
        if RECEIPTS[SEATED] in message.text:
            self.arrival_numbers.append(int(NUMBER.findall(message.text)[0]))

    def _again(self, seen: tuple[str, str], message: Shown) -> int:
        for position in range(len(self._read) - 1, -1, -1):
            may_be = self._manners.forgiving or self._read[position][-1] < self.kills
            if seen == self._script[position] and may_be:
                self.repeats += 1
                return position
        raise AssertionError(f"nobody has asked for this:\n{message}\n\n{self.phone}")

    def _says(self, *, taps: bool) -> None:
        line, self._owed = SAID[self.said], self._owed + len(answers()[self.said])
        button = self._button(line) if taps else None
        if button is not None and self._question is not None:
            self.phone.taps_data(button, message=self._question.id)
        elif line == "/start":
            self.phone.starts()
        else:
            self.phone.types(line)
        self.said += 1

    def _button(self, line: str) -> str | None:
        """Find the button that says the same as a line."""
        buttons = self._question.buttons if self._question else []
        if line == "1" and buttons:
            return buttons[0].data
        return next((each.data for each in buttons if each.text.lower().startswith(line)), None)
