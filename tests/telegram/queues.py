"""The updates that wait for a bot, until it has acknowledged them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import orjson

from tests.telegram.refusals import Json

LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""What is sent only to those who ask for it by name."""
UPDATE_TYPES = LEFT_OUT | {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
}
FAR_AHEAD = 10
"""An offset so far behind the last update is not believed (TQueue.cpp of tdlib)."""


@dataclass(frozen=True)
class Update:
    """One update, as it is sent; `line` are those that a webhook gets one after the other."""

    id: int
    kind: str
    line: tuple[str, int]
    body: bytes

    def as_json(self) -> Json:
        """Give it as the bot reads it."""
        read: Json = orjson.loads(self.body)
        return read


class Queue:
    """Updates in ascending order."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.waiting: OrderedDict[int, Update] = OrderedDict()

    def allows(self, kind: str) -> bool:
        """Tell whether the bot has asked for this kind."""
        return kind not in LEFT_OUT if self.allowed is None else kind in self.allowed

    def ask_for(self, kinds: object) -> None:
        """Remember what the bot wants: an empty list is the default, nothing changes nothing."""
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            return
        known = UPDATE_TYPES & {kind.lower() for kind in kinds}
        self.allowed = known or None

    def push(self, kind: str, line: tuple[str, int], content: Json) -> Update | None:
        """Add an update, if the bot wants its kind."""
        if not self.allows(kind):
            return None
        body = orjson.dumps({"update_id": self.next_id, kind: content})
        update = Update(self.next_id, kind, line, body)
        self.waiting[update.id] = update
        self.next_id += 1
        return update

    def read(self, offset: int, limit: int) -> list[Update]:
        """Forget what is before `offset` (if negative: all but so many), and give the rest."""
        if offset < 0:
            surplus = len(self.waiting) + offset
            self.forget(list(self.waiting)[: max(0, surplus)])
        elif 0 < offset <= self.next_id + FAR_AHEAD:
            while self.waiting and next(iter(self.waiting)) < offset:
                self.waiting.popitem(last=False)
        return list(islice(self.waiting.values(), limit))

    def forget(self, ids: Iterable[int]) -> None:
        """Drop what has been acknowledged."""
        for each in ids:
            self.waiting.pop(each, None)
