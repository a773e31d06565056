"""Keyboards: what Telegram accepts, and in which form it keeps them (ReplyMarkup.cpp of tdlib)."""

from __future__ import annotations

from typing import Any

from tests.telegram.chats import Keyboard
from tests.telegram.links import link_or_reason
from tests.telegram.refusals import Json, bad_request

MOST_BUTTONS, LONGEST_DATA = 100, 64
_IN_PRIVATE = ("request_contact", "request_location", "request_poll", "request_users")


def inline(markup: Json | None) -> Json | None:
    """Give an inline keyboard as it will be shown, nothing if it is empty, or refuse."""
    if not markup:
        return None
    rows = [[_button(each) for each in row if each.get("text")] for row in _rows(markup)]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def expect_inline(markup: Json | None) -> Json | None:
    """Give the keyboard for an edit, which can only be an inline one."""
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return inline(markup)


def _rows(markup: Json) -> list[list[Json]]:
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    if not all(isinstance(button, dict) for row in rows for button in row):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    return rows


def _button(button: Json) -> Json:
    kept: Json = {"text": button["text"]}
    style = {name: button[name] for name in ("icon_custom_emoji_id", "style") if name in button}
    if button.get("url"):
        url, reason = link_or_reason(button["url"])
        if not url:
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: {reason}")
        return kept | style | {"url": url}
    if data := button.get("callback_data"):
        if len(str(data).encode()) > LONGEST_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        return kept | style | {"callback_data": data}
    others: Json = {
        name: value for name, value in button.items() if name not in {"url", "callback_data"}
    }
    if len(others) < 2:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return others


def reply_keyboard(markup: Json, message_id: int, *, private: bool) -> Keyboard | None:
    """Give the keyboard that will lie under the input field, or refuse."""
    rows: list[list[Json]] = []
    for row in markup.get("keyboard", []):
        if not isinstance(row, list):
            raise bad_request('field "keyboard" must be an Array of Arrays')
        buttons = [_key(each, private=private) for each in row]
        rows.append([each for each in buttons if each["text"]])
    rows = [row for row in rows if row]
    if not rows:
        return None
    return Keyboard(message_id, rows, bool(markup.get("one_time_keyboard")))


def _key(key: Any, *, private: bool) -> Json:  # noqa: ANN401 - whatever the bot has sent
    if isinstance(key, str):
        return {"text": key}
    if not isinstance(key, dict) or not isinstance(key.get("text"), str):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    if not private and any(key.get(name) for name in _IN_PRIVATE):
        raise bad_request("phone number can be requested in private chats only")
    return key
