"""Letters: what people are told who did not ask just now, on its way into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.dialogue.messages import Reply
from bot.dialogue.rendering import written
from bot.domain.people import PersonId
from bot.i18n import Language
from bot.store import conversations
from bot.store.conversations import Conversation, Key
from bot.store.database import Transaction
from bot.store.outbox import Letter


def letter(conversation: Conversation, reply: Reply, default: Language) -> Letter:
    """Write a reply in the language of the conversation."""
    payload = written(reply, conversation.language or default)
    return Letter(0, conversation.channel, conversation.chat, payload, reply.bulk)


def answers(
    conversation: Conversation,
    replies: Sequence[Reply],
    default: Language,
    thread: str | None,
    still_open: Sequence[str],
) -> list[Letter]:
    """Write the answers to what was said just now, in the thread in which it was said.

    The last one names the questions that are open behind it.
    """
    written_to = [letter(conversation, reply, default) for reply in replies]
    inside = {} if thread is None else {"thread": thread}
    shared = [replace(each, payload=each.payload | inside) for each in written_to]
    if shared:
        shared[-1] = replace(shared[-1], payload=shared[-1].payload | {"open": list(still_open)})
    return shared


def addressed(
    tx: Transaction, replies: Iterable[tuple[PersonId, Reply]], default: Language
) -> list[Letter]:
    """Write to the chat in which each person was last heard of; whoever has none is left out."""
    replies = list(replies)
    if not replies:
        return []
    found = conversations.addresses(tx, {person for person, _reply in replies})
    return [_unasked(found[person], reply, default) for person, reply in replies if person in found]


def to_chats(
    tx: Transaction, replies: Iterable[tuple[Key, Reply]], default: Language
) -> list[Letter]:
    """Write to these very chats; whichever is not there any more is left out."""
    replies = list(replies)
    if not replies:
        return []
    found = conversations.in_chats(tx, {chat for chat, _reply in replies})
    return [_unasked(found[chat], reply, default) for chat, reply in replies if chat in found]


def to_forgotten(chat: Key, language: Language, reply: Reply) -> Letter:
    """Write to a chat of which nothing is known any more but the language it was held in."""
    return Letter(0, *chat, written(reply, language) | {"unasked": True})


def _unasked(conversation: Conversation, reply: Reply, default: Language) -> Letter:
    """Write to somebody who is not looking just now: a network may have to draw attention."""
    written_to = letter(conversation, reply, default)
    return replace(written_to, payload=written_to.payload | {"unasked": True})
