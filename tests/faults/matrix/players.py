"""Citizens on Matrix, who say their lines and read every answer, whatever happens to the bot."""

from __future__ import annotations

from itertools import pairwise

from tests.faults.matrix.scripts import SAID, Sight, answers, sight
from tests.faults.plays import RECEIPTS, SEATED
from tests.faults.verdicts import NUMBER
from tests.matrix import Citizen, Shown


class Player:
    """One citizen, who goes on when everything said so far is answered.

    What the bot has said has to be the script, word for word: nothing is missing, nothing comes
    twice, and all of it can be read.
    """

    def __init__(self, citizen: Citizen, said: tuple[str, ...] = SAID) -> None:
        self.citizen = citizen
        self.said = 0
        self.may_repeat = False
        """Whether one message may come twice: the device has changed, for which ids count."""
        self._lines = said
        self._script = answers(said)
        self._looked = (0, 0, False)

    @property
    def heard(self) -> list[Shown]:
        """Everything that the bot has said, in order."""
        if not self.said:
            return []
        return [message for message in self.citizen.messages if message.from_bot]

    @property
    def is_answered(self) -> bool:
        """Tell whether everything that was said is answered; what was heard has to be right."""
        version = self.citizen.records.version
        if self._looked[:2] != (version, self.said):
            self._looked = version, self.said, self._looks()
        return self._looked[2]

    def _looks(self) -> bool:
        heard, owed = self.heard, self._owed()
        seen = [sight(each.text) for each in heard if each.is_readable]
        is_readable = len(seen) == len(heard)  # otherwise a key is on its way
        if self.may_repeat:  # one message, right behind itself
            twice = [n for n, (one, other) in enumerate(pairwise(seen)) if one == other]
            for number in twice[:1]:
                del seen[number]
        if is_readable:
            assert seen == owed[: len(seen)], f"this was not asked for:\n{self.citizen}"
        return is_readable and len(seen) == len(owed)

    @property
    def is_done(self) -> bool:
        """Tell whether everything is said and answered."""
        return self.said == len(self._lines) and self.is_answered

    @property
    def arrival_number(self) -> int | None:
        """The number that the receipt shows, as soon as there is one."""
        for message in self.heard:
            if RECEIPTS[SEATED] in message.text:
                return int(NUMBER.findall(message.text)[0])
        return None

    def acts(self) -> bool:
        """Say the next line if everything was answered; tells whether it did."""
        if self.said == len(self._lines) or not self.is_answered:
            return False
        if self.said == 0:
            self.citizen.starts(waits=False)
        else:
            self.citizen.types(self._lines[self.said])
        self.said += 1
        return True

    def blurts(self, lines: int) -> None:
        """Say so many lines one after the other, without waiting for answers."""
        for _ in range(lines):
            self.citizen.types(self._lines[self.said])
            self.said += 1

    def _owed(self) -> list[Sight]:
        return [each for row in self._script[: self.said] for each in row]
