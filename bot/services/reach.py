"""Who can be reached: what was held goes out when somebody writes again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.dialogue.messages import Incoming, Left
from bot.store import outbox, people
from bot.store.conversations import Conversation
from bot.store.database import Transaction
from bot.store.outbox import Letter


def note(
    tx: Transaction,
    incoming: Collection[Incoming],
    conversations: Iterable[Conversation],
    now: datetime,
    until: datetime,
) -> list[Letter]:
    """Note who has left and who is back; gives what was held for the latter, leased `until` then.

    Costs nothing as long as everybody could be reached.
    """
    leaving = {(each.channel, each.chat) for each in incoming if isinstance(each.content, Left)}
    for channel, chat in sorted(leaving):
        people.lose(tx, channel, [chat], now)
    back = [
        each
        for each in conversations
        if each.is_unreachable and (each.channel, each.chat) not in leaving
    ]
    if not back:
        return []
    people.find_again(tx, [each.person for each in back])
    return [
        letter for each in back for letter in outbox.resume(tx, each.channel, each.chat, now, until)
    ]
