"""A square full of citizens with phones: who is done makes room for somebody else."""

from __future__ import annotations

from random import Random

from tests.faults.telegram.players import Manners, Player
from tests.telegram import Telegram


class Square:
    """Several citizens at a time; who is done makes room for somebody else."""

    def __init__(self, telegram: Telegram, people: int, manners: Manners) -> None:
        self.telegram = telegram
        self.manners = manners
        self.everybody: list[Player] = []
        self._people = people
        self._chance = Random(people)  # noqa: S311 (a seed for a test, no secret)
        self._is_closing = False

    @property
    def said(self) -> int:
        """Count everything that was said."""
        return sum(player.said for player in self.everybody)

    @property
    def repeats(self) -> int:
        """Count the messages that came again."""
        return sum(player.repeats for player in self.everybody)

    def latest_waits(self) -> list[float]:
        """Give how many seconds each answer took since this was last asked."""
        waits = [wait for player in self.everybody for wait in player.waits]
        for player in self.everybody:
            player.waits.clear()
        return waits

    @property
    def taps(self) -> int:
        """Count the taps on buttons."""
        return sum(len(player.phone.queries) for player in self.everybody)

    @property
    def somebody_could_tap(self) -> bool:
        """Tell whether a button says what comes next for somebody."""
        return any(player.could_tap for player in self.everybody)

    @property
    def spinning(self) -> int:
        """Count the taps that nobody has answered."""
        return sum(len(player.phone.spinning) for player in self.everybody)

    def stands_still(self) -> bool:
        """Let everybody only read; tells whether all are answered."""
        for player in self.everybody:
            player.listens()
        return all(player.is_answered for player in self.everybody)

    def plays(self) -> bool:
        """Let everybody read, and say what they have to say; tells whether anybody is not done."""
        present = [player for player in self.everybody if not player.is_done]
        while len(present) < self._people and not self._is_closing:
            phone = self.telegram.person(f"citizen {len(self.everybody)}", "en")
            present.append(Player(phone, self._chance, self.manners))
            self.everybody.append(present[-1])
        for player in present:
            player.listens()
            player.acts()
        return bool(present)

    def comes_to_rest(self) -> None:
        """Read what was sent by a program that has just died, and count its death."""
        for player in self.everybody:
            player.listens()
            player.kills += 1

    def closes(self) -> None:
        """Let nobody come any more."""
        self._is_closing = True
