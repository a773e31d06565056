"""Looking at a chat: what is there, what is new, waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.telegram.bots import Query
from tests.telegram.chats import Chat
from tests.telegram.records import Records
from tests.telegram.refusals import Json
from tests.telegram.screens import Button, Shown, shown

PATIENCE_SECONDS = 10.0
Wanted = str | Callable[[Shown], bool]


class View:
    """A chat as somebody sees it."""

    queries: list[Query]

    def __init__(self, records: Records) -> None:
        self.records = records
        self._read_up_to = 0

    @property
    def chat(self) -> Chat:
        """The chat that is looked at."""
        raise NotImplementedError

    @property
    def messages(self) -> list[Shown]:
        """Everything that is shown now, the oldest first."""
        with self.records.changed:
            return [
                shown(message, self.records.files)
                for message in self.chat.messages.values()
                if message.id > self.chat.hidden_up_to
            ]

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        of_bot = [each for each in self.messages if each.from_bot]
        assert of_bot, f"the bot has said nothing; there is:\n{self}"
        return of_bot[-1]

    @property
    def reply_keyboard(self) -> list[list[Button]] | None:
        """What lies under the input field at the moment."""
        keyboard = self.chat.keyboard
        if keyboard is None:
            return None
        return [[Button.of(key) for key in row] for row in keyboard.rows]

    @property
    def notices(self) -> list[Json]:
        """What was shown on taps: text, and whether it was an alert."""
        return [each.answer for each in self.queries if each.answer and each.answer["text"]]

    @property
    def spinning(self) -> list[Query]:
        """The taps that the bot has not answered."""
        return [each for each in self.queries if each.answer is None]

    @property
    def unread(self) -> list[Shown]:
        """What the bot has newly shown or changed, in this order."""
        fresh = [
            each for each in self.messages if each.from_bot and each.revision > self._read_up_to
        ]
        return sorted(fresh, key=lambda each: each.revision)

    def reads(self) -> list[Shown]:
        """Give what is unread, and mark it as read."""
        fresh = self.unread
        if fresh:
            self._read_up_to = fresh[-1].revision
        return fresh

    def waits_for(self, wanted: Wanted, seconds: float = PATIENCE_SECONDS) -> Shown:
        """Wait for an unread message with these words (or for which this is true), and read it."""
        deadline = time.monotonic() + seconds
        with self.records.changed:
            while True:
                for each in self.unread:
                    if _fits(each, wanted):
                        self._read_up_to = each.revision
                        return each
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{wanted!r} did not appear; there is:\n{self}")
                self.records.changed.wait(min(left, 1.0))

    def hears_nothing(self, seconds: float = 0.3) -> None:
        """Make sure that nothing new is shown for so long."""
        time.sleep(seconds)
        fresh = self.unread
        assert not fresh, f"there was something new: {fresh[0]}"

    def __str__(self) -> str:
        lines = [
            ("  * " if each.from_bot and each.revision > self._read_up_to else "    ") + str(each)
            for each in self.messages
        ]
        return "\n".join(lines) + "\n(* is unread)"


def _fits(message: Shown, wanted: Wanted) -> bool:
    return wanted in message.words if isinstance(wanted, str) else wanted(message)
