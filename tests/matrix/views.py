"""Looking at a room: what is there, what is new, waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.matrix.clients import Client
from tests.matrix.records import Room
from tests.matrix.screens import Reaction, Shown

PATIENCE_SECONDS = 20.0
Wanted = str | Callable[[Shown], bool]


class View:
    """A room as somebody sees it."""

    def __init__(self, client: Client) -> None:
        self.client, self.records = client, client.records
        self._read_up_to = 0

    @property
    def room_id(self) -> str:
        """The room that is looked at."""
        raise NotImplementedError

    @property
    def messages(self) -> list[Shown]:
        """Everything that is shown now, the oldest first."""
        with self.records.changed:
            return list(self._room.messages.values())

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        of_bot = [each for each in self.messages if each.from_bot]
        assert of_bot, f"the bot has said nothing; there is:\n{self}"
        return of_bot[-1]

    @property
    def unread(self) -> list[Shown]:
        """What the bot has newly shown or changed, in this order."""
        fresh = [
            each for each in self.messages if each.from_bot and each.revision > self._read_up_to
        ]
        return sorted(fresh, key=lambda each: each.revision)

    @property
    def reactions(self) -> list[Reaction]:
        """The signs that the bot has put below messages."""
        with self.records.changed:
            all_of_them = self._room.reactions.values()
            return [each for each in all_of_them if each.sender == self.records.bot]

    @property
    def receipts(self) -> list[str]:
        """The ids of messages up to which the bot has read."""
        with self.records.changed:
            return [event for user, event in self._room.receipts if user == self.records.bot]

    @property
    def typing(self) -> bool:
        """Whether the bot is typing now."""
        return self.records.bot in self._room.typing

    @property
    def has_typed(self) -> bool:
        """Whether the bot was ever seen typing."""
        return self.records.bot in self._room.typists

    @property
    def bot_is_here(self) -> bool:
        """Whether the bot has joined, and has not left."""
        return self._room.members.get(self.records.bot) == "join"

    def reads(self) -> list[Shown]:
        """Give what is unread, and mark it as read."""
        fresh = self.unread
        if fresh:
            self._read_up_to = fresh[-1].revision
        return fresh

    def waits_for(self, wanted: Wanted, seconds: float = PATIENCE_SECONDS) -> Shown:
        """Wait for an unread message with these words (or for which this is true), and read it."""
        found: list[Shown] = []

        def appears() -> bool:
            found[:] = [each for each in self.unread if _fits(each, wanted)]
            return bool(found)

        self.waits_until(appears, seconds, repr(wanted))
        self._read_up_to = found[0].revision
        return found[0]

    def waits_until(
        self, condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS, what: str = "it"
    ) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while True:
            version = self.records.version
            if condition():
                return
            self.client.works()
            left = deadline - time.monotonic()
            assert left > 0, f"{what} did not appear; there is:\n{self}"
            self.records.waits(version, min(left, 0.5))

    def waits_for_bot(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the bot has joined."""
        self.waits_until(lambda: self.bot_is_here, seconds, "the bot")

    def hears_nothing(self, seconds: float = 0.3) -> None:
        """Make sure that nothing new is shown for so long."""
        time.sleep(seconds)
        fresh = self.unread
        assert not fresh, f"there was something new: {fresh[0]}"

    @property
    def _room(self) -> Room:
        return self.records.rooms[self.room_id]

    def __str__(self) -> str:
        lines = [
            ("  * " if each.from_bot and each.revision > self._read_up_to else "    ") + str(each)
            for each in self.messages
        ]
        return "\n".join(lines) + "\n(* is unread)"


def _fits(message: Shown, wanted: Wanted) -> bool:
    return wanted in message.text if isinstance(wanted, str) else wanted(message)
