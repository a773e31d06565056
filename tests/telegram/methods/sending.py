"""Methods that put a new message into a chat."""

from __future__ import annotations

from tests.telegram.bots import Bot
from tests.telegram.chats import Chat, Message
from tests.telegram.entities import units
from tests.telegram.files import File
from tests.telegram.givens import Given, Upload
from tests.telegram.markups import inline, reply_keyboard
from tests.telegram.methods.access import writable_chat
from tests.telegram.records import Records
from tests.telegram.refusals import Json, Refusal, bad_request
from tests.telegram.texts import TEXT_LIMIT, caption, message_text

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(records: Records, bot: Bot, given: Given) -> Json:
    """Send a text."""
    content = message_text(
        given.text("text"), given.text("parse_mode"), given.rows("entities", "MessageEntity")
    )
    chat = writable_chat(records, bot, given)
    if units(content["text"]) > TEXT_LIMIT:
        raise bad_request("message is too long")
    if options := given.branch("link_preview_options", "link preview options"):
        shown = {name: value for name, value in options.items() if value}
        content |= {"link_preview_options": shown} if shown else {}
    return _send(records, bot, given, chat, content)


def send_location(records: Records, bot: Bot, given: Given) -> Json:
    """Send a place on the map."""
    location = _location(given)
    return _send(records, bot, given, writable_chat(records, bot, given), {"location": location})


def send_venue(records: Records, bot: Bot, given: Given) -> Json:
    """Send a place with its name and address."""
    location = _location(given)
    chat = writable_chat(records, bot, given)
    for name in ("title", "address"):
        if not given.text(name):
            raise bad_request(f'parameter "{name}" is required')
    venue = {
        "location": location,
        "title": given.text("title"),
        "address": given.text("address"),
    }
    return _send(records, bot, given, chat, {"venue": venue, "location": location})


def send_document(records: Records, bot: Bot, given: Given) -> Json:
    """Send a file."""
    file = _file(records, given, "document", "documents")
    text = _caption(given)
    chat = writable_chat(records, bot, given)
    document = {"file_name": file.name, "mime_type": file.media_type} | file.as_json()
    return _send(records, bot, given, chat, {"document": document} | text)


def send_photo(records: Records, bot: Bot, given: Given) -> Json:
    """Send a photo."""
    file = _file(records, given, "photo", "photos")
    text = _caption(given)
    chat = writable_chat(records, bot, given)
    sizes = records.files.photo(file.content)
    return _send(records, bot, given, chat, {"photo": sizes} | text)


def send_chat_action(records: Records, bot: Bot, given: Given) -> bool:
    """Show that the bot is busy."""
    action = given.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    writable_chat(records, bot, given).actions.append(action)
    records.changed.notify_all()
    return True


def _location(given: Given) -> Json:
    degrees: Json = {}
    for name, most in (("latitude", 90), ("longitude", 180)):
        if not given.text(name):
            raise bad_request(f"{name} is empty")
        degrees[name] = float(given.text(name))
        if abs(degrees[name]) > most:
            raise bad_request("wrong latitude or longitude specified")
    return degrees


def _caption(given: Given) -> Json:
    return caption(
        given.text("caption"),
        given.text("parse_mode"),
        given.rows("caption_entities", "MessageEntity"),
    )


def _file(records: Records, given: Given, kind: str, folder: str) -> File:
    upload = given.upload(kind)
    if isinstance(upload, Upload):
        if not upload.content:
            raise bad_request("file must be non-empty")
        return records.files.add(folder, upload.content, upload.name, upload.media_type)
    if not upload:
        raise bad_request(f"there is no {kind} in the request")
    if upload.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    try:
        return records.files.by_id(upload)
    except Refusal:
        raise bad_request("wrong file identifier/HTTP URL specified") from None


def _send(records: Records, bot: Bot, given: Given, chat: Chat, content: Json) -> Json:
    message = records.draft(chat, bot, content)
    message.replies_to = _replied(chat, given)
    markup = given.branch("reply_markup", "reply markup") or {}
    keyboard = None
    if "inline_keyboard" in markup:
        message.markup = inline(markup)
    elif "keyboard" in markup:
        keyboard = reply_keyboard(markup, chat.last_id + 1, private=chat.kind == "private")
    message.has_keyboard = keyboard is not None or bool(
        markup.get("remove_keyboard") or markup.get("force_reply")
    )
    if message.has_keyboard and "force_reply" not in markup:
        chat.keyboard = keyboard
    return records.post(message).as_json()


def _replied(chat: Chat, given: Given) -> Message | None:
    parameters = given.branch("reply_parameters", "reply parameters") or {}
    replied_id = parameters.get("message_id") or given.number("reply_to_message_id")
    if not replied_id:
        return None
    lenient = parameters.get("allow_sending_without_reply")
    replied = chat.messages.get(int(replied_id))
    if replied is None and not lenient and not given.truth("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return replied
