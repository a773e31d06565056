"""What people do in a chat, and what bots are told of it."""

from __future__ import annotations

from tests.telegram.accounts import Person
from tests.telegram.bots import Bot, Query
from tests.telegram.chats import Chat, Message
from tests.telegram.records import Records
from tests.telegram.refusals import Json
from tests.telegram.screens import Button, shown

_SERVICE = frozenset(
    {"new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"}
)


def say(
    records: Records,
    chat: Chat,
    person: Person,
    content: Json,
    replies_to: Message | None = None,
) -> Message:
    """Post a message, and tell the bots that may read it."""
    with records.changed:
        message = records.draft(chat, person, content)
        message.replies_to = replies_to
        records.post(message)
        for bot in present(records, chat):
            if may_read(chat, bot, message):
                records.tell_message(bot, message)
        return message


def edit(records: Records, message: Message, content: Json) -> None:
    """Change a message, and tell the bots that may read it."""
    with records.changed:
        message.content, message.edited_at = content, records.now()
        message.revision = records.next_revision()
        for bot in present(records, message.chat):
            if may_read(message.chat, bot, message):
                records.tell_message(bot, message, edited=True)
        records.changed.notify_all()


def tap(records: Records, person: Person, message: Message, data: str) -> Query:
    """Tap an inline button, or pretend that there was one with this data."""
    with records.changed:
        assert isinstance(message.sender, Bot), "only messages of bots have such buttons"
        return records.ask(message.sender, person, message, data)


def react(records: Records, person: Person, message: Message, emojis: tuple[str, ...]) -> None:
    """Put signs below a message in a private chat, and tell the bot."""
    with records.changed:
        update: Json = {
            "chat": message.chat.as_json(),
            "message_id": message.id,
            "user": person.as_json(),
            "date": records.now(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji} for emoji in emojis],
        }
        for bot in present(records, message.chat):
            records.tell(bot, "message_reaction", ("chat", message.chat.id), update)


def present(records: Records, chat: Chat) -> list[Bot]:
    """Give the bots that are in a chat."""
    member = {bot_id for bot_id, status in chat.bots.items() if status == "member"}
    return [bot for bot in records.bots.values() if bot.id in member]


def may_read(chat: Chat, bot: Bot, message: Message) -> bool:
    """Tell whether a bot sees a message: in groups, privacy mode hides most of them."""
    if chat.kind == "private":
        return True
    content = message.content
    if _SERVICE & content.keys():
        return True
    if message.replies_to is not None and message.replies_to.sender is bot:
        return True
    entities = content.get("entities", [])
    if not entities or entities[0]["type"] != "bot_command" or entities[0]["offset"]:
        return False
    command: str = content["text"][: entities[0]["length"]]
    _, _, named = command.partition("@")
    return not named or named.lower() == bot.username.lower()


def find_button(records: Records, chat: Chat, label: str | int) -> tuple[Message, Button] | None:
    """Find an inline button by its words or its number, on the newest message that has it."""
    for message in reversed(chat.messages.values()):
        if message.id <= chat.hidden_up_to or message.markup is None:
            continue
        buttons = shown(message, records.files).buttons
        if isinstance(label, int):
            return (message, buttons[label - 1]) if 0 < label <= len(buttons) else None
        for button in buttons:
            if button.text == label:
                return message, button
    return None
