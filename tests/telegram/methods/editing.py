"""Methods that change, remove or answer what is there."""

from __future__ import annotations

import time

from tests.telegram.bots import Bot
from tests.telegram.chats import Message
from tests.telegram.entities import units
from tests.telegram.givens import Given
from tests.telegram.markups import expect_inline
from tests.telegram.methods.access import message_in, readable_chat, writable_chat
from tests.telegram.records import Records
from tests.telegram.refusals import Json, bad_request
from tests.telegram.texts import TEXT_LIMIT, message_text

LONGEST_ANSWER = 200
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(records: Records, bot: Bot, given: Given) -> Json:
    """Change the text of a message, and its inline keyboard."""
    content = message_text(
        given.text("text"), given.text("parse_mode"), given.rows("entities", "MessageEntity")
    )
    message = _editable(records, bot, given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    markup = expect_inline(given.branch("reply_markup", "reply markup"))
    if units(content["text"]) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    return _edit(records, message, content, markup)


def edit_message_reply_markup(records: Records, bot: Bot, given: Given) -> Json:
    """Change only the inline keyboard of a message."""
    message = _editable(records, bot, given)
    markup = expect_inline(given.branch("reply_markup", "reply markup"))
    return _edit(records, message, message.content, markup)


def delete_message(records: Records, bot: Bot, given: Given) -> bool:
    """Remove a message from the chat."""
    if not given.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not given.number("message_id"):
        raise bad_request("message identifier is not specified")
    chat = writable_chat(records, bot, given)
    message = message_in(chat, given, "message to delete")
    if message.sender is not bot and chat.kind != "private":
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    if chat.keyboard is not None and chat.keyboard.message_id == message.id:
        chat.keyboard = None
    records.changed.notify_all()
    return True


def answer_callback_query(records: Records, bot: Bot, given: Given) -> bool:
    """Stop the button from spinning, and show a few words."""
    query = bot.queries.get(given.text("callback_query_id"))
    if query is None or time.monotonic() - query.asked_at > records.query_seconds:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(given.text("text")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": given.text("text"), "show_alert": given.truth("show_alert")}
    records.changed.notify_all()
    return True


def get_chat(records: Records, bot: Bot, given: Given) -> Json:
    """Describe a chat."""
    chat = readable_chat(records, bot, given)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat.as_json(),
        "accepted_gift_types": dict.fromkeys(gifts, False),
        "max_reaction_count": 11,
        "accent_color_id": chat.id % 7,
    }


def leave_chat(records: Records, bot: Bot, given: Given) -> bool:
    """Leave a group."""
    chat = writable_chat(records, bot, given)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.bots[bot.id] = "left"
    records.changed.notify_all()
    return True


def _editable(records: Records, bot: Bot, given: Given) -> Message:
    if not given.text("chat_id") and not given.number("message_id"):
        raise bad_request("message identifier is not specified")
    message = message_in(writable_chat(records, bot, given), given, "message to edit")
    if message.sender is not bot or message.has_keyboard:
        raise bad_request("message can't be edited")
    return message


def _told(content: Json) -> Json:
    return {name: value for name, value in content.items() if name != "link_preview_options"}


def _edit(records: Records, message: Message, content: Json, markup: Json | None) -> Json:
    if (_told(content), markup) == (_told(message.content), message.markup):
        raise bad_request(_NOT_MODIFIED)
    is_news = markup is not None or _told(content) != _told(message.content)
    message.content, message.markup = content, markup
    message.edited_at = records.now()
    if is_news:  # nobody looks at a message again because its buttons are gone
        message.revision = records.next_revision()
    records.changed.notify_all()
    return message.as_json()
