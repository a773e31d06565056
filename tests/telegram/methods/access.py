"""Which chats and messages a bot may reach, checked in the order of Client.cpp."""

from __future__ import annotations

from tests.telegram.bots import Bot
from tests.telegram.chats import Chat, Message
from tests.telegram.givens import Given
from tests.telegram.records import Records
from tests.telegram.refusals import Refusal, bad_request, forbidden


def readable_chat(records: Records, bot: Bot, given: Given) -> Chat:
    """Find the chat that is meant, or refuse."""
    named = given.text("chat_id")
    if not named:
        raise bad_request("chat_id is empty")
    try:
        chat_id = int(named)
    except ValueError:
        raise bad_request("chat not found") from None
    if chat_id < 0:
        return _group(records, bot, chat_id)
    chat = records.private.get((bot.id, chat_id))
    if chat is None:
        if any(
            chat_id in group.members for group in records.groups.values() if bot.id in group.bots
        ):
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    return chat


def writable_chat(records: Records, bot: Bot, given: Given) -> Chat:
    """Find a chat that the bot may write to, or refuse."""
    chat = readable_chat(records, bot, given)
    status = chat.bots.get(bot.id, "left")
    if chat.upgraded_to is not None:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.upgraded_to,
        )
    if status in {"left", "kicked"}:
        raise _shut_out(chat, status)
    return chat


def _shut_out(chat: Chat, status: str) -> Refusal:
    match chat.kind, status:
        case "private", _:
            return forbidden("bot was blocked by the user")
        case "supergroup", "left":
            return forbidden("bot is not a member of the supergroup chat")
        case kind, _:
            return forbidden(f"bot was kicked from the {kind} chat")


def _group(records: Records, bot: Bot, chat_id: int) -> Chat:
    chat = records.groups.get(chat_id)
    if chat is None or bot.id not in chat.bots:
        raise bad_request("chat not found")
    if chat.kind == "supergroup" and chat.bots[bot.id] in {"left", "kicked"}:
        raise _shut_out(chat, chat.bots[bot.id])
    return chat


def message_in(chat: Chat, given: Given, called: str) -> Message:
    """Find the message that is meant, or refuse."""
    message = chat.messages.get(given.number("message_id"))
    if message is None:
        raise bad_request(f"{called} not found")
    return message
