"""What the messages in a chat ask, and which of them have buttons, so that these go in the end.

As far as this program knows: what an earlier one has sent keeps its buttons until they are tapped.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from bot.channels.telegram.calls import Call
from bot.dialogue.messages import PAGE

CHATS = 10_000
MOST_IN_A_CHAT = 20
QUESTIONS = 50_000


class Buttons:
    """Remembers messages by chat, with the question that the buttons of each one answer."""

    def __init__(self) -> None:
        self._chats: OrderedDict[int, dict[int, str]] = OrderedDict()
        self._latest: OrderedDict[int, int] = OrderedDict()
        self._questions: OrderedDict[tuple[int, int], str] = OrderedDict()

    def sent(self, call: Call, result: object) -> None:
        """Take note of a message that Telegram has taken, if it has buttons."""
        question = _question(call.parameters.get("reply_markup"))
        if not isinstance(result, Mapping) or "message_id" not in result:
            return
        self._latest[call.parameters["chat_id"]] = result["message_id"]
        if len(self._latest) > CHATS:
            self._latest.popitem(last=False)
        if question is None:
            return
        messages = self._chats.setdefault(call.parameters["chat_id"], {})
        self._chats.move_to_end(call.parameters["chat_id"])
        messages[result["message_id"]] = question
        if len(messages) > MOST_IN_A_CHAT:
            del messages[next(iter(messages))]
        if len(self._chats) > CHATS:
            self._chats.popitem(last=False)

    def asked(self, chat: int, question: str) -> None:
        """Take note of the question that the latest message in a chat asked."""
        if (message := self._latest.get(chat)) is not None:
            self._questions[chat, message] = question
        if len(self._questions) > QUESTIONS:
            self._questions.popitem(last=False)

    def about(self, chat: int, message: int) -> str:
        """Name the question that a message asked; empty if that is not known."""
        return self._questions.get((chat, message), "")

    def tapped(self, chat: int, message: int, data: str) -> None:
        """Leave a message to whoever shows what was tapped; another page keeps its buttons."""
        if f":{PAGE}" not in data:
            self._chats.get(chat, {}).pop(message, None)

    def asks(self, chat: int, message: int) -> bool:
        """Tell whether a message still waits for a choice."""
        return message in self._chats.get(chat, {})

    def answered(self, chat: int, still_open: Collection[str]) -> list[Call]:
        """Take the buttons of every question away that is open no more."""
        messages = self._chats.get(chat, {})
        gone = [each for each, question in messages.items() if question not in still_open]
        for message in gone:
            del messages[message]
        where = [{"chat_id": chat, "message_id": message} for message in gone]
        return [Call("editMessageReplyMarkup", each) for each in where]


def _question(markup: Any) -> str | None:  # noqa: ANN401 (JSON)
    """Name the question that buttons answer, as they carry it: its run, and its key."""
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            if "callback_data" in button:
                run, key, _option = button["callback_data"].split(":", 2)
                return f"{run}:{key}"
    return None
